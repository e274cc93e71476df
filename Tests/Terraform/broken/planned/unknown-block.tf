# Rejected: Unsupported block type.*"vpc_settings"
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"

  vpc_settings {
    subnet_ids = []
  }
}
