output "dashboard_url" {
  description = "The dashboard in CloudWatch's console."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${var.prefix}"
}

output "alarm_topic_arn" {
  description = "ARN of the topic of alarms, when it and its policy exist."
  value       = aws_sns_topic_policy.alarms.arn
}
