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
  job_variables = flatten([for job, variables in local.environment_changes : [for name in keys(variables) : { job = job, name = name }]])

  # What takes records or requests, and nothing from the clock.
  fed_jobs = ["edge-gateway", "kafka-elastic", "kafka-ingest", "kinesis-ingest"]

  # What is wrong, and what is said of it where there is anything: {} stands for the list.
  checks = {
    members = {
      wrong = flatten([
        for variable, given in local.given_settings : [
          for setting in keys(given) : "${variable}: there is no ${setting} (there are: ${join(", ", keys(local.setting_defaults[variable]))})"
          if !can(local.setting_defaults[variable][setting])
        ]
      ])
      message = "{}."
    }
    settings = {
      wrong   = [for one in local.given : "${one.at} has no ${one.setting} (there are: ${join(", ", one.settings)})" if one.kind == null]
      message = "{}."
    }
    values = {
      wrong   = [for one in local.given : "${one.at}: ${one.setting} is no ${one.kind}" if one.kind == null ? false : !one.fits[one.kind]]
      message = "{}."
    }
    jobs = {
      wrong   = setsubtract(keys(var.jobs), local.all_jobs)
      message = "jobs: there are no such jobs: {}. There are: ${join(", ", local.all_jobs)}."
    }
    schedules = {
      wrong   = setsubtract(keys(var.schedules), keys(local.schedules_wanted))
      message = "schedules: lake.json has no such schedules: {}. It has: ${join(", ", keys(local.schedules_wanted))}."
    }
    mappings = {
      wrong   = setsubtract(keys(var.mappings), concat(local.mapping_names, keys(local.job_batches)))
      message = "mappings: there are no such mappings: {}. There are: ${join(", ", local.mapping_names)}."
    }
    reserved = {
      wrong   = [for variable in local.job_variables : "${variable.job}: ${variable.name}" if contains(local.reserved_variables, variable.name)]
      message = "jobs: Lambda sets these variables itself, and takes none: {}."
    }
    secret = {
      wrong   = [for variable in local.job_variables : "${variable.job}: ${variable.name}" if contains(local.secret_variables, variable.name)]
      message = "jobs: these variables hold a secret, which would lie in Terraform's state: {}. Put it into Secrets Manager, and its ARN into the variable of the same name with _SECRET_ARN behind it."
    }
    # Functions with too little time for the minute that they work for.
    minutes = {
      wrong   = [for job in ["poll-quotes", "simulate-sensors", "simulate-trades"] : job if local.job_numbers[job].timeout < 65]
      message = "jobs: these work for a minute and need a timeout of 65 s or more: {}."
    }
    packages = {
      wrong   = [for job in local.jobs : "${job}.zip" if !fileexists("${var.packages}/${job}.zip")]
      message = "packages: ${var.packages} lacks {}. Run ./build.sh package, or give the folder of the zips."
    }
    buckets = {
      wrong   = [for name in values(local.buckets) : name if length(name) > 63]
      message = "name: S3 takes names of 63 characters at most, not {}. Shorten name or environment."
    }
    lakes = {
      wrong   = var.lakes == null ? [] : setsubtract(var.lakes, values(local.lake_of))
      message = "lakes: lake.json has no lake {}. It has: ${join(", ", distinct(values(local.lake_of)))}."
    }
    # Tables that streams need, of a lake that is not deployed.
    tables = {
      wrong = var.lakes == null ? [] : distinct([
        for table in compact(concat(
          [try(local.lake.deadLetterTable, "")], [for stream in values(local.watched_streams) : stream.alerts.table]
        )) : table if !contains(keys(local.tables), table)
      ])
      message = "lakes: what is chosen writes to {}, which is of a lake that is not. Choose that one too."
    }
    # Tables that rows are counted of: those of streams, and of assets.
    freshness = {
      wrong = setsubtract(
        keys(var.freshness_minutes),
        concat(["default", try(local.lake.assets.table, "default")], [for stream in local.entries.streams : stream.table]),
      )
      message = "freshness_minutes: no stream of lake.json fills {}, nor is it the table of assets. The entry default holds for all others."
    }
    scheduled = {
      wrong   = [for name, schedule in local.schedules_wanted : "${name} (${schedule.job})" if !contains(local.all_jobs, schedule.job)]
      message = "lake.json: schedules of jobs that there are not: {}. There are: ${join(", ", local.all_jobs)}."
    }
    fed = {
      wrong   = [for name, schedule in local.schedules_wanted : "${name} (${schedule.job})" if contains(local.fed_jobs, schedule.job)]
      message = "lake.json: schedules of jobs that take records or requests, and nothing from the clock: {}."
    }
    gateways = {
      wrong   = length(local.gateway_streams) <= 1 || contains(keys(local.gateway_streams), local.gateway_chosen) ? [] : keys(local.gateway_streams)
      message = "lake.json has a gateway for {}, and edge-gateway takes readings for one. Say for which: jobs = { \"edge-gateway\" = { environment = { EDGE_STREAM = \"${try(keys(local.gateway_streams)[0], "")}\" } } }, or set features.edge to false."
    }
    regions = {
      wrong = [
        for name, stream in local.kinesis_streams : name
        if can(stream.source.arn) && try(regex("^arn:[^:]+:kinesis:([^:]+):", stream.source.arn)[0], "") != var.region
      ]
      message = "lake.json: Lambda reads streams of its own region, ${var.region}, alone. Elsewhere lie those of: {}."
    }
    # An existing cluster goes by its ARN or one of its servers, one made here by its ARN alone, whose end AWS makes up.
    clusters = {
      wrong = [
        for name, stream in local.kafka_streams : "${name} (${stream.source.cluster})"
        if can(stream.source.cluster) && !(var.kafka.mode == "existing"
          ? contains(concat([local.cluster_arn_pattern], split(",", try(var.kafka.existing.bootstrap_servers, ""))), try(stream.source.cluster, ""))
          : startswith(try(stream.source.cluster, ""), trimsuffix(local.cluster_arn_pattern, "*"))
        )
      ]
      message = "lake.json: streams of another Kafka cluster than this lake's: {}. Leave cluster out, or name the one that this apply makes, or that kafka.existing describes. A second cluster wants a second apply, with lakes."
    }
    topics = {
      wrong = [
        for topic, streams in { for name, stream in local.kafka_streams : stream.source.topic => name... } : topic if length(streams) > 1
      ]
      message = "lake.json: several streams read one topic of one cluster: {}. Each topic fills one table."
    }
    security = {
      wrong   = setsubtract([try(var.kafka.existing.security, "msk-iam")], ["msk-iam", "tls", "plaintext"])
      message = "kafka.existing.security: msk-iam, tls or plaintext, not {}. Names and passwords (SCRAM) are not set up here: neither mappings nor roles would have the secret."
    }
    unindexed = {
      wrong   = var.elastic != null && !local.features.elastic ? [var.elastic.url] : []
      message = "elastic: an address is given, {}, but features.elastic is off, so that nothing would be indexed."
    }
    address = {
      wrong   = [for elastic in var.elastic[*] : elastic.url if !can(regex("^https://", elastic.url))]
      message = "elastic.url: https://host, with a port and path if need be, not {}. The key goes over it."
    }
  }
  mistakes = [for check in values(local.checks) : replace(check.message, "{}", join(", ", check.wrong)) if length(check.wrong) > 0]

  mapping_names = concat(keys(local.kinesis_mappings), keys(local.kafka_mappings))
  reserved_concurrency = sum([
    for job in local.jobs : max(0, local.job_numbers[job].concurrency)
  ])
  gateway_chosen = try(local.environment_changes["edge-gateway"].EDGE_STREAM, "")
}

resource "terraform_data" "consistency" {
  lifecycle {
    precondition {
      condition     = length(local.mistakes) == 0
      error_message = join("\n", local.mistakes)
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
