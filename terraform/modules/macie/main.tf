# Amazon Macie looks for personal data in the tables' files, and tells of what lake.json does not declare.
#
# It costs about one dollar for each GB that it reads, once for what is there and then for what each week brings, and
# some cents a bucket and month. That is why it is off unless wanted, and why it reads data files only, and each once.

# Macie is on or off for the whole account in a region.
resource "aws_macie2_account" "this" {
  count = var.existing_account ? 0 : 1

  status                       = "ENABLED"
  finding_publishing_frequency = "FIFTEEN_MINUTES"
}

# The buckets' key is ours, so Macie must be let use it. A grant, and not the key's policy, because a policy cannot name
# the role before Macie has made it.
resource "aws_kms_grant" "this" {
  name              = var.name
  key_id            = var.key_arn
  grantee_principal = "arn:${var.partition}:iam::${var.account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
  operations        = ["Decrypt"]

  depends_on = [aws_macie2_account.this]
}

# A job cannot be changed: another bucket makes a new one, which reads everything once more.
resource "aws_macie2_classification_job" "this" {
  name                = var.name
  description         = "Personal data in the lake's tables"
  job_type            = "SCHEDULED"
  initial_run         = true
  sampling_percentage = var.sampling_percentage
  tags                = local.tags

  # Each run looks at what has come since the run before.
  schedule_frequency {
    weekly_schedule = "MONDAY"
  }

  s3_job_definition {
    bucket_definitions {
      account_id = var.account
      buckets    = var.buckets
    }

    # Data files. What Iceberg's own files tell of values comes from these.
    scoping {
      includes {
        and {
          simple_scope_term {
            key        = "OBJECT_EXTENSION"
            comparator = "EQ"
            values     = ["parquet"]
          }
        }
      }
    }
  }

  depends_on = [aws_macie2_account.this, aws_kms_grant.this]
}

# Findings in tables that declare personal data are no news: they stay in Macie, and nobody is woken. Findings about a bucket
# itself, such as that it became public, name no object.
resource "aws_cloudwatch_event_rule" "this" {
  name        = var.name
  description = "Findings of Macie in the lake's buckets where lake.json declares no personal data"
  event_pattern = jsonencode({
    source      = ["aws.macie"]
    detail-type = ["Macie Finding"]
    detail = {
      resourcesAffected = merge(
        { s3Bucket = { name = var.buckets } },
        length(var.declared_prefixes) == 0 ? {} : {
          s3Object = { key = [{ exists = false }, { anything-but = { prefix = var.declared_prefixes } }] }
        },
      )
    }
  })
  tags = local.tags
}

# EventBridge publishes in its own name: the topic's policy and the topic's key allow it.
resource "aws_cloudwatch_event_target" "this" {
  rule      = aws_cloudwatch_event_rule.this.name
  target_id = "alarms"
  arn       = var.topic_arn

  input_transformer {
    input_paths = {
      bucket   = "$.detail.resourcesAffected.s3Bucket.name"
      object   = "$.detail.resourcesAffected.s3Object.key"
      id       = "$.detail.id"
      region   = "$.detail.region"
      severity = "$.detail.severity.description"
      title    = "$.detail.title"
    }
    # One line of JSON text, as mail shows it.
    input_template = "\"Macie, severity <severity>: <title> In <bucket>: <object> https://<region>.console.aws.amazon.com/macie/home?region=<region>#findings?itemId=<id>\""
  }
}

# Nothing else would say that findings do not arrive: EventBridge tries for a day, and lets go.
resource "aws_cloudwatch_metric_alarm" "undelivered" {
  alarm_name          = "${var.name}-undelivered"
  alarm_description   = "EventBridge could not publish findings of Macie to ${var.topic_arn}. See whether the topic's policy and its key let events.amazonaws.com; the findings are in Macie."
  namespace           = "AWS/Events"
  metric_name         = "FailedInvocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.this.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
  tags                = local.tags
}

locals {
  tags = merge(var.tags, { layer = "operations", classification = "internal" })
}
