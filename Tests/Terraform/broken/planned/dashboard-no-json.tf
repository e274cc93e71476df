# Rejected: aws_cloudwatch_dashboard.this: no JSON
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "lake"
  dashboard_body = "widgets: []"
}
