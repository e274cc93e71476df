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

  validation {
    condition     = var.lakes == null || try(length(var.lakes) > 0, false)
    error_message = "lakes: name one at least, or leave it out, which deploys all. To take everything away: terraform destroy."
  }
}

variable "features" {
  description = "What is deployed beside the ingest, as far as lake.json asks for it: alerts, edge, quotes and simulators, true unless they are set to false; elastic and macie, false unless they are set to true."
  type        = map(bool)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.features), keys(local.feature_defaults))) == 0
    error_message = "features: there is no ${join(", ", setsubtract(keys(var.features), keys(local.feature_defaults)))}; there are: ${join(", ", keys(local.feature_defaults))}."
  }
}

variable "schedules" {
  description = "Changes to schedules of lake.json, by their names: expression, time_zone (IANA; UTC if not given), enabled."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.schedules))
    error_message = "schedules: an object, of which each member is the name of one, with what is changed of it."
  }
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
  description = "Changes to single jobs, by name: memory in MB, timeout in seconds, reserved concurrency (-1: none), environment: further variables."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.jobs))
    error_message = "jobs: an object, of which each member is the name of one, with what is changed of it."
  }
}

variable "mappings" {
  description = "Changes to how functions are fed from streams, by JOB.STREAM or, for all streams of a job, by JOB: batch_size, records at most (1 to 10000); window_seconds that they are gathered for (0 to 300); enabled. What is off keeps its place in the stream."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.mappings))
    error_message = "mappings: an object, of which each member is the name of one, with what is changed of it."
  }
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

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days
    )
    error_message = "log_retention_days: CloudWatch takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653."
  }
}

# Sources of records.

variable "kinesis" {
  description = "Kinesis: on_demand, whether the streams made here have no fixed shards (false); retention_hours that they keep records (24, up to 8760); foreign_retention_hours that streams keep them which lake.json names by their ARN (24)."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.kinesis))
    error_message = "kinesis: an object, of which each member is a setting."
  }
}

variable "kafka" {
  description = "Kafka: a cluster made here, provisioned or serverless, or an existing one of MSK, which `existing` describes. kafka.t3.small, for trials, has little processor to spare, and MSK has none in KRaft mode, which versions ending in .kraft mean. Volumes grow up to volume_max_gb. Without provisioned_pollers, mappings poll on demand; the network of an existing cluster must then lead to STS and Lambda, by endpoints or a NAT gateway."
  type = object({
    mode          = optional(string, "provisioned")
    instance_type = optional(string, "kafka.m7g.large")
    version       = optional(string, "3.9.x.kraft")
    volume_gb     = optional(number, 100)
    volume_max_gb = optional(number, 1000)
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
  description = "The VPC for a Kafka cluster made here: cidr, its IPv4 range, a /16 to /24 (10.42.0.0/20); zones, three availability zones (the region's first); nat_gateway_per_zone, whether each has a NAT gateway (false); endpoints of AWS services beside that of S3 (glue, lambda, secretsmanager, sts). With [] there are those alone which something calls, for half the price or less."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.network))
    error_message = "network: an object, of which each member is a setting."
  }
}

# Operation.

variable "alarm_email" {
  description = "Who gets alarms and alerts by e-mail; AWS asks for a confirmation. null: nobody."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", var.alarm_email))
    error_message = "alarm_email: an address such as data@example.com, or null."
  }
}

variable "freshness_minutes" {
  description = "After how many minutes without fresh rows a table of a stream alarms, by full table name; the entry `default` holds for the others, and 0 means never. The table of assets, which is loaded by the clock, has 1560 unless it is named."
  type        = map(number)
  default     = { default = 15 }

  validation {
    condition     = alltrue([for minutes in values(var.freshness_minutes) : minutes >= 0 && minutes <= 10080])
    error_message = "freshness_minutes: 0 to 10080 minutes each: CloudWatch looks back a week at most."
  }
}

variable "lag" {
  description = "How far a reader of a stream may be behind before it is an alarm: in minutes, and, of Kafka, in records."
  type = object({
    minutes = optional(number, 10)
    records = optional(number, 100000)
  })
  default = {}

  validation {
    condition     = var.lag.minutes > 0 && var.lag.records > 0
    error_message = "lag: more than 0 minutes and records. A reader is always a little behind: 5 minutes and more make sense."
  }
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
  description = "The devices' API: rate, requests a second (100), and burst, at once (200), for all devices together."
  type        = any
  default     = {}
  nullable    = false

  validation {
    condition     = can(keys(var.edge))
    error_message = "edge: an object, of which each member is a setting."
  }
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

variable "macie" {
  description = "With features.macie: whether Macie is on in this account and region already; it is then used, and stays on without the lake."
  type = object({
    existing_account = optional(bool, false)
  })
  default = {}
}

variable "deletion_protection" {
  description = "Whether the lake refuses to be destroyed, and its buckets to be emptied. Apply false before `terraform destroy`."
  type        = bool
  default     = true
}
