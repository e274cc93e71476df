# Who spoke to whom, accepted and refused: the record that an investigation asks for first.

locals {
  flow_log_group     = "/aws/vpc/${var.prefix}"
  flow_log_group_arn = "arn:${var.partition}:logs:${var.region}:${var.account}:log-group:${local.flow_log_group}"
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = local.flow_log_group
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
  tags              = local.tags
}

resource "aws_iam_role" "flow" {
  name        = "${var.prefix}-flow-logs-${var.region}"
  description = "Writes the VPC's flow logs"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # Not for flow logs of somebody else's account.
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:ec2:${var.region}:${var.account}:vpc-flow-log/*" }
      }
    }]
  })

  tags = local.tags
}

resource "aws_iam_role_policy" "flow" {
  name = "flow-logs"
  role = aws_iam_role.flow.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WriteFlowLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = ["${local.flow_log_group_arn}:*"]
      },
      {
        # The service looks for its group in the list of all; IAM knows no narrower resource for that.
        Sid      = "FindLogGroup"
        Effect   = "Allow"
        Action   = ["logs:DescribeLogGroups"]
        Resource = ["arn:${var.partition}:logs:${var.region}:${var.account}:log-group:*"]
      },
    ]
  })
}

resource "aws_flow_log" "this" {
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow.arn
  iam_role_arn    = aws_iam_role.flow.arn
  # A tenth of the lines that windows of a minute would make, and of their price.
  max_aggregation_interval = 600
  tags                     = merge(local.tags, { Name = var.prefix })

  depends_on = [aws_iam_role_policy.flow]
}
