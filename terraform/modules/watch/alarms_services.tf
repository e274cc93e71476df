# Buckets and queues.

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
