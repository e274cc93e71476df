# Where.

variable "prefix" {
  description = "What the names of alarms, topics and the dashboard begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "account" {
  description = "Account, 12 digits."
  type        = string
}

variable "partition" {
  description = "Partition of AWS, such as aws."
  type        = string
}

variable "tags" {
  description = "Tags owner and environment."
  type        = map(string)
}

# Who is told.

variable "alarm_topic_name" {
  description = "Name of the SNS topic of alarms."
  type        = string
}

variable "alarm_topic_arn" {
  description = "ARN of the SNS topic of alarms, as its name determines it."
  type        = string
}

variable "alert_topic_name" {
  description = "Name of the SNS topic that detect-anomalies publishes to; null without it."
  type        = string
  default     = null
}

variable "rules_publish" {
  description = "Whether rules of EventBridge publish to the topic of alarms, as that of Macie's findings does."
  type        = bool
}

variable "alert_topic_arn" {
  description = "ARN of the SNS topic of alerts, as its name determines it."
  type        = string
}

variable "email" {
  description = "Who gets both topics by e-mail, once AWS's question has been answered; null: nobody."
  type        = string
  default     = null

  validation {
    condition     = var.email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.email))
    error_message = "email: an address such as data@example.com, or null."
  }
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts the topics."
  type        = string
}

# What is watched.

variable "functions" {
  description = "The functions, by job: name, timeout in seconds, name of the queue of invocations that failed for good, and the kinds of alarms that the module function makes."
  type = map(object({
    name          = string
    timeout       = number
    failure_queue = string
    alarms        = optional(list(string), ["errors", "throttles", "duration", "failures"])
  }))
}

variable "other_alarms" {
  description = "Names of alarms that other modules make beside those of functions, for the dashboard."
  type        = list(string)
  default     = []
}

variable "scheduled_jobs" {
  description = "Jobs that a schedule starts which is not switched off: what they should do and do not is an alarm."
  type        = set(string)
  default     = []
}

variable "kinesis" {
  description = "The Kinesis streams, by their names in lake.json: name in AWS, table, functions that read them (name of the function by job), and whether the edge gateway fills them."
  type = map(object({
    stream_name = string
    table       = string
    readers     = map(string)
    gateway     = optional(bool, false)
  }))
  default = {}
}

variable "kafka" {
  description = "The streams of Kafka, by their names in lake.json: topic and its partitions, table, functions and consumer groups that read them by job, Elasticsearch index if there is one, and whether rows are made of windows."
  type = map(object({
    topic      = string
    partitions = optional(number, 3)
    table      = string
    readers    = map(object({ function_name = string, consumer_group = string }))
    index      = optional(string)
    windowed   = optional(bool, false)
  }))
  default = {}
}

variable "cluster_name" {
  description = "Name of the MSK cluster; null without Kafka."
  type        = string
  default     = null
}

variable "cluster_serverless" {
  description = "Whether the cluster is of MSK Serverless, which has no brokers to watch, but quotas."
  type        = bool
  default     = false
}

variable "buckets" {
  description = "Names of the buckets, by what they are for."
  type        = map(string)
}

variable "failures_bucket" {
  description = "Name of the bucket that mappings of Kinesis put records into which they have given up, under aws/lambda/."
  type        = string
}

variable "schedule_queue" {
  description = "Name of the queue of schedules' invocations that Scheduler could not deliver."
  type        = string
}

variable "api_id" {
  description = "Id of the devices' HTTP API; null without an edge gateway. AWS makes it up."
  type        = string
  default     = null
}

variable "quotes_interval" {
  description = "Seconds between two polls of quotes."
  type        = number
  default     = 5
}

variable "assets_table" {
  description = "Full name of the table that refresh-assets fills; null without it."
  type        = string
  default     = null
}

# From when on it is an alarm.

variable "freshness_minutes" {
  description = "Minutes without fresh rows after which a table alarms, by full table name; `default` holds for the other tables of streams; 0: no alarm."
  type        = map(number)
  default     = { default = 15 }

  validation {
    condition     = alltrue([for minutes in values(var.freshness_minutes) : minutes >= 0 && minutes <= 10080])
    error_message = "freshness_minutes: 0 to 10080 minutes each: CloudWatch looks back a week at most."
  }
}

variable "lag" {
  description = "How far a reader of a stream may be behind: minutes, and, of Kafka, records."
  type = object({
    minutes = optional(number, 10)
    records = optional(number, 100000)
  })
  default = {}
}

variable "bucket_alarm_gb" {
  description = "Size of a bucket, in GB, above which an alarm says so."
  type        = number
}
