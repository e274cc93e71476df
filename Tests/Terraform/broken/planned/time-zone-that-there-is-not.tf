# Rejected: there is no time zone 'Europe/Atlantis'
resource "aws_scheduler_schedule" "this" {
  name                         = "optimize"
  schedule_expression          = "cron(0 2 ? * SUN *)"
  schedule_expression_timezone = "Europe/Atlantis"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:lambda:eu-west-1:123456789012:function:job"
    role_arn = "arn:aws:iam::123456789012:role/schedules"
  }
}
