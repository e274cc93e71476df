# Searches of CloudWatch Logs Insights that the runbook sends people to. They cost when they are run, by what they scan.

locals {
  log_groups = sort([for function in values(var.functions) : "/aws/lambda/${function.name}"])
}

resource "aws_cloudwatch_query_definition" "errors" {
  name            = "${var.prefix}/errors"
  log_group_names = local.log_groups
  query_string    = <<-QUERY
    fields @timestamp, @log, level, message, fields.error, requestId
    | filter level in ["ERROR", "FATAL"] or record.status = "timeout"
    | sort @timestamp desc
    | limit 200
  QUERY
}

# Which faults there are, and how many of each: one line a wording.
resource "aws_cloudwatch_query_definition" "faults" {
  name            = "${var.prefix}/faults"
  log_group_names = local.log_groups
  query_string    = <<-QUERY
    filter level in ["WARN", "ERROR", "FATAL"]
    | stats count(*) as times, max(@timestamp) as last by @log, level, message
    | sort times desc
    | limit 100
  QUERY
}

# What one invocation said, by the request's id that an error or the API's access log names.
resource "aws_cloudwatch_query_definition" "request" {
  name            = "${var.prefix}/request"
  log_group_names = local.log_groups
  query_string    = <<-QUERY
    fields @timestamp, @log, level, message, fields.error
    | filter requestId = "REQUEST"
    | sort @timestamp asc
  QUERY
}
