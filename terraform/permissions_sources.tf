# Permissions on streams and topics, of the functions and of the mappings that read for them, and on the network.

locals {
  # Which streams a job's mappings read, and which it writes to itself.
  kinesis_read = {
    for job in local.all_jobs : job => sort(distinct([for mapping in values(local.kinesis_mappings) : mapping.stream if mapping.job == job]))
  }
  edge_stream = try(local.environment_changes["edge-gateway"].EDGE_STREAM, null)
  kinesis_written = {
    for job in local.all_jobs : job => (
      job == "edge-gateway" ? [for name in sort(keys(local.gateway_streams)) : name if local.edge_stream == null || local.edge_stream == name] :
      job == "simulate-sensors" && local.simulates_sensors ? [local.sensor_stream.name] : []
    )
  }

  # MSK's access control by IAM; with SCRAM or TLS the brokers' own lists decide.
  kafka_by_iam  = var.kafka.mode != "existing" || try(var.kafka.existing.security, "") == "msk-iam"
  kafka_cluster = local.cluster_arn_pattern
  kafka_topic   = { for name, stream in local.kafka_streams : name => "${replace(local.kafka_cluster, ":cluster/", ":topic/")}/${stream.source.topic}" }
  kafka_group   = { for name, group in local.consumer_groups : name => "${replace(local.kafka_cluster, ":cluster/", ":group/")}/${group}" }

  kafka_read = { for job in local.all_jobs : job => { for name, mapping in local.kafka_mappings : name => mapping.stream if mapping.job == job } }
  kafka_made = { for job in local.all_jobs : job => job == "bootstrap-topics" ? sort(keys(local.kafka_streams)) : [] }
  kafka_written = {
    for job in local.all_jobs : job => (
      job == "poll-quotes" && local.quotes_stream != null ? [local.quotes_stream.name] :
      job == "simulate-trades" && local.simulates_trade ? ["coinbase-trades"] : []
    )
  }
  # The same topic may serve several streams.
  topics_read    = { for job, streams in local.kafka_read : job => sort(distinct([for stream in values(streams) : local.kafka_topic[stream]])) }
  topics_made    = { for job, streams in local.kafka_made : job => sort(distinct([for stream in streams : local.kafka_topic[stream]])) }
  topics_written = { for job, streams in local.kafka_written : job => sort(distinct([for stream in streams : local.kafka_topic[stream]])) }

  source_statements = {
    for job in local.all_jobs : job => [
      {
        sid       = "ReadStreams"
        actions   = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
        resources = [for name in local.kinesis_read[job] : local.stream_arns[name]]
      },
      {
        sid       = "PutRecords"
        actions   = ["kinesis:PutRecords"]
        resources = [for name in local.kinesis_written[job] : local.stream_arns[name]]
      },
      {
        # Of streams made here; of another's key its owner decides.
        sid = "StreamsKey"
        actions = concat(
          anytrue([for name in local.kinesis_read[job] : contains(keys(local.own_streams), name)]) ? ["kms:Decrypt"] : [],
          anytrue([for name in local.kinesis_written[job] : contains(keys(local.own_streams), name)]) ? ["kms:GenerateDataKey"] : []
        )
        resources = [local.any_key]
        condition = local.has_name.streams
      },
      {
        # Batches that a mapping of Kinesis gives up, with all their records; the names of the files are Lambda's.
        sid       = "GivenUp"
        actions   = ["s3:PutObject"]
        resources = length(local.kinesis_read[job]) > 0 ? ["${local.bucket_arns.artefacts}/aws/lambda/*"] : []
      },
      {
        sid       = "GivenUpBucket"
        actions   = ["s3:ListBucket"]
        resources = length(local.kinesis_read[job]) > 0 ? [local.bucket_arns.artefacts] : []
      },
      {
        sid       = "Cluster"
        actions   = ["kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"]
        resources = length(local.topics_read[job]) > 0 ? [local.kafka_cluster] : []
      },
      {
        sid = "Connect"
        actions = !local.kafka_by_iam ? [] : concat(
          ["kafka-cluster:Connect"],
          length(local.topics_read[job]) > 0 ? ["kafka-cluster:DescribeClusterDynamicConfiguration"] : [],
          length(local.topics_written[job]) > 0 ? ["kafka-cluster:WriteDataIdempotently"] : []
        )
        resources = length(concat(local.topics_read[job], local.topics_made[job], local.topics_written[job])) > 0 ? [local.kafka_cluster] : []
      },
      {
        sid       = "ReadTopics"
        actions   = local.kafka_by_iam ? ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"] : []
        resources = local.topics_read[job]
      },
      {
        sid       = "Groups"
        actions   = local.kafka_by_iam ? ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"] : []
        resources = [for name in sort(keys(local.kafka_read[job])) : local.kafka_group[name]]
      },
      {
        sid       = "MakeTopics"
        actions   = local.kafka_by_iam ? ["kafka-cluster:AlterTopic", "kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration"] : []
        resources = local.topics_made[job]
      },
      {
        sid       = "WriteTopics"
        actions   = local.kafka_by_iam ? ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"] : []
        resources = local.topics_written[job]
      },
    ]
  }

  # Network interfaces: of functions in the network, and of the mappings of those that read topics.
  ec2             = "arn:${local.partition}:ec2:${var.region}:${local.account}"
  has_interfaces  = { for job in local.all_jobs : job => contains(local.jobs_in_network, job) }
  has_pollers     = { for job in local.all_jobs : job => length(local.topics_read[job]) > 0 }
  interface_looks = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
  network_actions = {
    for job in local.all_jobs : job => concat(
      local.has_interfaces[job] || local.has_pollers[job] ? ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"] : [],
      local.has_interfaces[job] ? ["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"] : []
    )
  }
  network_looks = {
    for job in local.all_jobs : job => concat(
      local.has_interfaces[job] || local.has_pollers[job] ? local.interface_looks : [],
      local.has_pollers[job] ? ["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"] : []
    )
  }
  network_statements = {
    for job in local.all_jobs : job => [
      {
        # Lambda must be allowed all of them, the ids being AWS's.
        sid       = "Interfaces"
        actions   = local.network_actions[job]
        resources = ["${local.ec2}:*/*"]
      },
      {
        # EC2's Describe actions have no resources.
        sid       = "LookAtNetwork"
        actions   = local.network_looks[job]
        resources = ["*"]
      },
      {
        # All of this is for Lambda itself: what the code calls carries the function's ARN, and is refused.
        sid       = "NotTheCode"
        effect    = "Deny"
        actions   = concat(local.network_actions[job], local.network_looks[job])
        resources = ["*"]
        condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.function_arns[job] } }
      },
    ]
  }
}
