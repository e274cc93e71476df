# Rejected: No value can be given for "code_sha256"
resource "aws_lambda_function" "this" {
  function_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
  code_sha256   = "chosen"
}
