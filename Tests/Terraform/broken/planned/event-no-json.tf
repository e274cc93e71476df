# Rejected: aws_scheduler_schedule.this.target.input: no JSON
resource "aws_scheduler_schedule" "this" {
  name                = "optimize"
  schedule_expression = "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:lambda:eu-west-1:123456789012:function:job"
    role_arn = "arn:aws:iam::123456789012:role/schedules"
    input    = "tables: all"
  }
}
