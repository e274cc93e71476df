# Every alarm, made of the tables of the other alarms_….tf. A key is KIND, or KIND/SUBJECT; docs/operations.md has a
# section for each kind, where the alarm's text sends whoever gets it.
#
# What an alarm's entry may say, and what holds if it does not:
#   text        what has happened and what to do first, for the e-mail
#   metric      name; with namespace ("Swiftlake": our own), dimensions ({}), statistic ("Sum"; "p90" and the like too)
#   expression  instead of metric: metric math over `inputs` (id => metric, and dimensions and statistic as above),
#               or a query of Metrics Insights
#   period      seconds of one data point (300); periods: how many are looked at (1); datapoints: how many of them must
#               be beyond the bound (all)
#   above, at_least, below   the bound
#   missing     what no data means: notBreaching (as most of our metrics come only with work), breaching, missing, ignore

locals {
  alarm_arn = "arn:${var.partition}:cloudwatch:${var.region}:${var.account}:alarm"

  alarms = merge(
    local.stream_alarms,
    local.freshness_alarms,
    local.kinesis_alarms,
    local.reader_alarms,
    local.kafka_alarms,
    local.broker_alarms,
    local.index_alarms,
    local.quotes_alarms,
    local.job_alarms,
    local.alert_alarms,
    local.edge_alarms,
    local.service_alarms,
  )
  alarm_names = { for key in keys(local.alarms) : key => "${var.prefix}-${replace(key, "/", "-")}" }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = local.alarm_names[each.key]
  alarm_description = "${each.value.text} More: docs/operations.md#${split("/", each.key)[0]}"

  namespace          = can(each.value.expression) ? null : try(each.value.namespace, "Swiftlake")
  metric_name        = try(each.value.metric, null)
  dimensions         = can(each.value.expression) ? null : try(each.value.dimensions, {})
  statistic          = can(each.value.expression) || can(regex("^p", each.value.statistic)) ? null : try(each.value.statistic, "Sum")
  extended_statistic = can(regex("^p", each.value.statistic)) ? each.value.statistic : null
  period             = can(each.value.expression) ? null : try(each.value.period, 300)

  evaluation_periods  = try(each.value.periods, 1)
  datapoints_to_alarm = try(each.value.datapoints, each.value.periods, 1)
  comparison_operator = (
    can(each.value.below) ? "LessThanThreshold" :
    can(each.value.at_least) ? "GreaterThanOrEqualToThreshold" : "GreaterThanThreshold"
  )
  threshold          = try(each.value.below, each.value.at_least, each.value.above)
  treat_missing_data = try(each.value.missing, "notBreaching")

  dynamic "metric_query" {
    for_each = can(each.value.expression) ? [each.value] : []
    content {
      id          = "result"
      expression  = metric_query.value.expression
      label       = each.key
      period      = length(try(metric_query.value.inputs, {})) == 0 ? try(metric_query.value.period, 300) : null
      return_data = true
    }
  }
  dynamic "metric_query" {
    for_each = try(each.value.inputs, {})
    content {
      id = metric_query.key
      metric {
        namespace   = try(metric_query.value.namespace, "Swiftlake")
        metric_name = metric_query.value.metric
        dimensions  = try(metric_query.value.dimensions, {})
        period      = try(each.value.period, 300)
        stat        = try(metric_query.value.statistic, "Sum")
      }
    }
  }

  # Whoever was told that something is wrong is told that it is over.
  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
  tags          = local.tags

  # A topic whose policy is not there yet refuses the first message.
  depends_on = [aws_sns_topic_policy.alarms]
}
