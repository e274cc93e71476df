# The topics that people read. Alarms, records given up, and what Macie found, go to one; anomalies in readings to the other.

resource "aws_sns_topic" "alarms" {
  name              = var.alarm_topic_name
  display_name      = "${var.prefix} alarms"
  kms_master_key_id = var.key_arn
  tags              = local.tags
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = var.alarm_topic_arn
  policy = jsonencode(local.alarm_topic_policy)

  depends_on = [aws_sns_topic.alarms]
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.email == null ? 0 : 1

  topic_arn = var.alarm_topic_arn
  protocol  = "email"
  endpoint  = var.email

  depends_on = [aws_sns_topic.alarms]
}

resource "aws_sns_topic" "alerts" {
  count = var.alert_topic_name == null ? 0 : 1

  name              = var.alert_topic_name
  display_name      = "${var.prefix} alerts"
  kms_master_key_id = var.key_arn
  tags              = local.tags
}

resource "aws_sns_topic_policy" "alerts" {
  count = length(aws_sns_topic.alerts)

  arn    = var.alert_topic_arn
  policy = jsonencode(local.alert_topic_policy)

  depends_on = [aws_sns_topic.alerts]
}

resource "aws_sns_topic_subscription" "alerts" {
  count = var.email == null ? 0 : length(aws_sns_topic.alerts)

  topic_arn = var.alert_topic_arn
  protocol  = "email"
  endpoint  = var.email

  depends_on = [aws_sns_topic.alerts]
}

# Records that a mapping of Kinesis has given up, because they would be too old before long, are whole in the bucket and
# nowhere else. That is no number to be above a bound: each of them is told.
resource "aws_s3_bucket_notification" "given_up" {
  count = length(var.kinesis) > 0 ? 1 : 0

  bucket = var.failures_bucket

  topic {
    id            = "given-up"
    topic_arn     = var.alarm_topic_arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "aws/lambda/"
  }

  # S3 tries the topic when this is made.
  depends_on = [aws_sns_topic_policy.alarms]
}

locals {
  tags = merge(var.tags, { layer = "operations", classification = "internal" })

  alarm_topic_policy = {
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = var.alarm_topic_arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account }
          ArnLike      = { "aws:SourceArn" = "${local.alarm_arn}:${var.prefix}-*" }
        }
      },
      ],
      [
        # Rules of EventBridge, which bring Macie's findings: there only with Macie, because EventBridge publishes nothing under a
        # statement that has a condition, and without one the rules of any account may, who knows the topic's name.
        for service in ["events.amazonaws.com"] : {
          Sid       = "RulesPublish"
          Effect    = "Allow"
          Principal = { Service = service }
          Action    = "sns:Publish"
          Resource  = var.alarm_topic_arn
        } if var.rules_publish
      ],
      [{
        Sid       = "BucketPublishes"
        Effect    = "Allow"
        Principal = { Service = "s3.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = var.alarm_topic_arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account }
          ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:s3:::${var.failures_bucket}" }
        }
        },
        merge(local.tls_only, { Resource = var.alarm_topic_arn }),
    ])
  }

  # That detect-anomalies may publish says its role: within an account that is enough, and nobody else may.
  alert_topic_policy = {
    Version   = "2012-10-17"
    Statement = [merge(local.tls_only, { Resource = var.alert_topic_arn })]
  }

  tls_only = {
    Sid       = "TLSOnly"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["sns:Publish", "sns:Subscribe"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}
