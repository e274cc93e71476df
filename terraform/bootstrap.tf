# Tables and topics are made by the jobs that own them, once, and again when lake.json or the job has changed.

locals {
  bootstrap_triggers = {
    definition = local.definition_hash
    lakes      = join(",", sort(keys(local.databases)))
  }
}

resource "aws_lambda_invocation" "bootstrap_tables" {
  function_name = module.function["bootstrap-tables"].name
  input         = jsonencode({ databases = sort(keys(local.databases)) })
  triggers      = merge(local.bootstrap_triggers, { package = module.function["bootstrap-tables"].package_hash })

  depends_on = [module.function, module.catalog, module.storage]
}

resource "aws_lambda_invocation" "bootstrap_topics" {
  count = local.has_kafka ? 1 : 0

  function_name = module.function["bootstrap-topics"].name
  input         = jsonencode({ topics = sort(distinct([for stream in values(local.kafka_streams) : stream.source.topic])) })
  triggers      = merge(local.bootstrap_triggers, { package = module.function["bootstrap-topics"].package_hash })

  depends_on = [module.function, module.streams, module.network]
}
