# The streams that lake.json names by their names. Functions know a record's stream by that name: nothing is put before it.

resource "aws_kinesis_stream" "this" {
  for_each = var.kinesis

  name             = each.value.name
  shard_count      = var.on_demand ? null : each.value.shards
  retention_period = var.retention_hours

  stream_mode_details {
    stream_mode = var.on_demand ? "ON_DEMAND" : "PROVISIONED"
  }

  encryption_type = "KMS"
  kms_key_id      = var.key_arn

  # No metrics by shard, which cost 30 cents each, metric and shard a month: the stream's own metrics show throttling and the age
  # of what waits. Somebody who looks for one hot shard turns them on for that while.
  shard_level_metrics = []

  # A stream that somebody still reads by enhanced fan-out is not destroyed.
  enforce_consumer_deletion = false

  tags = merge(var.tags, { layer = "ingest", classification = each.value.classification })
}
