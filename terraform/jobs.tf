# What each job is given: memory in MB, timeout in seconds, reserved concurrency, environment, and a place in the network.

locals {
  job_settings = {
    "bootstrap-tables" = { memory = 256, timeout = 300, concurrency = 1, description = "Makes and evolves the tables and views of lake.json" }
    "bootstrap-topics" = { memory = 256, timeout = 120, concurrency = 1, description = "Makes the Kafka topics of lake.json" }
    "detect-anomalies" = { memory = 512, timeout = 60, concurrency = local.readers["detect-anomalies"] + 1, description = "Finds anomalies in readings, and tells of them" }
    "edge-gateway"     = { memory = 256, timeout = 10, concurrency = 50, description = "Takes readings of devices over HTTP" }
    "kafka-elastic"    = { memory = 512, timeout = 120, concurrency = local.readers["kafka-elastic"], description = "Indexes quotes in Elasticsearch" }
    "kafka-ingest"     = { memory = 512, timeout = 60, concurrency = local.readers["kafka-ingest"], description = "Appends records of Kafka topics to tables" }
    "kinesis-ingest"   = { memory = 512, timeout = 60, concurrency = local.readers["kinesis-ingest"], description = "Appends records of Kinesis streams to tables" }
    "optimize-tables"  = { memory = 256, timeout = 900, concurrency = 2, description = "Compacts tables and expires snapshots through Athena" }
    "poll-quotes"      = { memory = 256, timeout = 70, concurrency = 1, description = "Polls Alpaca for quotes" }
    "refresh-assets"   = { memory = 256, timeout = 60, concurrency = 1, description = "Loads the logos of assets from CoinAPI" }
    "simulate-sensors" = { memory = 256, timeout = 70, concurrency = 1, description = "Makes readings of devices that do not exist" }
    "simulate-trades"  = { memory = 256, timeout = 70, concurrency = 1, description = "Makes trades of customers who do not exist" }
  }

  # Jobs that work for a minute end with it, by themselves: 70 s leave room for a late start, and 95 % of them (66 s) mean that
  # something else ended the run. optimize-tables works until its time is nearly over, and hands on what is left.
  duration_alarm_percent = {
    "optimize-tables"  = null
    "poll-quotes"      = 95
    "simulate-sensors" = 95
    "simulate-trades"  = 95
  }

  # Lambda's own retry of a run comes a minute later or more. For the jobs below the next run has begun by then: a minute that
  # nobody polled is past, and silence is looked for again. The simulators make a whole minute again, if nothing of it got in.
  # An event waits two minutes at most: behind another run of its minute, which ends the sooner.
  asynchronous = {
    "detect-anomalies" = { retries = 0, maximum_age = 120 }
    "poll-quotes"      = { retries = 0, maximum_age = 120 }
    "simulate-sensors" = { retries = 1, maximum_age = 300 }
    "simulate-trades"  = { retries = 1, maximum_age = 300 }
  }

  # How batches are made of a stream's records: how many at most, and for how many seconds they are gathered. An event of 6 MB is
  # full before either. Each batch is a commit: one a minute and shard keeps a table's history and its bill small, and rows a minute
  # old. Alerts and the index are for people who watch, and wait for seconds only.
  job_batches = {
    "detect-anomalies" = { batch_size = 10000, window_seconds = 5 }
    "kafka-elastic"    = { batch_size = 10000, window_seconds = 5 }
    "kafka-ingest"     = { batch_size = 10000, window_seconds = 60 }
    "kinesis-ingest"   = { batch_size = 10000, window_seconds = 60 }
  }
  # Of one mapping, JOB.STREAM, before those of its job, before those above.
  mapping_settings = {
    for name, mapping in merge(local.kinesis_mappings, local.kafka_mappings) : name => {
      for setting, default in merge(local.job_batches[mapping.job], { enabled = true }) :
      setting => coalesce(try(local.mapping_changes[name][setting], null), try(local.mapping_changes[mapping.job][setting], null), default)
    }
  }

  # As many environments may read a stream at once as it has shards, or partitions. On-demand streams start with 4 shards and
  # grow; how many somebody else's stream has, lake.json says.
  shards = { for name, stream in local.kinesis_streams : name => local.kinesis.on_demand && contains(keys(local.own_streams), name) ? 16 : local.declared_shards[name] }
  readers = {
    for job in keys(local.job_batches) : job => max(1, sum(concat([0],
      [for mapping in values(local.kinesis_mappings) : local.shards[mapping.stream] if mapping.job == job],
      [for mapping in values(local.kafka_mappings) : local.partitions[mapping.stream] if mapping.job == job],
    )))
  }

  of_a_lake = {
    LAKE_DEFINITION       = "s3://${local.buckets.artefacts}/${local.definition_key}"
    LAKE_CATALOG          = "glue"
    LAKE_WAREHOUSE        = local.warehouses.bronze
    LAKE_WAREHOUSE_SILVER = local.warehouses.silver
    LAKE_WAREHOUSE_GOLD   = local.warehouses.gold
    LAKE_CREATE_TABLES    = "0"
  }
  of_services = { LAKE_DEFINITION = local.of_a_lake.LAKE_DEFINITION }
  of_kafka = merge(local.of_services, {
    KAFKA_BOOTSTRAP_SERVERS = local.bootstrap_servers
    KAFKA_SECURITY          = var.kafka.mode == "existing" ? var.kafka.existing.security : "msk-iam"
  })

  job_environment = {
    "bootstrap-tables" = merge(local.of_a_lake, { ATHENA_WORKGROUP = local.workgroup })
    "bootstrap-topics" = merge(local.of_kafka, { KAFKA_CLUSTER_ARN = local.cluster_arn })
    "detect-anomalies" = merge(local.of_a_lake, { ALERTS_TOPIC_ARN = local.alert_topic_arn })
    "edge-gateway" = merge(local.of_services, {
      EDGE_MASTER_SECRET_SECRET_ARN = try(module.secrets.arns["device-master"], "")
      # Which of several gateways it is, jobs["edge-gateway"].environment says.
      EDGE_STREAM = try(one(keys(local.gateway_streams)), "")
    })
    "kafka-elastic" = merge(local.of_a_lake, {
      ELASTICSEARCH_URL                = try(var.elastic.url, "")
      ELASTICSEARCH_API_KEY_SECRET_ARN = try(module.secrets.arns["elastic"], "")
    })
    "kafka-ingest"     = local.of_a_lake
    "kinesis-ingest"   = local.of_a_lake
    "optimize-tables"  = merge(local.of_a_lake, { ATHENA_WORKGROUP = local.workgroup })
    "poll-quotes"      = merge(local.of_kafka, var.alpaca_key ? { ALPACA_SECRET_ARN = module.secrets.arns["alpaca"] } : {})
    "refresh-assets"   = merge(local.of_a_lake, { COINAPI_KEY_SECRET_ARN = try(module.secrets.arns["coinapi"], "") })
    "simulate-sensors" = local.of_services
    "simulate-trades"  = local.of_kafka
  }

  # What speaks to brokers runs beside them; what only reads through a mapping does not. poll-quotes needs the internet too.
  jobs_in_network  = setintersection(local.jobs, ["bootstrap-topics", "poll-quotes", "simulate-trades"])
  jobs_in_internet = setintersection(local.jobs, ["poll-quotes"])
}
