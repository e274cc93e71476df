# Kinesis: how far its readers are behind, and whether anybody is throttled.

locals {
  kinesis_readers = merge([for stream in values(var.kinesis) : stream.readers]...)

  # Of all streams of a function together: Lambda does not tell them apart.
  reader_alarms = {
    for job, function in local.kinesis_readers : "iterator-age/${job}" => {
      text       = "${function} gets records of Kinesis that are older than ${var.lag.minutes} minutes, for 15 minutes. Look at its errors, throttles and duration."
      namespace  = "AWS/Lambda"
      metric     = "IteratorAge"
      dimensions = { FunctionName = function }
      statistic  = "Maximum"
      periods    = 3
      above      = var.lag.minutes * 60000
    }
  }

  kinesis_alarms = merge(
    {
      for name, stream in var.kinesis : "stream-age/${name}" => {
        text       = "Some reader of ${stream.stream_name} is more than ${var.lag.minutes} minutes behind, for 15 minutes. Records are lost when they are older than the stream keeps them."
        namespace  = "AWS/Kinesis"
        metric     = "GetRecords.IteratorAgeMilliseconds"
        dimensions = { StreamName = stream.stream_name }
        statistic  = "Maximum"
        periods    = 3
        above      = var.lag.minutes * 60000
      }
    },
    {
      for name, stream in var.kinesis : "kinesis-write-throttled/${name}" => {
        text       = "${stream.stream_name} refuses records: more come than its shards take. Producers send them again; if they give up, records are lost. Add shards, or spread partition keys."
        namespace  = "AWS/Kinesis"
        metric     = "WriteProvisionedThroughputExceeded"
        dimensions = { StreamName = stream.stream_name }
        periods    = 3
        datapoints = 2
        above      = 0
      }
    },
    {
      # Each shard is read five times and 2 MB a second, by all readers together: single refusals are ordinary.
      for name, stream in var.kinesis : "kinesis-read-throttled/${name}" => {
        text       = "Reads of ${stream.stream_name} have been throttled for 15 minutes: its readers get 2 MB a second and shard together. Add shards, or take a reader away."
        namespace  = "AWS/Kinesis"
        metric     = "ReadProvisionedThroughputExceeded"
        dimensions = { StreamName = stream.stream_name }
        periods    = 3
        above      = 10
      }
    },
  )
}
