locals {
  # Which secrets are needed: empty containers, whose values are put by hand.
  secrets_needed = toset(concat(
    contains(local.jobs, "refresh-assets") ? ["coinapi"] : [],
    contains(local.jobs, "poll-quotes") && var.alpaca_key ? ["alpaca"] : [],
    # Before there is an address, so that terraform/elastic has where to put the credentials.
    local.features.elastic ? ["elastic"] : [],
    contains(local.jobs, "edge-gateway") ? ["device-master"] : [],
  ))
}

module "key" {
  source   = "./modules/key"
  for_each = local.key_aliases

  alias          = each.value
  description    = "${local.prefix}: ${local.key_purposes[each.key].description}"
  classification = local.key_purposes[each.key].classification
  account        = local.account
  partition      = local.partition
  services       = local.key_purposes[each.key].services
  tags           = local.tags
}

module "storage" {
  source = "./modules/storage"

  buckets            = local.buckets
  classifications    = local.bucket_classifications
  account            = local.account
  partition          = local.partition
  key_arn            = module.key["data"].arn
  force_destroy      = !var.deletion_protection
  definition         = local.definition
  definition_key     = local.definition_key
  table_prefixes     = ["warehouse/"]
  log_retention_days = var.log_retention_days
  tags               = local.tags

  # Destroyed before the databases: while a bucket refuses, the entries of its tables stay too.
  depends_on = [module.catalog]
}

module "catalog" {
  source = "./modules/catalog"

  databases        = { for name, database in local.databases : name => try(database.doc, "") }
  workgroup        = local.workgroup
  results_location = "s3://${local.buckets.artefacts}/athena-results/"
  results_key_arn  = module.key["data"].arn
  account          = local.account
  scan_limit_gb    = var.athena_scan_limit_gb
  tags             = local.tags
}

module "secrets" {
  source = "./modules/secrets"

  names   = { for secret, name in local.secrets : secret => name if contains(local.secrets_needed, secret) }
  key_arn = module.key["secrets"].arn
  # Without protection a lake comes and goes: the names of its secrets are free again at once.
  recovery_days = var.deletion_protection ? 30 : 0
  tags          = local.tags
}

module "function" {
  source   = "./modules/function"
  for_each = local.jobs

  name               = local.function_names[each.key]
  job                = each.key
  description        = local.job_settings[each.key].description
  runtime            = var.lambda_runtime
  memory             = local.job_numbers[each.key].memory
  timeout            = local.job_numbers[each.key].timeout
  concurrency        = var.reserve_concurrency ? local.job_numbers[each.key].concurrency : -1
  environment        = merge(local.job_environment[each.key], local.environment_changes[each.key])
  package            = "${var.packages}/${each.key}.zip"
  artefacts_bucket   = module.storage.names["artefacts"]
  role_name          = local.role_names[each.key]
  role_arn           = local.role_arns[each.key]
  statements         = local.permissions[each.key]
  log_group          = local.log_groups[each.key]
  log_retention_days = var.log_retention_days
  failure_queue_name = local.failure_queue_names[each.key]
  failure_queue_arn  = local.failure_queue_arns[each.key]
  key_arn            = module.key["operations"].arn
  alarm_topic_arn    = local.alarm_topic_arn

  # What a run that nobody waits for is given, and how long it may take before that is remarkable.
  retries                = try(local.asynchronous[each.key].retries, 2)
  maximum_event_age      = try(local.asynchronous[each.key].maximum_age, 21600)
  duration_alarm_percent = try(local.duration_alarm_percent[each.key], 80)

  network = contains(local.jobs_in_network, each.key) ? {
    subnet_ids = local.vpc.subnet_ids
    security_group_ids = concat(
      local.vpc.security_group_ids,
      contains(local.jobs_in_internet, each.key) ? local.vpc.internet_group_ids : [],
    )
  } : null
  tags = local.tags
}

module "schedules" {
  source = "./modules/schedules"

  group = local.schedule_group
  schedules = {
    for name, schedule in local.schedules : name => {
      function_arn = local.function_arns[schedule.job]
      expression   = coalesce(try(local.schedule_changes[name].expression, null), schedule.schedule)
      time_zone    = try(local.schedule_changes[name].time_zone, "UTC")
      enabled      = try(local.schedule_changes[name].enabled, true)
      # As text: inputs of different schedules have different members.
      input = jsonencode(try(schedule.input, {}))
    }
  }
  account       = local.account
  role_name     = local.schedule_role_name
  role_arn      = local.schedule_role_arn
  queue_name    = local.schedule_queue_name
  key_arn       = module.key["operations"].arn
  key_alias     = local.key_aliases.operations
  kms_arn       = local.arn.kms
  scheduler_arn = local.arn.scheduler
  queue_arn     = "${local.arn.sqs}:${local.schedule_queue_name}"
  tags          = local.tags

  # Whatever a run needs is there by the first minute.
  depends_on = [module.function, aws_lambda_invocation.bootstrap_topics, aws_lambda_invocation.bootstrap_tables]
}

module "edge" {
  source = "./modules/edge"
  count  = contains(local.jobs, "edge-gateway") ? 1 : 0

  name               = "${local.prefix}-edge"
  function_name      = local.function_names["edge-gateway"]
  function_arn       = local.function_arns["edge-gateway"]
  execute_arn        = "arn:${local.partition}:execute-api:${var.region}:${local.account}"
  lambda_arn         = "arn:${local.partition}:apigateway:${var.region}:lambda"
  rate               = local.edge.rate
  burst              = local.edge.burst
  log_retention_days = var.log_retention_days
  key_arn            = module.key["operations"].arn
  tags               = local.tags

  depends_on = [module.function, module.streams, terraform_data.aliases_hold]
}

module "watch" {
  source = "./modules/watch"

  prefix           = local.prefix
  region           = var.region
  account          = local.account
  partition        = local.partition
  alarm_topic_name = local.alarm_topic_name
  alarm_topic_arn  = local.alarm_topic_arn
  alert_topic_name = contains(local.jobs, "detect-anomalies") ? local.alert_topic_name : null
  alert_topic_arn  = local.alert_topic_arn
  email            = var.alarm_email
  rules_publish    = local.features.macie
  key_arn          = module.key["operations"].arn

  functions = {
    for job in local.jobs : job => {
      name          = local.function_names[job]
      timeout       = local.job_numbers[job].timeout
      failure_queue = local.failure_queue_names[job]
      alarms        = [for kind in ["errors", "throttles", "duration", "failures"] : kind if kind != "duration" || lookup(local.duration_alarm_percent, job, 80) != null]
    }
  }
  other_alarms   = local.features.macie ? ["${local.prefix}-classification-undelivered"] : []
  scheduled_jobs = toset([for name, schedule in local.schedules : schedule.job if try(local.schedule_changes[name].enabled, true)])

  # Name in AWS of each stream that lake.json reads, and the functions that do.
  kinesis = {
    for name, stream in local.kinesis_streams : name => {
      stream_name = regex("[^/]+$", local.stream_arns[name])
      table       = stream.table
      readers     = { for mapping in values(local.kinesis_mappings) : mapping.job => local.function_names[mapping.job] if mapping.stream == name }
      gateway     = contains(keys(local.gateway_streams), name) && contains(["", name], local.gateway_chosen)
    }
  }
  kafka = {
    for name, stream in local.kafka_streams : name => {
      topic      = stream.source.topic
      partitions = local.partitions[name]
      table      = stream.table
      readers    = { for key, mapping in local.kafka_mappings : mapping.job => { function_name = local.function_names[mapping.job], consumer_group = local.consumer_groups[key] } if mapping.stream == name }
      index      = try(local.indexed_streams[name].index, null)
      windowed   = try(stream.decoder, "json") == "bars"
    }
  }
  cluster_name       = local.has_kafka ? regex("cluster/([^/]+)", local.cluster_arn_pattern)[0] : null
  cluster_serverless = var.kafka.mode == "serverless"
  buckets            = local.buckets
  failures_bucket    = module.storage.names["artefacts"]
  bucket_alarm_gb    = var.bucket_alarm_gb
  freshness_minutes  = var.freshness_minutes
  lag                = var.lag
  schedule_queue     = local.schedule_queue_name
  api_id             = try(module.edge[0].api_id, null)
  # Seconds; lake.json has 5s unless it says otherwise, and 1m at most.
  quotes_interval = try(tonumber(trimsuffix(local.lake.quotes.interval, "s")), can(local.lake.quotes.interval) ? 60 : 5)
  assets_table    = try(local.assets_table.name, null)
  tags            = local.tags
}

module "macie" {
  source = "./modules/macie"
  count  = local.features.macie ? 1 : 0

  name      = "${local.prefix}-classification"
  buckets   = [for layer in ["bronze", "silver", "gold"] : local.buckets[layer]]
  key_arn   = module.key["data"].arn
  account   = local.account
  partition = local.partition
  topic_arn = local.alarm_topic_arn
  # Findings in tables that are known to hold personal data are no news.
  declared_prefixes = sort([for name in local.personal_tables : "${regex("^s3://[^/]+/(.+)$", local.table_locations[name])[0]}/" if startswith(local.table_locations[name], "s3://")])
  existing_account  = var.macie.existing_account
  tags              = local.tags

  depends_on = [module.storage, module.watch]
}
