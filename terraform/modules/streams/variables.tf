variable "kinesis" {
  description = "Kinesis streams to make, by their names in lake.json: name, number of shards (1 MB/s or 1,000 records/s each), and what their records may contain."
  type = map(object({
    name           = string
    shards         = number
    classification = optional(string, "internal")
  }))

  validation {
    condition     = alltrue([for stream in values(var.kinesis) : stream.shards >= 1 && floor(stream.shards) == stream.shards])
    error_message = "lake.json: shards of a Kinesis stream are a whole number from 1."
  }
  validation {
    condition     = length(distinct([for stream in values(var.kinesis) : stream.name])) == length(var.kinesis)
    error_message = "lake.json: two streams name the same Kinesis stream."
  }
}

variable "on_demand" {
  description = "Whether Kinesis chooses the number of shards itself, at 4 MB/s to begin with, and is paid by the stream's hour and the GB."
  type        = bool
}

variable "retention_hours" {
  description = "How long the Kinesis streams keep records, in hours: 24 to 8760. Above 24 each shard costs more."
  type        = number

  validation {
    condition     = var.retention_hours >= 24 && var.retention_hours <= 8760 && floor(var.retention_hours) == var.retention_hours
    error_message = "kinesis.retention_hours: a whole number from 24 (a day) to 8760 (a year)."
  }
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts records where they lie."
  type        = string
}

variable "kafka" {
  description = "The Kafka cluster; null without topics. `mode` is provisioned, serverless or existing; `volume_gb` and `volume_max_gb` are a broker's, in GB; `client_group_ids` are security groups that may speak to brokers; `endpoints_group_id` is that of AWS services' endpoints, which mappings call ('': none)."
  type = object({
    mode               = string
    cluster_name       = string
    version            = string
    instance_type      = string
    volume_gb          = number
    volume_max_gb      = number
    vpc_id             = string
    subnet_ids         = list(string)
    client_group_ids   = map(string)
    calls_endpoints    = bool
    endpoints_group_id = string
    classification     = optional(string, "internal")
    log_group          = string
    log_key_arn        = string
    log_retention_days = number
    existing = optional(object({
      cluster_arn       = string
      bootstrap_servers = string
    }))
  })
  default = null

  validation {
    condition     = var.kafka == null || contains(["provisioned", "serverless", "existing"], try(var.kafka.mode, ""))
    error_message = "kafka.mode: provisioned, serverless or existing."
  }
  validation {
    condition     = var.kafka == null || can(regex("^([1-9]\\.[0-9]+\\.(x|[0-9]+))(\\.kraft)?$", var.kafka.version))
    error_message = "kafka.version: as MSK writes it, such as 3.9.x.kraft; without .kraft the cluster keeps its metadata in ZooKeeper, which Kafka 4 no longer has."
  }
  validation {
    condition     = var.kafka == null || can(regex("^kafka\\.[a-z0-9]+\\.[a-z0-9]+$", var.kafka.instance_type))
    error_message = "kafka.instance_type: a size of Standard brokers, such as kafka.m7g.large. Express brokers have no volumes, and are not made here."
  }
  validation {
    condition     = !(startswith(try(var.kafka.instance_type, ""), "kafka.t3.") && endswith(try(var.kafka.version, ""), ".kraft"))
    error_message = "kafka.instance_type: MSK has no kafka.t3 for clusters in KRaft mode. Take kafka.m7g.large or larger."
  }
  validation {
    condition     = var.kafka == null || try(var.kafka.volume_gb >= 1 && var.kafka.volume_max_gb >= var.kafka.volume_gb && var.kafka.volume_max_gb <= 16384, false)
    error_message = "kafka.volume_gb and kafka.volume_max_gb: from 1 to 16384 GB a broker, the second no smaller than the first."
  }
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
