# What each job's role may do: the actions that its code calls, and what Lambda does in its name, on exactly what it touches.
#
# Tests/Terraform/iam derives the calls from the code and the resources from lake.json, and compares. docs/permissions.md is
# what it derived. Who changes a call, or what a job touches, changes both sides.

locals {
  # Without resources a statement falls away: a lake without views needs no permission for views.
  permissions = {
    for job in local.all_jobs : job => [
      for statement in concat(
        local.own_statements[job], local.table_statements[job], local.source_statements[job], local.network_statements[job]
      ) :
      merge(
        { Sid = statement.sid, Effect = try(statement.effect, "Allow"), Action = statement.actions, Resource = statement.resources },
        { for name, condition in { Condition = try(statement.condition, null) } : name => condition if condition != null }
      )
      if length(statement.resources) > 0 && length(statement.actions) > 0
    ]
  }

  # The keys, whose ids AWS makes up: any key of this account and region that has our alias.
  any_key  = "${local.arn.kms}:key/*"
  has_name = { for key, alias in local.key_aliases : key => { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = alias } } }

  # Secrets that a job reads: those made here, and those that further environment variables name.
  job_secrets = {
    for job in local.all_jobs : job => concat(
      [for secret, reader in local.secret_readers : local.secret_arn_pattern[secret] if reader == job && contains(local.secrets_needed, secret)],
      [for name, value in local.environment_changes[job] : value if endswith(name, "_SECRET_ARN")]
    )
  }
  secret_readers = { coinapi = "refresh-assets", alpaca = "poll-quotes", elastic = "kafka-elastic", device-master = "edge-gateway" }

  # What every function needs, and what it calls beside tables and streams.
  own_statements = {
    for job in local.all_jobs : job => [
      {
        sid       = "Log"
        actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        resources = ["${local.arn.logs}:log-group:${local.log_groups[job]}:*"]
      },
      {
        # X-Ray has no resources.
        sid       = "Trace"
        actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        resources = ["*"]
      },
      {
        sid       = "FailedEvents"
        actions   = ["sqs:SendMessage"]
        resources = [local.failure_queue_arns[job]]
      },
      {
        sid       = "Alerts"
        actions   = ["sns:Publish"]
        resources = job == "detect-anomalies" ? [local.alert_topic_arn] : []
      },
      {
        # For the queue of failed events, and the topic of alerts.
        sid       = "QueuesKey"
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [local.any_key]
        condition = local.has_name.operations
      },
      {
        sid       = "Definition"
        actions   = ["s3:GetObject"]
        resources = ["${local.bucket_arns.artefacts}/definitions/*"]
      },
      {
        sid       = "Secrets"
        actions   = ["secretsmanager:GetSecretValue"]
        resources = local.job_secrets[job]
      },
      {
        sid       = "SecretsKey"
        actions   = ["kms:Decrypt"]
        resources = length(local.job_secrets[job]) > 0 ? [local.any_key] : []
        condition = local.has_name.secrets
      },
      {
        # A run that takes longer than an invocation hands on what is left.
        sid       = "GoOn"
        actions   = ["lambda:InvokeFunction"]
        resources = job == "optimize-tables" ? [local.function_arns[job]] : []
      },
    ]
  }
}

# IAM counts what is no white space, of all policies within a role together.
resource "terraform_data" "permissions" {
  lifecycle {
    precondition {
      condition     = alltrue([for job in local.jobs : length(jsonencode(local.permissions[job])) <= 10000])
      error_message = "lake.json: roles name every table that they touch, and IAM takes 10,240 characters a role. Too long: ${join(", ", [for job in local.jobs : job if length(jsonencode(local.permissions[job])) > 10000])}. Split the lake: deploy it twice, with different `lakes`."
    }
  }
}
