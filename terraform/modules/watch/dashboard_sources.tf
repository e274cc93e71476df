# Kinesis and Kafka themselves.

locals {
  # A provisioned cluster counts each broker's share of a topic, and messages by topic only at a monitoring level that
  # costs extra: the sum over what there is. A serverless one counts by topic.
  kafka_rate = {
    for metric in ["BytesInPerSec", "MessagesInPerSec"] : metric => {
      for stream in values(var.kafka) : stream.topic => {
        label = stream.topic
        expression = join("", [
          "SUM(SEARCH('{AWS/Kafka,${var.cluster_serverless ? "" : "\"Broker ID\","}\"Cluster Name\",Topic} MetricName=\"${metric}\" ",
          "\"Cluster Name\"=\"${coalesce(var.cluster_name, "none")}\" Topic=\"${stream.topic}\"', 'Average', 300)) * 300",
        ])
      }
    }
  }

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

  broker_widgets = concat(
    [
      for widget in [
        { metric = "KafkaDataLogsDiskUsed", title = "Disk in use, the fullest broker (%)" },
        { metric = "CpuUser", title = "Processor in use, the busiest broker (%)" },
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
      title   = "Throttled by quotas, the worst broker (ms)"
      stat    = "Maximum"
      metrics = [for metric in ["ProduceThrottleTime", "FetchThrottleTime"] : [{ expression = local.of_brokers[metric], label = metric }]]
    }],
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
