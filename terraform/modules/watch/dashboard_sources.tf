# Kinesis and Kafka themselves.

locals {
  # A provisioned cluster counts each broker's share: the sum over those that there are. Bytes it counts by topic, messages
  # only at a monitoring level that costs extra: so of all topics together. A serverless cluster counts both by topic.
  kafka_rates = {
    for metric in ["BytesInPerSec", "MessagesInPerSec"] : metric => [
      for topic in [for stream in values(var.kafka) : stream.topic] : {
        label      = topic
        expression = "SUM(SEARCH('{AWS/Kafka,${var.cluster_serverless ? "" : "\"Broker ID\","}\"Cluster Name\",Topic} MetricName=\"${metric}\" ${local.in_cluster} Topic=\"${topic}\"', 'Average', 300)) * 300"
      } if metric == "BytesInPerSec" || var.cluster_serverless
    ]
  }
  in_cluster = "\"Cluster Name\"=\"${coalesce(var.cluster_name, "none")}\""
  kafka_messages = concat(local.kafka_rates.MessagesInPerSec, [
    for label in ["all topics of Kafka"] : {
      label      = label
      expression = "SUM(SEARCH('{AWS/Kafka,\"Broker ID\",\"Cluster Name\"} MetricName=\"MessagesInPerSec\" ${local.in_cluster}', 'Average', 300)) * 300"
    } if var.cluster_name != null && !var.cluster_serverless
  ])

  kinesis_widgets = [
    for widget in [
      { metric = "IncomingRecords", title = "Records put", stat = "Sum" },
      { metric = "GetRecords.IteratorAgeMilliseconds", title = "Age of what the slowest reader reads (ms)", stat = "Maximum" },
      { metric = "WriteProvisionedThroughputExceeded", title = "Records refused: too many for the shards", stat = "Sum" },
      { metric = "ReadProvisionedThroughputExceeded", title = "Reads refused: too many for the shards", stat = "Sum" },
      { metric = "PutRecords.Latency", title = "Time of PutRecords (ms)", stat = "Average" },
      { metric = "GetRecords.Bytes", title = "Bytes read", stat = "Sum" },
    ] :
    {
      title   = widget.title
      stat    = widget.stat
      metrics = [for stream in values(var.kinesis) : ["AWS/Kinesis", widget.metric, "StreamName", stream.stream_name]]
    }
  ]

  reader_widgets = [
    {
      title = "Seconds that readers would need to come up", stat = "Maximum"
      metrics = [
        for reader in values(local.kafka_readers) :
        ["AWS/Kafka", "EstimatedMaxTimeLag", "Cluster Name", var.cluster_name, "Consumer Group", reader.consumer_group, "Topic", reader.topic, { label = reader.consumer_group }]
      ]
      bound = { value = var.lag.minutes * 60, label = "${var.lag.minutes} minutes" }
    },
    {
      title   = "Records that functions are behind, all their topics", stat = "Maximum"
      metrics = [for function in toset([for reader in values(local.kafka_readers) : reader.function_name]) : ["AWS/Lambda", "OffsetLag", "FunctionName", function]]
    },
  ]

  # A graph takes one query.
  broker_widgets = concat(
    [
      for widget in [
        { metric = "KafkaDataLogsDiskUsed", title = "Disk in use, the fullest broker (%)" },
        { metric = "CpuUser", title = "Processor in use, the busiest broker (%)" },
        { metric = "MemoryUsed", title = "Memory in use, the fullest broker (bytes)" },
        { metric = "TrafficShaping", title = "Packets beyond the network's allowance" },
        { metric = "UnderReplicatedPartitions", title = "Partitions with too few replicas" },
      ] :
      {
        title   = widget.title
        stat    = "Maximum"
        metrics = [[{ expression = local.of_brokers[widget.metric], label = widget.metric }]]
      }
    ],
    [{
      title = "Controllers, and partitions without a leader"
      stat  = "Maximum"
      metrics = [
        for metric in ["ActiveControllerCount", "OfflinePartitionsCount"] : ["AWS/Kafka", metric, "Cluster Name", var.cluster_name]
      ]
    }],
  )

  source_sections = [
    { title = "Kinesis", widgets = [for widget in local.kinesis_widgets : widget if length(var.kinesis) > 0] },
    { title = "Kafka: readers", widgets = [for widget in local.reader_widgets : widget if length(var.kafka) > 0] },
    { title = "Kafka: brokers", widgets = [for widget in local.broker_widgets : widget if var.cluster_name != null && !var.cluster_serverless] },
  ]
}
