variable "kinesis" {
  description = "Mappings from Kinesis streams to functions, by name: function, stream, the bucket that gets the records which were given up, hours that the stream keeps records, and how batches are made: at most batch_size records (1 to 10,000), gathered for window_seconds (0 to 300)."
  type = map(object({
    function_name   = string
    stream_arn      = string
    failures_bucket = string
    retention_hours = number
    batch_size      = number
    window_seconds  = number
    enabled         = optional(bool, true)
  }))

  validation {
    condition     = alltrue([for mapping in values(var.kinesis) : mapping.batch_size >= 1 && mapping.batch_size <= 10000])
    error_message = "mappings: batch_size is from 1 to 10000 records."
  }
  validation {
    condition     = alltrue([for mapping in values(var.kinesis) : mapping.window_seconds >= 0 && mapping.window_seconds <= 300])
    error_message = "mappings: window_seconds is from 0 to 300."
  }
  validation {
    condition     = alltrue([for mapping in values(var.kinesis) : mapping.retention_hours >= 24])
    error_message = "mappings: a Kinesis stream keeps records for 24 hours or more."
  }
}

variable "kafka" {
  description = "Mappings from Kafka topics to functions, by name: function, cluster, topic and consumer group, and how batches are made: at most batch_size records (1 to 10,000), gathered for window_seconds (0 to 300)."
  type = map(object({
    function_name  = string
    cluster_arn    = string
    topic          = string
    consumer_group = string
    batch_size     = number
    window_seconds = number
    enabled        = optional(bool, true)
  }))

  validation {
    condition     = alltrue([for mapping in values(var.kafka) : mapping.batch_size >= 1 && mapping.batch_size <= 10000])
    error_message = "mappings: batch_size is from 1 to 10000 records."
  }
  validation {
    condition     = alltrue([for mapping in values(var.kafka) : mapping.window_seconds >= 0 && mapping.window_seconds <= 300])
    error_message = "mappings: window_seconds is from 0 to 300."
  }
  validation {
    condition     = alltrue([for mapping in values(var.kafka) : length(mapping.consumer_group) <= 200])
    error_message = "mappings: the name of a consumer group has at most 200 characters. Give the stream in lake.json a shorter name."
  }
}

variable "provisioned_pollers" {
  description = "How many pollers each Kafka mapping has at least and at most, of 5 MB/s each; null: on-demand pollers, which cost nothing and take minutes to become more."
  type = object({
    minimum = number
    maximum = number
  })
  default = null

  validation {
    condition     = var.provisioned_pollers == null || try(var.provisioned_pollers.minimum >= 1 && var.provisioned_pollers.minimum <= 200 && var.provisioned_pollers.maximum >= var.provisioned_pollers.minimum && var.provisioned_pollers.maximum <= 2000, false)
    error_message = "kafka.provisioned_pollers: minimum from 1 to 200, maximum from minimum to 2000."
  }
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
