# Rejected: Unsupported argument.*"security_groups" is not expected here
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"

  vpc_config {
    security_groups    = []
    security_group_ids = []
    subnet_ids         = []
  }
}
