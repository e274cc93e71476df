# A key of one's own, so that CloudTrail tells of each use, and nobody reads what it encrypts but who may use it.

resource "aws_kms_key" "this" {
  description             = var.description
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = jsonencode(local.policy)
  tags                    = merge(var.tags, { layer = "operations", classification = var.classification })
}

resource "aws_kms_alias" "this" {
  name          = var.alias
  target_key_id = aws_kms_key.this.key_id
}

locals {
  # The resource * of a key's policy is this key alone.
  policy = {
    Version = "2012-10-17"
    Statement = concat(
      # The account decides by IAM who administers and uses the key; without this nobody could ever change it again.
      [{
        Sid       = "AccountDecides"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      # IAM does not reach services that come in their own name.
      [for service in var.services : {
        Effect    = "Allow"
        Principal = { Service = service.service }
        Action    = service.actions
        Resource  = "*"
        Condition = service.condition
      }],
    )
  }
}
