# Rejected: No value can be given for "vpc_config.vpc_id"
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"

  vpc_config {
    security_group_ids = []
    subnet_ids         = []
    vpc_id             = "vpc-1"
  }
}
