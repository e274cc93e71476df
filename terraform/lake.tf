# What lake.json asks for.

locals {
  lake = jsondecode(file(var.definition))

  # What it has, by name. What is wrong with it definition_checks.tf tells, and nothing comes of the plan: here it is left out, so that
  # there is a plan to be told of.
  entries = {
    for list in ["databases", "tables", "streams", "views", "schedules"] : list => try([
      for entry in local.lake[list] : entry if can("${entry.name}") && (
        list == "tables" ? can([for column in entry.columns : column.name]) :
        list == "schedules" ? can("${entry.job} ${entry.schedule}") :
        list != "streams" || can("${entry.table} ${entry.source.kind == "kafka" ? entry.source.topic : try(entry.source.arn, entry.source.name)}")
      )
    ], [])
  }
  declared = {
    for list, entries in local.entries :
    list => { for name, same in { for entry in entries : entry.name => entry... } : name => same[0] }
  }

  # Of crypto_db.crypto_quote the lake is crypto. lake_db, which the lake keeps about itself, goes with every one. A stream is of the
  # lake that its table's name says, whether or not there is that table: what is misspelt does not leave the plan.
  lake_of = { for name in distinct(concat(keys(local.declared.tables), keys(local.declared.views), [for stream in values(local.declared.streams) : stream.table])) : name => trimsuffix(split(".", name)[0], "_db") }
  lakes   = var.lakes == null ? toset(concat(values(local.lake_of), [for name in keys(local.declared.databases) : trimsuffix(name, "_db")])) : setunion(var.lakes, ["lake"])

  databases = { for name, database in local.declared.databases : name => database if contains(local.lakes, trimsuffix(name, "_db")) }
  tables    = { for name, table in local.declared.tables : name => table if contains(local.lakes, local.lake_of[name]) }
  views     = { for name, view in local.declared.views : name => view if contains(local.lakes, local.lake_of[name]) }
  streams   = { for name, stream in local.declared.streams : name => stream if contains(local.lakes, local.lake_of[stream.table]) }

  # What the functions read: lake.json itself, or, where only some lakes are deployed, what it says of these. Otherwise they
  # would look for tables, gateways and rules that are not there.
  definition = var.lakes == null ? file(var.definition) : jsonencode(merge(
    { for member, value in local.lake : member => value if !contains(["assets", "quotes"], member) },
    {
      databases = [for database in local.entries.databases : database if contains(keys(local.databases), database.name)]
      tables    = [for table in local.entries.tables : table if contains(keys(local.tables), table.name)]
      streams   = [for stream in local.entries.streams : stream if contains(keys(local.streams), stream.name)]
      views     = [for view in local.entries.views : view if contains(keys(local.views), view.name)]
    },
    can(local.tables[local.lake.assets.table]) ? { assets = local.lake.assets } : {},
    # Quotes without symbols of their own are of the assets'.
    can(local.streams[local.lake.quotes.stream]) ? { quotes = merge({ symbols = try(local.lake.assets.symbols, []) }, local.lake.quotes) } : {},
  ))

  # Folder of each table, s3://bucket/prefix/database/table, as the functions make it.
  table_locations = {
    for name, table in local.tables : name => join("/", concat(
      [trimsuffix(try(table.warehouse, lookup(local.warehouses, try(table.layer, "bronze"), local.warehouses.bronze)), "/")], split(".", name)
    ))
  }

  # Tables with a column that is classified as personal data, and so what each bucket may hold. Artefacts holds results of
  # queries on them, and batches as they came; access logs name files and who read them.
  personal_tables = [
    for name, table in local.tables : name
    if anytrue([for column in table.columns : try(column.classification, "") == "personal-data"])
  ]
  bucket_classifications = merge({ artefacts = "personal-data", logs = "internal" }, {
    for layer in ["bronze", "silver", "gold"] :
    layer => anytrue([for name in local.personal_tables : try(local.tables[name].layer, "bronze") == layer]) ? "personal-data" : "internal"
  })

  dead_letter_table = try(local.lake.deadLetterTable, null)

  kinesis_streams = { for name, stream in local.streams : name => stream if stream.source.kind == "kinesis" }
  kafka_streams   = { for name, stream in local.streams : name => stream if stream.source.kind == "kafka" }

  # A source that names a stream by its ARN is somebody else's; one that names it by its name is made here.
  stream_arns = {
    for name, stream in local.kinesis_streams :
    name => try(stream.source.arn, "${local.arn.kinesis}:stream/${stream.source.name}")
  }
  own_streams = { for name, stream in local.kinesis_streams : name => stream if !can(stream.source.arn) }

  # How many shards and partitions lake.json gives them.
  declared_shards = { for name, stream in local.kinesis_streams : name => try(tonumber(stream.source.shards), 1) }
  partitions      = { for name, stream in local.kafka_streams : name => try(tonumber(stream.source.partitions), 3) }

  # What a stream's records may contain, as the columns of its table say: the tag `classification`.
  stream_classifications = {
    for name, stream in local.streams : name => try(join(" ", coalescelist(sort(distinct(compact([
      for column in local.tables[stream.table].columns : try(column.classification, null)
    ]))))), "internal")
  }
  kafka_classification = try(join(" ", coalescelist(sort(distinct([
    for name in keys(local.kafka_streams) : local.stream_classifications[name] if local.stream_classifications[name] != "internal"
  ])))), "internal")

  watched_streams  = { for name, stream in local.kinesis_streams : name => stream if can("${stream.alerts.table}") && local.features.alerts }
  gateway_streams  = { for name, stream in local.kinesis_streams : name => stream if can(stream.gateway) && local.features.edge }
  indexed_streams  = { for name, stream in local.kafka_streams : name => stream if can(stream.index) && local.features.elastic && var.elastic != null }
  quotes_stream    = local.features.quotes ? try(local.streams[local.lake.quotes.stream], null) : null
  assets_table     = try(local.tables[local.lake.assets.table], null)
  schedules_wanted = local.declared.schedules

  # The simulators write to the streams of these names, and run only where lake.json has a schedule for them.
  scheduled_jobs  = toset([for schedule in values(local.schedules_wanted) : schedule.job])
  simulates_trade = local.features.simulators && contains(local.scheduled_jobs, "simulate-trades") && contains(keys(local.kafka_streams), "coinbase-trades")
  sensor_stream   = try(local.kinesis_streams["sensor-readings"], one(values(local.kinesis_streams)), null)
  simulates_sensors = (
    local.features.simulators && contains(local.scheduled_jobs, "simulate-sensors") && local.sensor_stream != null
  )

  # The jobs that there are, and those of them that this lake needs.
  all_jobs = [
    "bootstrap-tables", "bootstrap-topics", "detect-anomalies", "edge-gateway", "kafka-elastic", "kafka-ingest", "kinesis-ingest",
    "optimize-tables", "poll-quotes", "refresh-assets", "simulate-sensors", "simulate-trades",
  ]
  needed = {
    "bootstrap-tables" = true
    "bootstrap-topics" = length(local.kafka_streams) > 0
    "detect-anomalies" = length(local.watched_streams) > 0
    "edge-gateway"     = length(local.gateway_streams) > 0
    "kafka-elastic"    = length(local.indexed_streams) > 0
    "kafka-ingest"     = length(local.kafka_streams) > 0
    "kinesis-ingest"   = length(local.kinesis_streams) > 0
    "optimize-tables"  = true
    "poll-quotes"      = local.quotes_stream != null
    "refresh-assets"   = local.assets_table != null
    "simulate-sensors" = local.simulates_sensors
    "simulate-trades"  = local.simulates_trade
  }
  jobs = toset([for job, is_needed in local.needed : job if is_needed])

  # Schedules whose job is deployed. One for a job that does not exist is a mistake, which a check tells of.
  schedules = { for name, schedule in local.schedules_wanted : name => schedule if contains(local.jobs, schedule.job) }

  # Which function reads which stream.
  kinesis_mappings = merge(
    { for name, stream in local.kinesis_streams : "kinesis-ingest.${name}" => { job = "kinesis-ingest", stream = name } },
    { for name, stream in local.watched_streams : "detect-anomalies.${name}" => { job = "detect-anomalies", stream = name } },
  )
  kafka_mappings = merge(
    { for name, stream in local.kafka_streams : "kafka-ingest.${name}" => { job = "kafka-ingest", stream = name } },
    { for name, stream in local.indexed_streams : "kafka-elastic.${name}" => { job = "kafka-elastic", stream = name } },
  )
  consumer_groups = { for name, mapping in local.kafka_mappings : name => "${local.prefix}.${name}" }
}
