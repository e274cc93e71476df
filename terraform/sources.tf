# Sources in lake.json that this apply cannot read, and mappings that there are not.

locals {
  # An existing cluster is named by its ARN or one of its servers; one made here by its ARN alone, whose end AWS makes up.
  clusters_elsewhere = {
    for name, stream in local.kafka_streams : name => stream.source.cluster
    if can(stream.source.cluster) && !(
      var.kafka.mode == "existing"
      ? contains(concat([try(var.kafka.existing.cluster_arn, "")], split(",", try(var.kafka.existing.bootstrap_servers, ""))), try(stream.source.cluster, ""))
      : startswith(try(stream.source.cluster, ""), trimsuffix(local.cluster_arn_pattern, "*"))
    )
  }
  streams_elsewhere = { for name, arn in local.stream_arns : name => arn if split(":", arn)[3] != var.region }

  mapping_names    = concat(keys(local.kinesis_mappings), keys(local.kafka_mappings))
  mappings_unknown = setsubtract(keys(var.mappings), concat(local.mapping_names, keys(local.job_batches)))
}

resource "terraform_data" "sources" {
  lifecycle {
    precondition {
      condition     = length(local.clusters_elsewhere) == 0
      error_message = "lake.json: streams of another Kafka cluster than this one: ${join(", ", [for name, cluster in local.clusters_elsewhere : "${name} (${cluster})"])}. One apply serves one cluster: leave \"cluster\" out, or name this cluster's ARN; for a cluster that is there give kafka.mode = \"existing\", and for a second one a second apply with `lakes`."
    }
    precondition {
      condition     = length(local.streams_elsewhere) == 0
      error_message = "lake.json: Kinesis streams of another region than ${var.region}: ${join(", ", values(local.streams_elsewhere))}. Lambda reads streams of its own region."
    }
    precondition {
      condition     = length(local.mappings_unknown) == 0
      error_message = "mappings: there are no such mappings: ${join(", ", local.mappings_unknown)}. There are: ${join(", ", local.mapping_names)}."
    }
  }
}
