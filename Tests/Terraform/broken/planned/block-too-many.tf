# Rejected: Too many tracing_config blocks.*No more than 1
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"

  tracing_config {
    mode = "Active"
  }

  tracing_config {
    mode = "PassThrough"
  }
}
