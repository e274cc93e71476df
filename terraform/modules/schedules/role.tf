# The role that Scheduler takes: for schedules of this group alone, and to invoke the functions that they name.

resource "aws_iam_role" "this" {
  name        = var.role_name
  description = "Starts the functions that the schedules of ${var.group} name."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account
          # The group: Scheduler knows no narrower one.
          "aws:SourceArn" = "${var.scheduler_arn}:schedule-group/${var.group}"
        }
      }
    }]
  })
  tags = local.tags
}

resource "aws_iam_role_policy" "this" {
  name = "schedules"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      # IAM takes no statement without a resource, and a lake may have no schedule.
      [for functions in [sort(distinct([for schedule in values(var.schedules) : schedule.function_arn]))] : {
        Sid      = "Functions"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = functions
      } if length(functions) > 0],
      [
        {
          Sid      = "FailedRuns"
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = [var.queue_arn]
        },
        {
          Sid      = "FailedRunsKey"
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = ["${var.kms_arn}:key/*"]
          # AWS makes up the key's id: this is the one with the lake's alias.
          Condition = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = [var.key_alias] } }
        },
      ],
    )
  })
}
