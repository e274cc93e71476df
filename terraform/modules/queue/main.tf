# A queue of what nobody took, waiting for a person.

resource "aws_sqs_queue" "this" {
  name = var.name
  # The longest there is: time to come back from holidays, see what failed, and send it again.
  message_retention_seconds         = 1209600
  kms_master_key_id                 = var.key_arn
  kms_data_key_reuse_period_seconds = 3600
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TLSOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = var.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
  tags = var.tags
}
