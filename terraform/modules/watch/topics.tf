# The topics that people read. Alarms, and what Macie found, go to one; anomalies in readings to the other.

resource "aws_sns_topic" "alarms" {
  name              = var.alarm_topic_name
  display_name      = "${var.prefix} alarms"
  kms_master_key_id = var.key_arn
  tags              = local.tags
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = jsonencode(local.alarm_topic_policy)
}

resource "aws_sns_topic_subscription" "alarms" {
  count = var.email == null ? 0 : 1

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.email
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

  arn    = aws_sns_topic.alerts[0].arn
  policy = jsonencode(local.alert_topic_policy)
}

resource "aws_sns_topic_subscription" "alerts" {
  count = var.email == null ? 0 : length(aws_sns_topic.alerts)

  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = var.email
}

locals {
  tags = merge(var.tags, { layer = "operations", classification = "internal" })

  alarm_topic_policy = {
    Version = "2012-10-17"
    Statement = [
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
      {
        # Rules of EventBridge, which bring Macie's findings. The account stands in their ARN.
        Sid       = "RulesPublish"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = var.alarm_topic_arn
        Condition = {
          ArnLike = { "aws:SourceArn" = "arn:${var.partition}:events:${var.region}:${var.account}:rule/${var.prefix}-*" }
        }
      },
      merge(local.tls_only, { Resource = var.alarm_topic_arn }),
    ]
  }

  # Who may publish alerts is said by the role of detect-anomalies: within the account that is enough.
  alert_topic_policy = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountUses"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account}:root" }
        Action    = ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:Publish", "sns:Subscribe"]
        Resource  = var.alert_topic_arn
      },
      merge(local.tls_only, { Resource = var.alert_topic_arn }),
    ]
  }

  tls_only = {
    Sid       = "TLSOnly"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["sns:Publish", "sns:Subscribe"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}
