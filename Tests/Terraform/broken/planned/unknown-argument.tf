# Rejected: Unsupported argument.*Did you mean "function_name"
resource "aws_lambda_function" "this" {
  funktion_name = "job"
  role          = "arn:aws:iam::123456789012:role/job"
}
