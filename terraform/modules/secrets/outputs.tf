output "arns" {
  description = "ARNs of the secrets by what they are for."
  value       = { for purpose, secret in aws_secretsmanager_secret.this : purpose => secret.arn }
}
