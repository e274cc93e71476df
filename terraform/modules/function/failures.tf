# What becomes of invocations that nobody waits for: those of schedules, and those of the function itself.
#
# optimize-tables invokes itself up to 12 times in a run. Lambda ends such loops at about 16, so that its detection stays on
# (there is no aws_lambda_function_recursion_config), and would end one that is none of ours.

# Every job has one, though only some are invoked so: whoever may invoke a function may do it so, and a queue that is empty
# costs nothing.
resource "aws_sqs_queue" "failures" {
  name = var.failure_queue_name
  # The longest there is: time to come back from holidays, see what failed, and send it again.
  message_retention_seconds         = 1209600
  kms_master_key_id                 = var.key_arn
  kms_data_key_reuse_period_seconds = 3600
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TLSOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = var.failure_queue_arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
  tags = local.tags
}

resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = var.retries
  maximum_event_age_in_seconds = var.maximum_event_age

  destination_config {
    on_failure {
      destination = var.failure_queue_arn
    }
  }

  # Lambda refuses a destination that is not there, or that the role may not send to.
  depends_on = [aws_sqs_queue.failures, aws_iam_role_policy.this]
}
