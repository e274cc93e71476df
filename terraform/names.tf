# Every name and every ARN that a name determines. Policies are made of these, so that a plan shows them whole.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  prefix    = "${var.name}-${var.environment}"

  tags = { owner = var.owner, environment = var.environment }

  # What ARNs of a service in this region and account begin with.
  arn = {
    for service in ["athena", "glue", "kafka", "kinesis", "kms", "lambda", "logs", "scheduler", "secretsmanager", "sns", "sqs"] :
    service => "arn:${local.partition}:${service}:${var.region}:${local.account}"
  }

  # Names of buckets are unique in all of AWS.
  buckets = {
    for bucket in ["bronze", "silver", "gold", "artefacts", "logs"] :
    bucket => "${local.prefix}-${bucket}-${local.account}-${var.region}"
  }
  bucket_arns = { for bucket, name in local.buckets : bucket => "arn:${local.partition}:s3:::${name}" }
  warehouses  = { for layer in ["bronze", "silver", "gold"] : layer => "s3://${local.buckets[layer]}/warehouse" }

  # AWS makes up the ids of keys: policies name them by alias.
  key_aliases = { for key in ["data", "streams", "secrets", "operations"] : key => "alias/${local.prefix}-${key}" }

  # Secrets Manager adds a hyphen and six characters to a name.
  secrets            = { for secret in ["coinapi", "alpaca", "elastic", "device-master"] : secret => "${local.prefix}/${secret}" }
  secret_arn_pattern = { for secret, name in local.secrets : secret => "${local.arn.secretsmanager}:secret:${name}-??????" }

  function_names = { for job in local.all_jobs : job => "${local.prefix}-${job}" }
  function_arns  = { for job, name in local.function_names : job => "${local.arn.lambda}:function:${name}" }
  role_names     = { for job, name in local.function_names : job => "${name}-${var.region}" }
  role_arns      = { for job, name in local.role_names : job => "arn:${local.partition}:iam::${local.account}:role/${name}" }
  log_groups     = { for job, name in local.function_names : job => "/aws/lambda/${name}" }
  # Where an asynchronous invocation goes that failed for good.
  failure_queue_names = { for job, name in local.function_names : job => "${name}-failures" }
  failure_queue_arns  = { for job, name in local.failure_queue_names : job => "${local.arn.sqs}:${name}" }

  schedule_group      = local.prefix
  schedule_queue_name = "${local.prefix}-schedule-failures"
  schedule_role_name  = "${local.prefix}-schedules-${var.region}"
  schedule_role_arn   = "arn:${local.partition}:iam::${local.account}:role/${local.schedule_role_name}"

  alarm_topic_name = "${local.prefix}-alarms"
  alarm_topic_arn  = "${local.arn.sns}:${local.alarm_topic_name}"
  alert_topic_name = "${local.prefix}-alerts"
  alert_topic_arn  = "${local.arn.sns}:${local.alert_topic_name}"

  workgroup     = local.prefix
  workgroup_arn = "${local.arn.athena}:workgroup/${local.workgroup}"

  cluster_name = local.prefix
  # MSK adds an id that it makes up to the name of a cluster made here.
  cluster_arn_pattern = var.kafka.mode == "existing" ? var.kafka.existing.cluster_arn : "${local.arn.kafka}:cluster/${local.cluster_name}/*"
  # CLUSTER/ID of the ARNs of its topics and consumer groups.
  cluster_path = regex("cluster/(.+)$", local.cluster_arn_pattern)[0]

  # What the functions read as LAKE_DEFINITION: the content's hash is its name, so that a change is a deployment.
  definition_hash = sha256(local.definition)
  definition_key  = "definitions/${local.definition_hash}.json"
}
