output "dashboard_url" {
  description = "The dashboard in CloudWatch's console."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${var.prefix}"
}
