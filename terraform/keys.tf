# What the four keys are for, and the services that use them in their own name.
#
# Only these do. S3, Kinesis, SQS, Secrets Manager, Athena, Scheduler, and Lambda where it writes to a failure destination
# use a key in the name of the role that calls them, and MSK and the environments of functions by grants that AWS makes
# when they are created: all of that IAM decides. Macie has a grant of its own (modules/macie).

locals {
  key_purposes = {
    data = {
      description    = "tables, artefacts and results in S3"
      classification = "personal-data"
      services       = []
    }
    streams = {
      description    = "records in Kinesis and Kafka"
      classification = "personal-data"
      services       = []
    }
    secrets = {
      description    = "secrets of the lake"
      classification = "secret"
      services       = []
    }
    operations = {
      description    = "logs, environments of functions, queues and topics"
      classification = "internal"
      services = concat(
        [
          # Actions as CloudWatch Logs documents them; the context is the log group's ARN, so that the key is for ours alone.
          {
            service   = "logs.${var.region}.amazonaws.com"
            actions   = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
            condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "${local.arn.logs}:log-group:*${local.prefix}*" } }
          },
          # Alarms that are told to the encrypted topic.
          {
            service = "cloudwatch.amazonaws.com"
            actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
            condition = {
              StringEquals = { "aws:SourceAccount" = local.account }
              ArnEquals    = { "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn }
            }
          },
          # The bucket tells of records that a mapping of Kinesis has given up.
          {
            service = "s3.amazonaws.com"
            actions = ["kms:Decrypt", "kms:GenerateDataKey*"]
            condition = {
              StringEquals = { "aws:SourceAccount" = local.account }
              ArnEquals    = { "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn }
            }
          },
        ],
        # Findings of Macie, by EventBridge. SNS supports no aws:SourceAccount or aws:SourceArn in the key's policy here, and
        # delivers nothing where there is one; the topic holds instead, and only its own policy lets EventBridge publish.
        [
          for service in ["events.amazonaws.com"] : {
            service   = service
            actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
            condition = { ArnEquals = { "kms:EncryptionContext:aws:sns:topicArn" = local.alarm_topic_arn } }
          } if local.features.macie
        ],
      )
    }
  }
}
