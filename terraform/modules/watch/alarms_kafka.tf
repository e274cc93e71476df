# Kafka: how far its readers are behind, the brokers of a provisioned cluster, the quotas of a serverless one.

locals {
  # Reader by reader: "STREAM/JOB".
  kafka_readers = merge([
    for name, stream in var.kafka : {
      for job, reader in stream.readers : "${name}/${job}" => merge(reader, { topic = stream.topic })
    }
  ]...)
  lag_dimensions = {
    for key, reader in local.kafka_readers : key => {
      "Cluster Name"   = var.cluster_name
      "Consumer Group" = reader.consumer_group
      "Topic"          = reader.topic
    }
  }

  kafka_alarms = merge(
    {
      for key, reader in local.kafka_readers : "kafka-time-lag/${key}" => {
        text       = "${reader.function_name} would need more than ${var.lag.minutes} minutes to come up with ${reader.topic}, for 15 minutes. Look at its errors, throttles and duration."
        namespace  = "AWS/Kafka"
        metric     = "EstimatedMaxTimeLag"
        dimensions = local.lag_dimensions[key]
        statistic  = "Maximum"
        periods    = 3
        above      = var.lag.minutes * 60
      }
    },
    {
      # MSK estimates no time for a reader that stands still.
      for key, reader in local.kafka_readers : "kafka-lag/${key}" => {
        text       = "${reader.function_name} is more than ${var.lag.records} records of ${reader.topic} behind, for 15 minutes. If it stands still, its log or the mapping's state says why."
        namespace  = "AWS/Kafka"
        metric     = "SumOffsetLag"
        dimensions = local.lag_dimensions[key]
        statistic  = "Maximum"
        periods    = 3
        above      = var.lag.records
      }
    },
    {
      # MSK Serverless takes 5 MB a second and partition, and tells of throttling by no metric.
      for name, stream in var.kafka : "kafka-quota/${name}" => {
        text       = "${stream.topic} takes more than 80 % of the 5 MB a second and partition that MSK Serverless allows, for 15 minutes. Add partitions before producers are throttled."
        namespace  = "AWS/Kafka"
        metric     = "BytesInPerSec"
        dimensions = { "Cluster Name" = var.cluster_name, "Topic" = stream.topic }
        statistic  = "Average"
        periods    = 3
        above      = 4000000 * stream.partitions
      } if var.cluster_serverless
    },
  )

  # Brokers come and go: a query finds those that there are. It looks at no more than a metric of each broker.
  of_brokers = { for metric in ["CpuUser", "KafkaDataLogsDiskUsed", "MemoryUsed", "TrafficShaping", "UnderReplicatedPartitions"] : metric => "SELECT MAX(${metric}) FROM \"AWS/Kafka\" WHERE \"Cluster Name\" = '${coalesce(var.cluster_name, "none")}'" }

  broker_alarms = {
    for kind, alarm in {
      "kafka-disk" = {
        text       = "A broker's disk is more than 80 % full, though disks are enlarged before. Raise kafka.volume_max_gb, or keep records for a shorter time: a broker whose disk is full stops."
        expression = local.of_brokers.KafkaDataLogsDiskUsed
        above      = 80
      }
      "kafka-cpu" = {
        text       = "A broker's processor is busier than 60 %, for 15 minutes. It needs the rest when another one fails: take a larger instance_type."
        expression = local.of_brokers.CpuUser
        periods    = 3
        above      = 60
      }
      "kafka-throttled" = {
        text       = "A broker's network is beyond what its instance allows, for 15 minutes: packets wait or are dropped. Take a larger instance_type."
        expression = local.of_brokers.TrafficShaping
        periods    = 3
        above      = 0
      }
      "kafka-under-replicated" = {
        text       = "Partitions have had fewer replicas than they should for 30 minutes. A broker is down or cannot keep up: see the cluster's state and its log."
        expression = local.of_brokers.UnderReplicatedPartitions
        periods    = 6
        above      = 0
      }
      "kafka-offline-partitions" = {
        text       = "Partitions have no leader: nobody can write to them or read them. See the cluster's state and its log."
        namespace  = "AWS/Kafka"
        metric     = "OfflinePartitionsCount"
        dimensions = { "Cluster Name" = var.cluster_name }
        statistic  = "Maximum"
        above      = 0
      }
      "kafka-controller" = {
        text       = "The cluster has had no active controller for 5 minutes: topics and leaders cannot change. See the cluster's state."
        namespace  = "AWS/Kafka"
        metric     = "ActiveControllerCount"
        dimensions = { "Cluster Name" = var.cluster_name }
        statistic  = "Maximum"
        below      = 1
        # There is none while the cluster is being made.
        missing = "missing"
      }
    } : kind => alarm if var.cluster_name != null && !var.cluster_serverless
  }
}
