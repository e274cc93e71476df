# Where, and under which names.

variable "region" {
  description = "AWS region that the lake lies in."
  type        = string
  default     = "eu-west-1"
}

variable "name" {
  description = "What the names of everything begin with."
  type        = string
  default     = "swiftlake"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,14}[a-z0-9]$", var.name))
    error_message = "name: 2 to 16 lower-case letters, digits and hyphens, a letter first and no hyphen last: names of buckets are made of it."
  }
}

variable "environment" {
  description = "Environment, such as dev or prod: part of every name, and a tag."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^[a-z0-9]{1,8}$", var.environment))
    error_message = "environment: 1 to 8 lower-case letters and digits."
  }
}

variable "owner" {
  description = "Who answers for the lake: the tag `owner` of everything."
  type        = string
  default     = "data-platform"
}

# What is deployed.

variable "definition" {
  description = "Path of lake.json. Streams, topics, schedules, tables and the jobs that are needed follow from it."
  type        = string
  default     = "../lake.json"

  validation {
    condition     = can(jsondecode(file(var.definition)))
    error_message = "definition: there is no such file, or it is no JSON. Give the path of a lake.json."
  }
}

variable "packages" {
  description = "Folder of the functions' zips, JOB.zip each, as `./build.sh package` writes them."
  type        = string
  default     = "../dist"
}

variable "lakes" {
  description = "Which lakes of lake.json to deploy. A lake is named by its database, without `_db`: crypto, iot. null: all."
  type        = set(string)
  default     = null
}

variable "features" {
  description = "What is deployed beside the ingest, as far as lake.json asks for it."
  type = object({
    alerts     = optional(bool, true)
    edge       = optional(bool, true)
    quotes     = optional(bool, true)
    simulators = optional(bool, true)
    elastic    = optional(bool, false)
    macie      = optional(bool, false)
  })
  default = {}
}

variable "schedules" {
  description = "Changes to schedules of lake.json, by their names: another expression, a time zone (IANA), or off."
  type = map(object({
    expression = optional(string)
    time_zone  = optional(string, "UTC")
    enabled    = optional(bool, true)
  }))
  default = {}
}

# Functions.

variable "lambda_runtime" {
  description = "Runtime of the functions. The zips run on both; Amazon Linux 2 has been out of support since 2026-06-30."
  type        = string
  default     = "provided.al2023"

  validation {
    condition     = contains(["provided.al2023", "provided.al2"], var.lambda_runtime)
    error_message = "lambda_runtime: provided.al2023 or provided.al2."
  }
}

variable "jobs" {
  description = "Changes to single jobs, by name: memory in MB, timeout in seconds, reserved concurrency (-1: none), further environment variables."
  type = map(object({
    memory      = optional(number)
    timeout     = optional(number)
    concurrency = optional(number)
    environment = optional(map(string), {})
  }))
  default = {}
}

variable "reserve_concurrency" {
  description = "Whether functions reserve concurrency. Set it to false in an account whose quota of concurrent executions is still at 10."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 365
}

# Sources of records.

variable "kinesis" {
  description = "Kinesis: capacity mode of the streams made here, and hours that records are kept (24 to 8760)."
  type = object({
    on_demand       = optional(bool, false)
    retention_hours = optional(number, 48)
  })
  default = {}
}

variable "kafka" {
  description = "Kafka: a cluster made here, provisioned or serverless, or an existing one of MSK, which `existing` describes."
  type = object({
    mode          = optional(string, "provisioned")
    instance_type = optional(string, "kafka.t3.small")
    version       = optional(string, "3.9.x")
    volume_gb     = optional(number, 100)
    provisioned_pollers = optional(object({
      minimum = optional(number, 1)
      maximum = optional(number, 2)
    }))
    existing = optional(object({
      cluster_arn       = string
      bootstrap_servers = string
      security          = optional(string, "msk-iam")
      vpc_id            = string
      subnet_ids        = list(string)
      security_group_id = string
    }))
  })
  default = {}

  validation {
    condition     = contains(["provisioned", "serverless", "existing"], var.kafka.mode)
    error_message = "kafka.mode: provisioned, serverless or existing."
  }
  validation {
    condition     = (var.kafka.mode == "existing") == (var.kafka.existing != null)
    error_message = "kafka.existing describes the cluster if, and only if, kafka.mode is existing."
  }
}

variable "network" {
  description = "The VPC for a Kafka cluster made here: its IPv4 range, a /16 to /24."
  type = object({
    cidr = optional(string, "10.42.0.0/20")
  })
  default = {}
}

# Operation.

variable "alarm_email" {
  description = "Who gets alarms and alerts by e-mail; AWS asks for a confirmation. null: nobody."
  type        = string
  default     = null
}

variable "freshness_minutes" {
  description = "After how many minutes without fresh rows a table of a stream alarms, by full table name; the entry `default` holds for the others."
  type        = map(number)
  default     = { default = 15 }
}

variable "bucket_alarm_gb" {
  description = "Size of a bucket, in GB, above which an alarm says so."
  type        = number
  default     = 1000
}

variable "athena_scan_limit_gb" {
  description = "What one query may scan at most, in GB."
  type        = number
  default     = 100
}

variable "edge" {
  description = "The devices' API: requests a second and at once, for all devices together."
  type = object({
    rate  = optional(number, 100)
    burst = optional(number, 200)
  })
  default = {}
}

variable "alpaca_key" {
  description = "Whether poll-quotes signs in at Alpaca with the key in its secret. Without a key Alpaca is asked as anybody may."
  type        = bool
  default     = false
}

variable "elastic" {
  description = "The Elasticsearch that kafka-elastic fills: its address. With features.elastic and no address yet only the secret for the credentials is made, which terraform/elastic, or you, fill."
  type        = object({ url = string })
  default     = null
}

variable "deletion_protection" {
  description = "Whether buckets that hold data refuse to be destroyed."
  type        = bool
  default     = true
}
