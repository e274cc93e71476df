# Rejected: open nowhere.zip: no such file
resource "aws_lambda_function" "this" {
  function_name    = "job"
  role             = "arn:aws:iam::123456789012:role/job"
  filename         = "nowhere.zip"
  source_code_hash = filebase64sha256("nowhere.zip")
}
