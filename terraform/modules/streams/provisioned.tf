# Three brokers, each in a zone of its own. Whoever produces or consumes signs in as an IAM role, over TLS; there is no other way.

locals {
  tags = merge(var.tags, { layer = "ingest", classification = try(var.kafka.classification, "internal") })
  mode = try(var.kafka.mode, "")
}

# Acknowledged records lie on two brokers at least, so that losing one loses none. A topic exists when bootstrap-topics has made
# it: a misspelt name is an error, not another topic. Records keep the time that their producer gives them (CreateTime, Kafka's
# own default): the largest seen is part of a table's watermark, and tells a topic made anew from a replay.
resource "aws_msk_configuration" "this" {
  count = local.mode == "provisioned" ? 1 : 0

  name        = var.kafka.cluster_name
  description = "Records of the lake: three copies, two of them before an acknowledgement"

  # Bound to no version of Kafka, so that an upgrade changes the cluster alone.
  server_properties = <<-PROPERTIES
    auto.create.topics.enable=false
    default.replication.factor=3
    min.insync.replicas=2
    unclean.leader.election.enable=false
  PROPERTIES
}

resource "aws_cloudwatch_log_group" "brokers" {
  count = local.mode == "provisioned" ? 1 : 0

  name              = var.kafka.log_group
  retention_in_days = var.kafka.log_retention_days
  kms_key_id        = var.kafka.log_key_arn
  tags              = merge(local.tags, { classification = "internal" })
}

resource "aws_msk_cluster" "this" {
  count = local.mode == "provisioned" ? 1 : 0

  cluster_name           = var.kafka.cluster_name
  kafka_version          = var.kafka.version
  number_of_broker_nodes = 3

  # Without charge, and enough: consumer lag by group and topic, throttling (TrafficShaping), disks and processors are among the
  # metrics of this level. Lag by partition would be PER_TOPIC_PER_PARTITION, paid by the metric.
  enhanced_monitoring = "DEFAULT"

  broker_node_group_info {
    instance_type   = var.kafka.instance_type
    client_subnets  = var.kafka.subnet_ids
    security_groups = [aws_security_group.cluster[0].id]

    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }

    storage_info {
      ebs_storage_info {
        volume_size = var.kafka.volume_gb
      }
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = false
    }
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = var.key_arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  configuration_info {
    arn      = aws_msk_configuration.this[0].arn
    revision = aws_msk_configuration.this[0].latest_revision
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.brokers[0].name
      }
    }
  }

  tags = local.tags

  lifecycle {
    # Volumes grow by themselves, below, and never shrink.
    ignore_changes = [broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size]
  }
}

# A broker whose disk is full stops, and so do its producers. Before that the volumes grow, by a tenth or 10 GB, at most once in
# six hours; MSK cannot shrink them again.
resource "aws_appautoscaling_target" "volume" {
  count = local.mode == "provisioned" ? 1 : 0

  service_namespace  = "kafka"
  resource_id        = aws_msk_cluster.this[0].arn
  scalable_dimension = "kafka:broker-storage:VolumeSize"
  # MSK wants 1 here, whatever the volumes' size is.
  min_capacity = 1
  max_capacity = var.kafka.volume_max_gb
  tags         = local.tags
}

resource "aws_appautoscaling_policy" "volume" {
  count = local.mode == "provisioned" ? 1 : 0

  name               = "${var.kafka.cluster_name}-volume"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.volume[0].service_namespace
  resource_id        = aws_appautoscaling_target.volume[0].resource_id
  scalable_dimension = aws_appautoscaling_target.volume[0].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value     = 60
    disable_scale_in = true

    predefined_metric_specification {
      predefined_metric_type = "KafkaBrokerStorageUtilization"
    }
  }
}
