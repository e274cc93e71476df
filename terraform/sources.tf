# Where records come from: the network of brokers, streams and topics, and what feeds functions from them.

module "network" {
  source = "./modules/network"
  count  = local.has_kafka && var.kafka.mode != "existing" ? 1 : 0

  prefix               = local.prefix
  region               = var.region
  account              = local.account
  partition            = local.partition
  cidr                 = local.network.cidr
  zones                = local.network.zones
  needs_internet       = length(local.jobs_in_internet) > 0
  nat_gateway_per_zone = local.network.nat_gateway_per_zone
  endpoints            = local.endpoints
  s3_objects           = ["${local.bucket_arns.artefacts}/definitions/*"]
  key_arn              = module.key["operations"].arn
  log_retention_days   = var.log_retention_days
  tags                 = local.tags
}

module "streams" {
  source = "./modules/streams"

  kinesis = {
    for name, stream in local.own_streams :
    name => { name = stream.source.name, shards = local.declared_shards[name], classification = local.stream_classifications[name] }
  }
  on_demand       = local.kinesis.on_demand
  retention_hours = local.kinesis.retention_hours
  key_arn         = module.key["streams"].arn

  kafka = local.has_kafka ? {
    mode               = var.kafka.mode
    cluster_name       = local.cluster_name
    version            = var.kafka.version
    instance_type      = var.kafka.instance_type
    volume_gb          = var.kafka.volume_gb
    volume_max_gb      = var.kafka.volume_max_gb
    vpc_id             = local.vpc.id
    subnet_ids         = local.vpc.subnet_ids
    client_group_ids   = { functions = try(module.network[0].functions_security_group_id, "") }
    calls_endpoints    = local.on_demand_pollers
    endpoints_group_id = try(module.network[0].endpoints_security_group_id, "")
    classification     = local.kafka_classification
    existing           = var.kafka.existing
    log_group          = "/aws/msk/${local.cluster_name}"
    log_key_arn        = module.key["operations"].arn
    log_retention_days = var.log_retention_days
  } : null
  tags = local.tags
}

locals {
  has_kafka = length(local.kafka_streams) > 0
  # The cluster as it is known after apply; policies use its pattern in names.tf.
  cluster_arn       = try(module.streams.cluster_arn, "")
  bootstrap_servers = try(module.streams.bootstrap_servers, "")

  # Where brokers, and the functions that speak to them, lie.
  vpc = var.kafka.mode == "existing" ? {
    id                 = var.kafka.existing.vpc_id
    subnet_ids         = var.kafka.existing.subnet_ids
    security_group_ids = [var.kafka.existing.security_group_id]
    internet_group_ids = []
    } : {
    id                 = try(module.network[0].vpc_id, "")
    subnet_ids         = try(module.network[0].subnet_ids, [])
    security_group_ids = try([module.network[0].functions_security_group_id], [])
    internet_group_ids = try(compact([module.network[0].internet_security_group_id]), [])
  }
}

module "mappings" {
  source = "./modules/mappings"

  kinesis = {
    for name, mapping in local.kinesis_mappings : name => {
      function_name   = local.function_names[mapping.job]
      stream_arn      = local.stream_arns[mapping.stream]
      failures_bucket = local.bucket_arns.artefacts
      # How long somebody else keeps a stream's records is theirs to know: a day is the shortest that there is.
      retention_hours = contains(keys(local.own_streams), mapping.stream) ? local.kinesis.retention_hours : local.kinesis.foreign_retention_hours
      batch_size      = local.mapping_settings[name].batch_size
      window_seconds  = local.mapping_settings[name].window_seconds
      enabled         = local.mapping_settings[name].enabled
    }
  }
  kafka = {
    for name, mapping in local.kafka_mappings : name => {
      function_name  = local.function_names[mapping.job]
      cluster_arn    = local.cluster_arn
      topic          = local.kafka_streams[mapping.stream].source.topic
      consumer_group = local.consumer_groups[name]
      batch_size     = local.mapping_settings[name].batch_size
      window_seconds = local.mapping_settings[name].window_seconds
      enabled        = local.mapping_settings[name].enabled
    }
  }
  provisioned_pollers = var.kafka.provisioned_pollers
  tags                = local.tags

  # A mapping that starts before its role may read, or its topic is there, fails.
  depends_on = [module.function, module.streams, aws_lambda_invocation.bootstrap_topics, aws_lambda_invocation.bootstrap_tables]
}
