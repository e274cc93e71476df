# Mistakes in lake.json and the variables that would otherwise show only in the middle of an apply, or when records do not come.

locals {
  # What Lambda sets itself, and refuses.
  reserved_variables = [
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
  ]
  # What holds a secret itself. It would lie in Terraform's state for everyone who plans.
  secret_variables = [
    "ALPACA_KEY_ID", "ALPACA_SECRET_KEY", "COINAPI_KEY", "EDGE_MASTER_SECRET", "EDGE_MASTER_SECRET_PREVIOUS", "ELASTICSEARCH_API_KEY",
    "ELASTICSEARCH_PASSWORD", "KAFKA_PASSWORD", "LAKE_CATALOG_CREDENTIAL", "LAKE_CATALOG_TOKEN",
  ]
  job_variables = flatten([for job, changes in var.jobs : [for name in keys(changes.environment) : { job = job, name = name }]])

  # What takes records or requests, and nothing from the clock.
  fed_jobs = ["edge-gateway", "kafka-elastic", "kafka-ingest", "kinesis-ingest"]

  wrong = {
    jobs      = [for schedule in values(local.schedules_wanted) : "${schedule.name} (${schedule.job})" if !contains(local.all_jobs, schedule.job)]
    fed       = [for schedule in values(local.schedules_wanted) : "${schedule.name} (${schedule.job})" if contains(local.fed_jobs, schedule.job)]
    packages  = [for job in local.jobs : "${job}.zip" if !fileexists("${var.packages}/${job}.zip")]
    lakes     = var.lakes == null ? [] : setsubtract(var.lakes, values(local.lake_of))
    changes   = setsubtract(keys(var.jobs), local.all_jobs)
    schedules = setsubtract(keys(var.schedules), keys(local.schedules_wanted))
    buckets   = [for name in values(local.buckets) : name if length(name) > 63]
    # Tables that rows are counted of: those of streams, and of assets.
    freshness = setsubtract(
      keys(var.freshness_minutes),
      concat(["default", try(local.lake.assets.table, "default")], [for stream in local.lake.streams : stream.table]),
    )
    reserved = [for variable in local.job_variables : "${variable.job}: ${variable.name}" if contains(local.reserved_variables, variable.name)]
    secret   = [for variable in local.job_variables : "${variable.job}: ${variable.name}" if contains(local.secret_variables, variable.name)]
    # Functions with too little time for the minute that they work for.
    minutes = [
      for job in ["poll-quotes", "simulate-sensors", "simulate-trades"] : job
      if coalesce(try(var.jobs[job].timeout, null), local.job_settings[job].timeout) < 65
    ]
    # Tables that streams need, of a lake that is not deployed.
    tables = var.lakes == null ? [] : distinct([
      for table in compact(concat(
        [try(local.lake.deadLetterTable, "")], [for stream in values(local.watched_streams) : stream.alerts.table]
      )) : table if !contains(keys(local.tables), table)
    ])
    regions = [
      for name, stream in local.kinesis_streams : name
      if can(stream.source.arn) && try(regex("^arn:[^:]+:kinesis:([^:]+):", stream.source.arn)[0], "") != var.region
    ]
    # An existing cluster goes by its ARN or one of its servers, one made here by its ARN alone, whose end AWS makes up.
    clusters = [
      for name, stream in local.kafka_streams : "${name} (${stream.source.cluster})"
      if can(stream.source.cluster) && !(var.kafka.mode == "existing"
        ? contains(concat([local.cluster_arn_pattern], split(",", try(var.kafka.existing.bootstrap_servers, ""))), try(stream.source.cluster, ""))
        : startswith(try(stream.source.cluster, ""), trimsuffix(local.cluster_arn_pattern, "*"))
      )
    ]
    mappings = setsubtract(keys(var.mappings), concat(local.mapping_names, keys(local.job_batches)))
    topics = [
      for topic, streams in { for name, stream in local.kafka_streams : stream.source.topic => name... } : topic if length(streams) > 1
    ]
  }
  mapping_names = concat(keys(local.kinesis_mappings), keys(local.kafka_mappings))
  reserved_concurrency = sum([
    for job in local.jobs : max(0, coalesce(try(var.jobs[job].concurrency, null), local.job_settings[job].concurrency))
  ])
  gateway_chosen = try(var.jobs["edge-gateway"].environment.EDGE_STREAM, "")
}

resource "terraform_data" "consistency" {
  lifecycle {
    precondition {
      condition     = length(local.wrong.jobs) == 0
      error_message = "lake.json: schedules of jobs that there are not: ${join(", ", local.wrong.jobs)}. There are: ${join(", ", local.all_jobs)}."
    }
    precondition {
      condition     = length(local.wrong.fed) == 0
      error_message = "lake.json: schedules of jobs that take records or requests, and nothing from the clock: ${join(", ", local.wrong.fed)}."
    }
    precondition {
      condition     = length(local.wrong.packages) == 0
      error_message = "packages: ${var.packages} lacks ${join(", ", local.wrong.packages)}. Run ./build.sh package, or give the folder of the zips."
    }
    precondition {
      condition     = length(local.wrong.lakes) == 0
      error_message = "lakes: lake.json has no lake ${join(", ", local.wrong.lakes)}. It has: ${join(", ", distinct(values(local.lake_of)))}."
    }
    precondition {
      condition     = length(local.wrong.tables) == 0
      error_message = "lakes: what is chosen writes to ${join(", ", local.wrong.tables)}, which is of a lake that is not. Choose that one too."
    }
    precondition {
      condition     = length(local.wrong.changes) == 0
      error_message = "jobs: there are no such jobs: ${join(", ", local.wrong.changes)}. There are: ${join(", ", local.all_jobs)}."
    }
    precondition {
      condition     = length(local.wrong.reserved) == 0
      error_message = "jobs: Lambda sets these variables itself, and takes none: ${join(", ", local.wrong.reserved)}."
    }
    precondition {
      condition     = length(local.wrong.secret) == 0
      error_message = "jobs: these variables hold a secret, which would lie in Terraform's state: ${join(", ", local.wrong.secret)}. Put it into Secrets Manager, and its ARN into the variable of the same name with _SECRET_ARN behind it."
    }
    precondition {
      condition     = length(local.wrong.minutes) == 0
      error_message = "jobs: these work for a minute and need a timeout of 65 s or more: ${join(", ", local.wrong.minutes)}."
    }
    precondition {
      condition     = length(local.wrong.schedules) == 0
      error_message = "schedules: lake.json has no such schedules: ${join(", ", local.wrong.schedules)}. It has: ${join(", ", keys(local.schedules_wanted))}."
    }
    precondition {
      condition     = length(local.wrong.buckets) == 0
      error_message = "name: S3 takes names of 63 characters at most, not ${join(", ", local.wrong.buckets)}. Shorten name or environment."
    }
    precondition {
      condition     = length(local.wrong.freshness) == 0
      error_message = "freshness_minutes: no stream of lake.json fills ${join(", ", local.wrong.freshness)}, nor is it the table of assets. The entry default holds for all others."
    }
    precondition {
      condition     = length(local.gateway_streams) <= 1 || contains(keys(local.gateway_streams), local.gateway_chosen)
      error_message = "lake.json has a gateway for ${join(", ", keys(local.gateway_streams))}, and edge-gateway takes readings for one. Say for which: jobs = { \"edge-gateway\" = { environment = { EDGE_STREAM = \"${try(keys(local.gateway_streams)[0], "")}\" } } }, or set features.edge to false."
    }
    precondition {
      condition     = length(local.wrong.regions) == 0
      error_message = "lake.json: Lambda reads streams of its own region, ${var.region}, alone. Elsewhere lie those of: ${join(", ", local.wrong.regions)}."
    }
    precondition {
      condition     = length(local.wrong.clusters) == 0
      error_message = "lake.json: streams of another Kafka cluster than this lake's: ${join(", ", local.wrong.clusters)}. Leave cluster out, or name the one that this apply makes, or that kafka.existing describes. A second cluster wants a second apply, with lakes."
    }
    precondition {
      condition     = length(local.wrong.mappings) == 0
      error_message = "mappings: there are no such mappings: ${join(", ", local.wrong.mappings)}. There are: ${join(", ", local.mapping_names)}."
    }
    precondition {
      condition     = length(local.wrong.topics) == 0
      error_message = "lake.json: several streams read one topic of one cluster: ${join(", ", local.wrong.topics)}. Each topic fills one table."
    }
    precondition {
      condition     = contains(["msk-iam", "tls", "plaintext"], try(var.kafka.existing.security, "msk-iam"))
      error_message = "kafka.existing.security: msk-iam, tls or plaintext. Names and passwords (SCRAM) are not set up here: neither mappings nor roles would have the secret."
    }
    precondition {
      condition     = var.features.elastic || var.elastic == null
      error_message = "elastic: an address is given, but features.elastic is off, so that nothing would be indexed."
    }
    precondition {
      condition     = var.elastic == null || can(regex("^https://", var.elastic.url))
      error_message = "elastic.url: https://host, with a port and path if need be. The key goes over it."
    }
  }
}

# A warning: the quota may have been raised.
check "concurrency" {
  assert {
    condition     = !var.reserve_concurrency || local.reserved_concurrency <= 900
    error_message = "The functions reserve a concurrency of ${local.reserved_concurrency}. An account has 1000 unless its quota was raised, of which 100 are nobody's: lower that of single jobs (jobs), or set reserve_concurrency to false."
  }
}
