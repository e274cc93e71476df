# Rejected: Missing required argument.*"role" is required
resource "aws_lambda_function" "this" {
  function_name = "job"
}
