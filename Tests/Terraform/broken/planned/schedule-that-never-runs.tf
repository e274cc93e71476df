# Rejected: schedule_expression 'cron\(0 2 \* \* SUN\)' is neither
resource "aws_scheduler_schedule" "this" {
  name                = "optimize"
  schedule_expression = "cron(0 2 * * SUN)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:lambda:eu-west-1:123456789012:function:job"
    role_arn = "arn:aws:iam::123456789012:role/schedules"
  }
}
