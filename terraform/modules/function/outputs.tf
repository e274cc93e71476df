output "name" {
  description = "Name of the function. Who takes it from here waits for the function and its permissions."
  value       = aws_lambda_function.this.function_name
  depends_on  = [aws_iam_role_policy.this]
}

output "package_hash" {
  description = "SHA-256 of the zip, in hexadecimal."
  value       = local.hash
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = var.role_arn
  depends_on  = [aws_iam_role.this]
}
