# What the buckets' policies refuse whatever IAM allows. Names determine everything, so that a plan shows the policies whole.

locals {
  encrypted = { for purpose, name in var.buckets : purpose => name if purpose != "logs" }
  layers    = { for purpose in keys(var.buckets) : purpose => contains(["bronze", "silver", "gold"], purpose) ? purpose : "operations" }
  arns      = { for purpose, name in var.buckets : purpose => "arn:${var.partition}:s3:::${name}" }

  insecure_transport = {
    for purpose, arn in local.arns : purpose => [
      {
        Sid       = "RefusePlainHTTP"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [arn, "${arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "RefuseOldTLS"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [arn, "${arn}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
    ]
  }

  # A request that says nothing gets the bucket's key; one that asks for a weaker encryption, or brings a key that we could
  # not read with, is refused.
  other_encryption = {
    for purpose, name in local.encrypted : purpose => [
      {
        Sid       = "RefuseOtherEncryption"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.arns[purpose]}/*"
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
        }
      },
      {
        Sid       = "RefuseKeysOfCallers"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.arns[purpose]}/*"
        Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }
      },
    ]
  }

  refusals = { for purpose, name in local.encrypted : purpose => concat(local.insecure_transport[purpose], local.other_encryption[purpose]) }
}
