# What holds for the whole lake: how much comes in, how late, and what goes wrong on the way.

locals {
  # The module function makes these; the status widget shows them beside our own.
  function_alarm_names = flatten([for function in var.functions : [for kind in function.alarms : "${function.name}-${kind}"]])
  function_names       = { for job, function in var.functions : job => function.name }

  jobs = sort(keys(var.functions))
  duration_metrics = [
    for index, job in local.jobs : ["AWS/Lambda", "Duration", "FunctionName", var.functions[job].name, { id = "duration${index}", visible = false }]
  ]
  duration_shares = [
    for index, job in local.jobs : [{ expression = "duration${index} / ${var.functions[job].timeout * 10}", label = job }]
  ]

  lake_sections = [
    {
      title = "Records into tables"
      widgets = [
        { title = "Rows appended", metrics = [for source in values(local.counted_as) : ["Swiftlake", "RowsAppended", "Stream", source]] },
        {
          title = "Records that came"
          metrics = concat(
            [for stream in values(var.kinesis) : ["AWS/Kinesis", "IncomingRecords", "StreamName", stream.stream_name]],
            [for rate in local.kafka_messages : [rate]],
          )
        },
        {
          title = "Bytes that came"
          metrics = concat(
            [for stream in values(var.kinesis) : ["AWS/Kinesis", "IncomingBytes", "StreamName", stream.stream_name]],
            [for rate in local.kafka_rates.BytesInPerSec : [rate]],
          )
        },
        {
          title   = "Age of the newest row when it was committed (ms)", stat = "Maximum"
          metrics = [for table in local.stream_tables : ["Swiftlake", "Freshness", "Table", table]]
          bound   = { value = local.default_minutes * 60000, label = "${local.default_minutes} minutes" }
        },
        {
          title   = "Age of what functions read from Kinesis (ms)", stat = "Maximum"
          metrics = [for function in values(local.kinesis_readers) : ["AWS/Lambda", "IteratorAge", "FunctionName", function]]
          bound   = { value = var.lag.minutes * 60000, label = "${var.lag.minutes} minutes" }
        },
        {
          title = "Records of Kafka that readers are behind", stat = "Maximum"
          metrics = [
            for reader in values(local.kafka_readers) :
            ["AWS/Kafka", "SumOffsetLag", "Cluster Name", var.cluster_name, "Consumer Group", reader.consumer_group, "Topic", reader.topic, { label = reader.consumer_group }]
          ]
        },
        {
          title = "Dead letters"
          metrics = concat(
            [for source in values(local.counted_as) : ["Swiftlake", "DeadLetters", "Stream", source]],
            [for index in values(local.indexes) : ["Swiftlake", "DeadLetters", "Index", index]],
          )
        },
        {
          title = "Batches that come again"
          metrics = concat(
            [for source in toset(concat(values(local.counted_as), keys(local.watched))) : ["Swiftlake", "BatchesFailed", "Stream", source]],
            [for index in values(local.indexes) : ["Swiftlake", "BatchesFailed", "Index", index]],
          )
        },
        {
          # Freshness is counted once a commit of rows.
          title = "Commits of rows, and those made again as another writer was first"
          metrics = concat(
            [for table in local.stream_tables : ["Swiftlake", "Freshness", "Table", table, { label = "commits of ${table}", stat = "SampleCount" }]],
            [for source in values(local.counted_as) : ["Swiftlake", "CommitConflicts", "Stream", source, { label = "made again of ${source}" }]],
          )
        },
        { title = "Records that were in the table already", metrics = [for source in values(local.counted_as) : ["Swiftlake", "RecordsReplayed", "Stream", source]] },
        { title = "Bad records dropped, as lake.json says", metrics = [for source in values(local.counted_as) : ["Swiftlake", "RecordsDropped", "Stream", source]] },
        { title = "Fields that no column takes", metrics = [for source in values(local.counted_as) : ["Swiftlake", "UnknownFields", "Stream", source]] },
      ]
    },
    {
      title = "Functions"
      widgets = concat(
        [
          for widget in [
            { metric = "Invocations", title = "Invocations", stat = "Sum" },
            { metric = "Errors", title = "Invocations that failed", stat = "Sum" },
            { metric = "Throttles", title = "Invocations that were throttled", stat = "Sum" },
            { metric = "ConcurrentExecutions", title = "Running at once", stat = "Maximum" },
            { metric = "AsyncEventAge", title = "How long events waited for their function (ms)", stat = "Maximum" },
          ] :
          {
            title   = widget.title
            stat    = widget.stat
            metrics = [for job, function in local.function_names : ["AWS/Lambda", widget.metric, "FunctionName", function, { label = job }]]
          }
        ],
        [{
          title   = "Duration of the slowest in a hundred, in % of the timeout"
          stat    = "p99"
          metrics = concat(local.duration_metrics, local.duration_shares)
          bound   = { value = 80, label = "80 %" }
        }],
      )
    },
    {
      title = "Buckets, queues and topics"
      widgets = [
        { title = "Bytes in buckets", stat = "Average", period = 86400, metrics = [for purpose, bucket in var.buckets : ["AWS/S3", "BucketSizeBytes", "StorageType", "StandardStorage", "BucketName", bucket, { label = purpose }]] },
        { title = "Objects in buckets", stat = "Average", period = 86400, metrics = [for purpose, bucket in var.buckets : ["AWS/S3", "NumberOfObjects", "StorageType", "AllStorageTypes", "BucketName", bucket, { label = purpose }]] },
        {
          title = "Invocations that failed for good, in queues", stat = "Maximum"
          metrics = concat(
            [for job, function in var.functions : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", function.failure_queue, { label = job }]],
            [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.schedule_queue, { label = "schedules" }]],
          )
        },
        {
          title   = "Messages to people"
          metrics = [for topic in compact([var.alarm_topic_name, var.alert_topic_name]) : ["AWS/SNS", "NumberOfMessagesPublished", "TopicName", topic]]
        },
      ]
    },
  ]
}
