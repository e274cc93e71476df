output "arn" {
  description = "ARN of the key."
  value       = aws_kms_key.this.arn

  # Policies allow the key by its alias: who uses the ARN before there is one is refused.
  depends_on = [aws_kms_alias.this]
}
