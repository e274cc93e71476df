locals {
  has_kafka = length(local.kafka_streams) > 0
  # The cluster as it is known after apply; policies use its pattern in names.tf.
  cluster_arn       = try(module.streams.cluster_arn, "")
  bootstrap_servers = try(module.streams.bootstrap_servers, "")

  # Which secrets are needed: empty containers, whose values are put by hand.
  secrets_needed = toset(concat(
    contains(local.jobs, "refresh-assets") ? ["coinapi"] : [],
    contains(local.jobs, "poll-quotes") && var.alpaca_key ? ["alpaca"] : [],
    # Before there is an address, so that terraform/elastic has where to put the credentials.
    var.features.elastic ? ["elastic"] : [],
    contains(local.jobs, "edge-gateway") ? ["device-master"] : [],
  ))
}

module "key" {
  source   = "./modules/key"
  for_each = local.key_aliases

  alias       = each.value
  description = "${local.prefix}: ${local.key_purposes[each.key].description}"
  account     = local.account
  partition   = local.partition
  services    = local.key_purposes[each.key].services
  tags        = local.tags
}

module "storage" {
  source = "./modules/storage"

  buckets        = local.buckets
  account        = local.account
  partition      = local.partition
  key_arn        = module.key["data"].arn
  force_destroy  = !var.deletion_protection
  definition     = file(var.definition)
  definition_key = local.definition_key
  table_prefixes = ["warehouse/"]
  tags           = local.tags
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
  tags    = local.tags
}

module "network" {
  source = "./modules/network"
  count  = local.has_kafka && var.kafka.mode != "existing" ? 1 : 0

  prefix         = local.prefix
  region         = var.region
  cidr           = var.network.cidr
  needs_internet = length(local.jobs_in_internet) > 0
  # On-demand pollers of a mapping reach these services from the cluster's subnets.
  endpoints = ["glue", "sts", "secretsmanager", "lambda"]
  key_arn   = module.key["operations"].arn
  tags      = local.tags
}

module "streams" {
  source = "./modules/streams"

  kinesis = {
    for name, stream in local.own_streams :
    name => { name = stream.source.name, shards = try(stream.source.shards, 1) }
  }
  on_demand       = var.kinesis.on_demand
  retention_hours = var.kinesis.retention_hours
  key_arn         = module.key["streams"].arn

  kafka = local.has_kafka ? {
    mode               = var.kafka.mode
    cluster_name       = local.cluster_name
    version            = var.kafka.version
    instance_type      = var.kafka.instance_type
    volume_gb          = var.kafka.volume_gb
    vpc_id             = local.vpc.id
    subnet_ids         = local.vpc.subnet_ids
    client_group_ids   = { functions = try(module.network[0].functions_security_group_id, "") }
    existing           = var.kafka.existing
    log_group          = "/aws/msk/${local.cluster_name}"
    log_key_arn        = module.key["operations"].arn
    log_retention_days = var.log_retention_days
  } : null
  tags = local.tags
}

locals {
  # Where brokers, and the functions that speak to them, lie.
  vpc = var.kafka.mode == "existing" ? {
    id                 = var.kafka.existing.vpc_id
    subnet_ids         = var.kafka.existing.subnet_ids
    security_group_ids = [var.kafka.existing.security_group_id]
    } : {
    id                 = try(module.network[0].vpc_id, "")
    subnet_ids         = try(module.network[0].subnet_ids, [])
    security_group_ids = try([module.network[0].functions_security_group_id], [])
  }
}

module "function" {
  source   = "./modules/function"
  for_each = local.jobs

  name               = local.function_names[each.key]
  job                = each.key
  description        = local.job_settings[each.key].description
  runtime            = var.lambda_runtime
  memory             = coalesce(try(var.jobs[each.key].memory, null), local.job_settings[each.key].memory)
  timeout            = coalesce(try(var.jobs[each.key].timeout, null), local.job_settings[each.key].timeout)
  concurrency        = var.reserve_concurrency ? coalesce(try(var.jobs[each.key].concurrency, null), local.job_settings[each.key].concurrency) : -1
  environment        = merge(local.job_environment[each.key], try(var.jobs[each.key].environment, {}))
  package            = "${var.packages}/${each.key}.zip"
  artefacts_bucket   = module.storage.names["artefacts"]
  role_name          = local.role_names[each.key]
  statements         = local.permissions[each.key]
  log_group          = local.log_groups[each.key]
  log_retention_days = var.log_retention_days
  failure_queue_name = local.failure_queue_names[each.key]
  failure_queue_arn  = local.failure_queue_arns[each.key]
  key_arn            = module.key["operations"].arn
  alarm_topic_arn    = local.alarm_topic_arn
  network = contains(local.jobs_in_network, each.key) ? {
    subnet_ids         = local.vpc.subnet_ids
    security_group_ids = local.vpc.security_group_ids
  } : null
  tags = local.tags
}

module "mappings" {
  source = "./modules/mappings"

  kinesis = {
    for name, mapping in local.kinesis_mappings : name => {
      function_name   = local.function_names[mapping.job]
      stream_arn      = local.stream_arns[mapping.stream]
      failures_bucket = local.bucket_arns.artefacts
      retention_hours = var.kinesis.retention_hours
    }
  }
  kafka = {
    for name, mapping in local.kafka_mappings : name => {
      function_name  = local.function_names[mapping.job]
      cluster_arn    = local.cluster_arn
      topic          = local.kafka_streams[mapping.stream].source.topic
      consumer_group = local.consumer_groups[name]
    }
  }
  provisioned_pollers = var.kafka.provisioned_pollers
  tags                = local.tags

  # A mapping that starts before its role may read, or its topic is there, fails.
  depends_on = [module.function, module.streams, aws_lambda_invocation.bootstrap_topics, aws_lambda_invocation.bootstrap_tables]
}

module "schedules" {
  source = "./modules/schedules"

  group = local.schedule_group
  schedules = {
    for name, schedule in local.schedules : name => {
      function_arn = local.function_arns[schedule.job]
      expression   = coalesce(try(var.schedules[name].expression, null), schedule.schedule)
      time_zone    = try(var.schedules[name].time_zone, "UTC")
      enabled      = try(var.schedules[name].enabled, true)
      input        = try(schedule.input, {})
    }
  }
  account       = local.account
  role_name     = "${local.prefix}-schedules-${var.region}"
  queue_name    = local.schedule_queue_name
  key_arn       = module.key["operations"].arn
  key_alias     = local.key_aliases.operations
  kms_arn       = local.arn.kms
  scheduler_arn = local.arn.scheduler
  queue_arn     = "${local.arn.sqs}:${local.schedule_queue_name}"
  tags          = local.tags

  depends_on = [module.function]
}

module "edge" {
  source = "./modules/edge"
  count  = contains(local.jobs, "edge-gateway") ? 1 : 0

  name               = "${local.prefix}-edge"
  function_name      = local.function_names["edge-gateway"]
  function_arn       = local.function_arns["edge-gateway"]
  execute_arn        = "arn:${local.partition}:execute-api:${var.region}:${local.account}"
  rate               = var.edge.rate
  burst              = var.edge.burst
  log_retention_days = var.log_retention_days
  key_arn            = module.key["operations"].arn
  tags               = local.tags

  depends_on = [module.function]
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
  key_arn          = module.key["operations"].arn

  functions = {
    for job in local.jobs : job => {
      name          = local.function_names[job]
      timeout       = coalesce(try(var.jobs[job].timeout, null), local.job_settings[job].timeout)
      failure_queue = local.failure_queue_names[job]
    }
  }
  # Name in AWS of each stream that lake.json reads, and the functions that do.
  kinesis = {
    for name, stream in local.kinesis_streams : name => {
      stream_name = regex("[^/]+$", local.stream_arns[name])
      table       = stream.table
      readers     = { for mapping in values(local.kinesis_mappings) : mapping.job => local.function_names[mapping.job] if mapping.stream == name }
    }
  }
  kafka = {
    for name, stream in local.kafka_streams : name => {
      topic   = stream.source.topic
      table   = stream.table
      readers = { for key, mapping in local.kafka_mappings : mapping.job => { function_name = local.function_names[mapping.job], consumer_group = local.consumer_groups[key] } if mapping.stream == name }
    }
  }
  cluster_name       = local.has_kafka ? regex("cluster/([^/]+)", local.cluster_arn_pattern)[0] : null
  cluster_serverless = var.kafka.mode == "serverless"
  buckets            = local.buckets
  bucket_alarm_gb    = var.bucket_alarm_gb
  freshness_minutes  = var.freshness_minutes
  schedule_queue     = local.schedule_queue_name
  api_name           = try(module.edge[0].api_id, null)
  tags               = local.tags
}

module "macie" {
  source = "./modules/macie"
  count  = var.features.macie ? 1 : 0

  name      = "${local.prefix}-classification"
  buckets   = [for layer in ["bronze", "silver", "gold"] : local.buckets[layer]]
  account   = local.account
  topic_arn = local.alarm_topic_arn
  tags      = local.tags

  depends_on = [module.storage]
}
