# Alarms on the function itself. What its job counts, such as rows and dead letters, is watched by module watch.

locals {
  repeated = var.retries == 0 ? "not repeated" : "repeated, ${var.retries == 1 ? "once" : "twice"} at most"

  alarms = {
    errors = {
      description = "${var.name} failed. Its log group ${var.log_group} has a line of the level ERROR with error type and cause. A mapping sends its batch again by itself; an event that nobody waits for is ${local.repeated}."
      metric      = "Errors"
      statistic   = "Sum"
      threshold   = 0
    }
    # One refused invocation is repeated by whoever made it. Ten minutes of them mean too little concurrency.
    throttles = {
      description = "${var.name} was wanted more often than its concurrency, or the account's, allows, for ten minutes. See whether an invocation hangs; otherwise raise jobs[\"${var.job}\"].concurrency, or the account's quota of concurrent executions."
      metric      = "Throttles"
      statistic   = "Sum"
      threshold   = 0
      periods     = 3
      datapoints  = 2
    }
    # The 99th percentile: of few invocations the longest, of many not the one that was unlucky.
    duration = {
      description = "${var.name} takes more than ${coalesce(var.duration_alarm_percent, 100)} % of its ${var.timeout} s. Before it is cut off: give it more memory, which is more processor, or a longer timeout (jobs[\"${var.job}\"]), or smaller batches; its trace in X-Ray shows what it waits for."
      metric      = "Duration"
      percentile  = "p99"
      threshold   = var.timeout * 1000 * coalesce(var.duration_alarm_percent, 100) / 100
    }
    # SQS counts as long as messages lie there; without any it stops after some hours.
    failures = {
      description = "${var.failure_queue_name} holds events that ${var.name} could not handle, with the errors. Mend the cause, invoke the function with the requestPayload of each, and delete it; after 14 days it is gone."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = module.failures.name }
      statistic   = "Maximum"
      threshold   = 0
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = toset([for kind in keys(local.alarms) : kind if kind != "duration" || var.duration_alarm_percent != null])

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = local.alarms[each.key].description

  namespace          = try(local.alarms[each.key].namespace, "AWS/Lambda")
  metric_name        = local.alarms[each.key].metric
  dimensions         = try(local.alarms[each.key].dimensions, { FunctionName = aws_lambda_function.this.function_name })
  statistic          = try(local.alarms[each.key].statistic, null)
  extended_statistic = try(local.alarms[each.key].percentile, null)
  # Lambda's metrics are sums and percentiles of five minutes: an alarm is an e-mail, not a pager.
  period              = 300
  evaluation_periods  = try(local.alarms[each.key].periods, 1)
  datapoints_to_alarm = try(local.alarms[each.key].datapoints, null)
  comparison_operator = "GreaterThanThreshold"
  threshold           = local.alarms[each.key].threshold
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags
}
