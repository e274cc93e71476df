# What carries records from streams to functions. A function takes a batch as a whole, or says from which record on it could not:
# nothing passes the watermark in its table that is not in the table, or among the dead letters.

locals {
  tags = merge(var.tags, { layer = "ingest", classification = "internal" })

  # Lambda can give up records by their age up to this, in seconds: a week.
  oldest_age = 604800
}

resource "aws_lambda_event_source_mapping" "kinesis" {
  for_each = var.kinesis

  function_name     = each.value.function_name
  event_source_arn  = each.value.stream_arn
  enabled           = each.value.enabled
  starting_position = "TRIM_HORIZON"

  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.window_seconds

  # One batch of a shard at a time: the watermark is the last record taken of a shard, which means all before it only in order.
  parallelization_factor = 1

  # The function names the first record that it could not take, and the next batch begins there. Where it cannot even say that,
  # the batch is halved, until what stops it is alone.
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true

  # Tried again for as long as the stream has the record, less an hour: then it goes to the bucket, whole, instead of ending
  # with the retention unseen. A stream that keeps records for more than a week and an hour has no such age, as Lambda knows none
  # above a week: giving up records there that the stream still holds for days would serve nobody, so they are tried until the
  # stream lets go of them. The alarm on the iterator's age comes long before either.
  maximum_retry_attempts = -1
  maximum_record_age_in_seconds = (
    (each.value.retention_hours - 1) * 3600 <= local.oldest_age ? (each.value.retention_hours - 1) * 3600 : -1
  )

  # A bucket gets the records themselves, under aws/lambda/MAPPING/SHARD/; a queue or a topic would get their numbers alone.
  destination_config {
    on_failure {
      destination_arn = each.value.failures_bucket
    }
  }

  tags = local.tags
}

# One for each topic and function: Lambda takes one topic a mapping. There is no failure destination, and no bound on attempts or
# age: with a destination Lambda gives up after ten attempts, and the function's watermark would then pass records that are in no
# table. A record that cannot be decoded is a dead letter, and stops nothing.
resource "aws_lambda_event_source_mapping" "kafka" {
  for_each = var.kafka

  function_name    = each.value.function_name
  event_source_arn = each.value.cluster_arn
  topics           = [each.value.topic]
  enabled          = each.value.enabled

  # LATEST misses what is written until the pollers are there. A group that has been here before goes on where it was.
  starting_position = "TRIM_HORIZON"

  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.window_seconds

  amazon_managed_kafka_event_source_config {
    consumer_group_id = each.value.consumer_group
  }

  # Only provisioned pollers look at what a function replies. The others take a batch as done, or, on an error, all of it again;
  # the functions bear both, as they skip what their watermark covers.
  function_response_types = var.provisioned_pollers == null ? null : ["ReportBatchItemFailures"]

  dynamic "provisioned_poller_config" {
    for_each = var.provisioned_pollers == null ? [] : [var.provisioned_pollers]

    content {
      minimum_pollers = provisioned_poller_config.value.minimum
      maximum_pollers = provisioned_poller_config.value.maximum
    }
  }

  tags = local.tags
}
