# Rejected: Unsupported attribute.*"functionname"
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
}

output "name" {
  value = aws_lambda_function.this.functionname
}
