# The one dashboard: sections of widgets, which dashboard_….tf list, laid out here in rows of three.
#
# What a widget's entry may say, and what holds if it does not:
#   title    with the unit
#   metrics  as CloudWatch's dashboard body has them: [namespace, metric, dimension, value, …, {options}]
#   stat     ("Sum"), period: seconds ("300"), stacked (false), view ("timeSeries")
#   alarm    instead of metrics: key of the alarm whose metric is drawn. For what has an id that AWS makes up: a body with
#            it would not be known before apply, the alarm's ARN is
#   bound    a line across the graph: { value, label }

locals {
  # Without what there is nothing to draw of, such as readers of Kinesis in a lake that has none.
  drawable = [
    for section in concat(local.lake_sections, local.source_sections, local.job_sections) : {
      title   = section.title
      widgets = [for widget in section.widgets : widget if length(try(widget.metrics, ["of an alarm"])) > 0]
    }
  ]
  sections = [for section in local.drawable : section if length(section.widgets) > 0]

  # Grid units, of which 24 are across.
  widget_width  = 8
  widget_height = 6
  header_height = 1
  status_height = 5

  # A widget of alarms takes a hundred.
  status_alarms = chunklist([for name in sort(concat(values(local.alarm_names), local.function_alarm_names, var.other_alarms)) : "${local.alarm_arn}:${name}"], 100)

  # Where each section begins: below the alarms and all sections before it.
  section_heights = [for section in local.sections : local.header_height + local.widget_height * ceil(length(section.widgets) / 3)]
  section_tops = [
    for index in range(length(local.sections)) :
    sum(concat([local.header_height + local.status_height * length(local.status_alarms)], slice(local.section_heights, 0, index)))
  ]

  widgets = concat(
    [{
      type       = "text", x = 0, y = 0, width = 24, height = local.header_height
      properties = { markdown = "## ${var.prefix}: what is wrong now. What each alarm means, and what to do: docs/operations.md" }
    }],
    [
      for index, arns in local.status_alarms : {
        type       = "alarm", x = 0, y = local.header_height + index * local.status_height, width = 24, height = local.status_height
        properties = { title = "Alarms", alarms = arns, sortBy = "stateUpdatedTimestamp" }
      }
    ],
    [
      for index, section in local.sections : {
        type       = "text", x = 0, y = local.section_tops[index], width = 24, height = local.header_height
        properties = { markdown = "## ${section.title}" }
      }
    ],
    flatten([
      for index, section in local.sections : [
        for place, widget in section.widgets : {
          type       = "metric"
          x          = (place % 3) * local.widget_width
          y          = local.section_tops[index] + local.header_height + floor(place / 3) * local.widget_height
          width      = local.widget_width
          height     = local.widget_height
          properties = local.properties[index][place]
        }
      ]
    ]),
  )

  properties = [
    for section in local.sections : [
      for widget in section.widgets : merge(
        {
          title   = widget.title
          region  = var.region
          view    = try(widget.view, "timeSeries")
          stacked = try(widget.stacked, false)
        },
        # `for` and not a condition: the two have different types.
        { for key, value in { metrics = try(widget.metrics, []), stat = try(widget.stat, "Sum"), period = try(widget.period, 300) } : key => value if !can(widget.alarm) },
        { for key, value in { annotations = { alarms = ["${local.alarm_arn}:${try(local.alarm_names[widget.alarm], "")}"] } } : key => value if can(widget.alarm) },
        { for key, value in { annotations = { horizontal = [try(widget.bound, {})] } } : key => value if can(widget.bound) },
      )
    ]
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.prefix
  dashboard_body = jsonencode({ start = "-PT6H", periodOverride = "inherit", widgets = local.widgets })

  # A body of alarms that are not there is taken, but shows holes.
  depends_on = [aws_cloudwatch_metric_alarm.this]
}
