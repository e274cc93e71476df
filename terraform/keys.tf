# What the four keys are for, and the services that use them in their own name.

locals {
  key_purposes = {
    data = {
      description = "tables, artefacts and results in S3"
      services    = []
    }
    streams = {
      description = "records in Kinesis and Kafka"
      services    = []
    }
    secrets = {
      description = "secrets of the lake"
      services    = []
    }
    operations = {
      description = "logs, environments of functions, queues and topics"
      services = [
        {
          service   = "logs.${var.region}.amazonaws.com"
          actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"]
          condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "${local.arn.logs}:*" } }
        },
        {
          service   = "cloudwatch.amazonaws.com"
          actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        },
        {
          service   = "events.amazonaws.com"
          actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account } }
        },
      ]
    }
  }
}
