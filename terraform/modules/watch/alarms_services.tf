# Buckets, queues, and where failed events go.

locals {
  service_alarms = merge(
    {
      # S3 counts once a day, versions that are no longer current included.
      for purpose, bucket in var.buckets : "bucket-size/${purpose}" => {
        text       = "The bucket ${bucket} holds more than ${var.bucket_alarm_gb} GB. See whether tables grow as they should, and whether upkeep and the lifecycle rules work."
        namespace  = "AWS/S3"
        metric     = "BucketSizeBytes"
        dimensions = { BucketName = bucket, StorageType = "StandardStorage" }
        statistic  = "Average"
        period     = 86400
        above      = var.bucket_alarm_gb * 1000000000
        missing    = "ignore"
      }
    },
    {
      # Queues of failed events, and the bucket that records go to which a mapping has given up.
      for job, function in var.functions : "destination-failed/${job}" => {
        text       = "Lambda could not put what ${function.name} failed on where failed events go: that event, or these records, are lost unless their source still has them."
        namespace  = "AWS/Lambda"
        metric     = "DestinationDeliveryFailures"
        dimensions = { FunctionName = function.name }
        above      = 0
      }
    },
    {
      "schedule-failures" = {
        text       = "EventBridge Scheduler could not start a job and put its invocation into ${var.schedule_queue}. The message has the reason in its attributes."
        namespace  = "AWS/SQS"
        metric     = "ApproximateNumberOfMessagesVisible"
        dimensions = { QueueName = var.schedule_queue }
        statistic  = "Maximum"
        above      = 0
      }
    },
  )
}
