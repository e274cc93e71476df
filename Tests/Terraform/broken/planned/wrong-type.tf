# Rejected: Inappropriate value for attribute "timeout": a number is required
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
  timeout       = "a minute"
}
