# What the clock starts. Every entry of `schedules` in lake.json whose job is deployed comes here by itself: a job that
# refines silver and gold tables needs an entry there, and nothing here.

locals {
  tags = merge(var.tags, { layer = "compute", classification = "internal" })

  # Each run knows its name, so that one that comes twice is done once, and the time it was meant for. What lake.json
  # gives comes last.
  inputs = {
    for name, schedule in var.schedules : name => jsonencode(merge(
      { executionId = "<aws.scheduler.execution-id>", scheduledTime = "<aws.scheduler.scheduled-time>" },
      jsondecode(schedule.input),
    ))
  }

  # Seconds from one run to the next; of a cron expression only whether its minutes are one number, and so an hour or more.
  units = { minute = 60, hour = 3600, day = 86400 }
  intervals = {
    for name, schedule in var.schedules : name => try(
      tonumber(regex("^rate\\(([0-9]+) ", schedule.expression)[0]) * local.units[regex("(minute|hour|day)s?\\)$", schedule.expression)[0]],
      can(regex("^cron\\(([*]|[^ ]*[/,-])", schedule.expression)) ? 60 : 3600,
    )
  }
  # How long a run may be late: until the next one is due, which does its work, and six hours at most. Scheduler takes no
  # less than a minute.
  patience = { for name, seconds in local.intervals : name => min(21600, max(60, seconds)) }
}

resource "aws_scheduler_schedule_group" "this" {
  name = var.group
  tags = local.tags
}

resource "aws_scheduler_schedule" "this" {
  for_each = var.schedules
  #checkov:skip=CKV_AWS_297:The payload is options of lake.json and two placeholders, no data and no secret. Scheduler encrypts it with a key of AWS's own; ours would have to be open to Scheduler, and cost a call a run.

  name                         = each.key
  group_name                   = aws_scheduler_schedule_group.this.name
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.time_zone
  state                        = each.value.enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = each.value.function_arn
    role_arn = var.role_arn
    # jsonencode writes < and > as escapes, in which Scheduler would not find its placeholders.
    input = replace(replace(local.inputs[each.key],
      "\\u003caws.scheduler.execution-id\\u003e", "<aws.scheduler.execution-id>"),
    "\\u003caws.scheduler.scheduled-time\\u003e", "<aws.scheduler.scheduled-time>")

    # This is about handing a run to Lambda; what the function does with it, Lambda repeats (module function).
    retry_policy {
      maximum_event_age_in_seconds = local.patience[each.key]
      maximum_retry_attempts       = local.patience[each.key] == 60 ? 1 : 20
    }

    dead_letter_config {
      arn = var.queue_arn
    }
  }

  # Scheduler tries the role when a schedule is made.
  depends_on = [aws_iam_role_policy.this, module.failures]
}

# Runs that Lambda did not take; module watch has the alarm.
module "failures" {
  source = "../queue"

  name    = var.queue_name
  arn     = var.queue_arn
  key_arn = var.key_arn
  tags    = local.tags
}
