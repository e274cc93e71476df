# What becomes of invocations that nobody waits for: those of schedules, and those of the function itself.
#
# optimize-tables invokes itself up to 12 times in a run. Lambda ends such loops at about 16, so that its detection stays on
# (there is no aws_lambda_function_recursion_config), and would end one that is none of ours.

# Every job has one, though only some are invoked so: whoever may invoke a function may do it so, and a queue that is empty
# costs nothing.
module "failures" {
  source = "../queue"

  name    = var.failure_queue_name
  arn     = var.failure_queue_arn
  key_arn = var.key_arn
  tags    = local.tags
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
  depends_on = [module.failures, aws_iam_role_policy.this]
}
