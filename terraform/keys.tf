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
          condition = { StringEquals = { "aws:SourceAccount" = local.account, "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn } }
        },
        {
          # Rules name no account to KMS when they publish to a topic: a condition on it would silence them. The topic's policy
          # says whose rules may.
          service   = "events.amazonaws.com"
          actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
          condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn } }
        },
        {
          # Tells of records that a mapping of Kinesis has given up.
          service   = "s3.amazonaws.com"
          actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
          condition = { StringEquals = { "aws:SourceAccount" = local.account, "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn } }
        },
      ]
    }
  }
}
