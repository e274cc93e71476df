# Alarms on the function itself. What its job counts, such as rows and dead letters, is watched by module watch.

locals {
  # Lambda's metrics are sums and percentiles of five minutes: an alarm is an e-mail, not a pager.
  period     = 300
  dimensions = { FunctionName = aws_lambda_function.this.function_name }
  repeated   = var.retries == 0 ? "not repeated" : "repeated, ${var.retries == 1 ? "once" : "twice"} at most"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name        = "${var.name}-errors"
  alarm_description = "${var.name} failed. Its log group ${var.log_group} has a line of the level ERROR with error type and cause. A mapping sends its batch again by itself; an event that nobody waits for is ${local.repeated}."

  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = local.dimensions
  statistic           = "Sum"
  period              = local.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags
}

# One refused invocation is repeated by whoever made it. Ten minutes of them mean too little concurrency.
resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name        = "${var.name}-throttles"
  alarm_description = "${var.name} was wanted more often than its concurrency, or the account's, allows, for ten minutes. See whether an invocation hangs; otherwise raise jobs[\"${var.job}\"].concurrency, or the account's quota of concurrent executions."

  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = local.dimensions
  statistic           = "Sum"
  period              = local.period
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags
}

# The 99th percentile: of few invocations the longest, of many not the one that was unlucky.
resource "aws_cloudwatch_metric_alarm" "duration" {
  count = var.duration_alarm_percent == null ? 0 : 1

  alarm_name        = "${var.name}-duration"
  alarm_description = "${var.name} takes more than ${var.duration_alarm_percent} % of its ${var.timeout} s. Before it is cut off: give it more memory, which is more processor, or a longer timeout (jobs[\"${var.job}\"]), or smaller batches; its trace in X-Ray shows what it waits for."

  namespace           = "AWS/Lambda"
  metric_name         = "Duration"
  dimensions          = local.dimensions
  extended_statistic  = "p99"
  period              = local.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.timeout * 1000 * var.duration_alarm_percent / 100
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags
}

resource "aws_cloudwatch_metric_alarm" "failures" {
  alarm_name        = "${var.name}-failures"
  alarm_description = "${var.failure_queue_name} holds events that ${var.name} could not handle, with the errors. Mend the cause, invoke the function with the requestPayload of each, and delete it; after 14 days it is gone."

  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = module.failures.name }
  statistic           = "Maximum"
  period              = local.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  # SQS counts as long as messages lie there; without any it stops after some hours.
  treat_missing_data = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags
}
