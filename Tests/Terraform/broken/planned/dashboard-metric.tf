# Rejected: widget 1: metric 1: is not namespace, name, and dimensions with a value each
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "lake"
  dashboard_body = jsonencode({
    widgets = [{
      type       = "metric"
      properties = { region = "eu-west-1", metrics = [["AWS/Lambda", "Errors", "FunctionName"]] }
    }]
  })
}
