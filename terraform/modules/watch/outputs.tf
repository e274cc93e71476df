output "dashboard_url" {
  description = "The dashboard in CloudWatch's console."
  value       = "https://${var.region}.${local.console}/cloudwatch/home?region=${var.region}#dashboards/dashboard/${var.prefix}"
}

locals {
  console = lookup({
    aws-cn     = "console.amazonaws.cn"
    aws-us-gov = "console.amazonaws-us-gov.com"
  }, var.partition, "console.aws.amazon.com")
}
