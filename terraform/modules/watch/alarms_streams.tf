# Records on their way from any stream into tables.

locals {
  # The name by which kinesis-ingest and kafka-ingest count: of the stream in AWS, or the topic.
  counted_as = merge(
    { for name, stream in var.kinesis : name => stream.stream_name },
    { for name, stream in var.kafka : name => stream.topic },
  )
  windowed = { for name, stream in var.kafka : name => stream if stream.windowed }

  stream_alarms = merge(
    {
      for name, source in local.counted_as : "dead-letters/${name}" => {
        text       = "Records of ${source} could not be decoded and went to the dead-letter table; all others are in their table. See what they are, and tell who sends them."
        metric     = "DeadLetters"
        dimensions = { Stream = source }
        above      = 0
      }
    },
    {
      for name, source in local.counted_as : "batches-failed/${name}" => {
        text       = "Batches of ${source} have not been committed whole for 15 minutes and come again. Nothing is lost yet: the function's log says why."
        metric     = "BatchesFailed"
        dimensions = { Stream = source }
        periods    = 3
        above      = 0
      }
    },
    {
      for name, stream in local.windowed : "late-records/${name}" => {
        text       = "Records of ${stream.topic} came after their window had been closed, for 15 minutes, and were dropped: the producer or its clock is behind."
        metric     = "RecordsLate"
        dimensions = { Stream = stream.topic }
        periods    = 3
        above      = 0
      }
    },
    {
      for name, stream in local.windowed : "shared-assets/${name}" => {
        text       = "An asset comes on several partitions of ${stream.topic}, so that its windows are emitted once for each. Producers must key their records by symbol."
        metric     = "AssetsOnSeveralPartitions"
        dimensions = { Stream = stream.topic }
        above      = 0
      }
    },
  )

  # Minutes by table; tables of streams have one, others only if they are named.
  stream_tables   = toset(concat([for stream in values(var.kinesis) : stream.table], [for stream in values(var.kafka) : stream.table]))
  default_minutes = lookup(var.freshness_minutes, "default", 15)
  fresh_minutes   = { for table in local.stream_tables : table => lookup(var.freshness_minutes, table, local.default_minutes) }

  # CloudWatch looks back a day in steps shorter than an hour, and a week in longer ones.
  freshness_alarms = {
    for table, minutes in local.fresh_minutes : "freshness/${table}" => {
      text       = "${table} has had no rows younger than ${minutes} minutes for as long. Look whether records come, and whether their reader keeps up."
      metric     = "Freshness"
      dimensions = { Table = table }
      statistic  = "Maximum"
      period     = minutes <= 1440 ? 300 : 3600
      periods    = ceil(minutes / (minutes <= 1440 ? 5 : 60))
      above      = minutes * 60000
      missing    = "breaching"
    } if minutes > 0
  }
}
