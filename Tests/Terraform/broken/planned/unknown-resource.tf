# Rejected: Invalid resource type.*"aws_lambda_funktion"
resource "aws_lambda_funktion" "this" {
  function_name = "job"
}
