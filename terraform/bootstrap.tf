# Tables and topics are made by the jobs that own them, once, and again when lake.json or the job has changed. An error of the
# function, such as a table that cannot follow lake.json without losing rows, fails the apply and is tried again by the next.
#
# By then the functions read the new lake.json already, and for these seconds a new column stays null, or a new table is not
# there: its records come again. What reads a stream for the first time waits (module mappings).

# Roles may use keys by their aliases, and a new alias may take five minutes until IAM goes by it. Only the first apply waits, and one
# that makes a key anew.
resource "terraform_data" "aliases_hold" {
  triggers_replace = [for key in keys(local.key_aliases) : module.key[key].arn]

  provisioner "local-exec" {
    command = "sleep 300"
  }
}

resource "aws_lambda_invocation" "bootstrap_tables" {
  function_name = module.function["bootstrap-tables"].name
  # Only these databases with their tables and views; others, and whatever else is in the catalog, are left alone.
  input = jsonencode({ databases = sort(keys(local.databases)) })
  # Nothing is asked of it at the end: tables outlive the functions.
  lifecycle_scope = "CREATE_ONLY"
  triggers = {
    definition = local.definition_hash
    package    = module.function["bootstrap-tables"].package_hash
    warehouses = join(",", values(local.warehouses))
  }

  depends_on = [module.function, module.catalog, module.storage, terraform_data.aliases_hold]
}

resource "aws_lambda_invocation" "bootstrap_topics" {
  count = local.has_kafka ? 1 : 0

  function_name = module.function["bootstrap-topics"].name
  # A topic grows only where somebody has raised its partitions in lake.json; concurrency and alarms go by that number too, and would
  # be wrong for a topic that stayed as it was. Keys move to other partitions then, for which windows of quotes have two rows for a
  # day: docs/jobs/quote-windows.md.
  input = jsonencode({
    topics         = sort(distinct([for stream in values(local.kafka_streams) : stream.source.topic]))
    growPartitions = true
  })
  lifecycle_scope = "CREATE_ONLY"
  triggers = {
    definition = local.definition_hash
    package    = module.function["bootstrap-topics"].package_hash
    # Another cluster has no topic yet.
    cluster = local.cluster_arn
  }

  depends_on = [module.function, module.streams, module.network, terraform_data.aliases_hold]
}
