variable "name" {
  description = "Name of the function in AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,64}$", var.name))
    error_message = "name: Lambda takes 1 to 64 letters, digits, hyphens and underscores. Shorten the root's `name` or `environment`."
  }
}

variable "job" {
  description = "The job that the function does, such as kinesis-ingest: where its zip lies in the bucket."
  type        = string
}

variable "description" {
  description = "What the function does, in a sentence of at most 256 characters."
  type        = string
}

variable "runtime" {
  description = "Lambda's runtime: provided.al2023 or provided.al2. The same zip runs on both."
  type        = string

  validation {
    condition     = contains(["provided.al2023", "provided.al2"], var.runtime)
    error_message = "runtime: provided.al2023 or provided.al2."
  }
}

variable "memory" {
  description = "Memory in MB, 128 to 10240. The share of a processor goes with it: 1769 MB are one."
  type        = number

  validation {
    condition     = var.memory >= 128 && var.memory <= 10240 && floor(var.memory) == var.memory
    error_message = "memory: Lambda takes whole MB, 128 to 10240."
  }
}

variable "timeout" {
  description = "Seconds that an invocation may take, 1 to 900."
  type        = number

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout: Lambda takes whole seconds, 1 to 900."
  }
}

variable "concurrency" {
  description = "Environments that may run at once, and that the account keeps free for them; -1: as many as the account has."
  type        = number

  validation {
    condition     = var.concurrency >= -1 && floor(var.concurrency) == var.concurrency
    error_message = "concurrency: a whole number; 0 stops the function, -1 reserves nothing."
  }
}

variable "environment" {
  description = "Environment variables. Secrets do not belong here: functions take the ARN of one, and read it themselves."
  type        = map(string)

  validation {
    # Keys and values count, and a little for each variable. Values that are known only after apply are counted then.
    condition     = sum(concat([0], [for name, value in var.environment : length(name) + length(value)])) <= 4096
    error_message = "environment: Lambda takes 4 KB of names and values together."
  }
}

variable "package" {
  description = "Path of the function's zip."
  type        = string
}

variable "artefacts_bucket" {
  description = "Bucket that Lambda takes the zip from, in the function's region."
  type        = string
}

variable "role_name" {
  description = "Name of the function's role."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "role_name: IAM takes 1 to 64 characters. Shorten the root's `name` or `environment`."
  }
}

variable "role_arn" {
  description = "ARN of that role, so that plans show it."
  type        = string
}

variable "statements" {
  description = "Statements of the role's policy, as IAM writes them: Sid, Effect, Action, Resource, Condition."
  # Statements differ in their members, which no list type can say.
  type = any

  validation {
    condition     = alltrue([for statement in var.statements : can(statement.Effect) && can(statement.Action) && can(statement.Resource)])
    error_message = "statements: each needs Effect, Action and Resource."
  }
}

variable "log_group" {
  description = "Name of the function's log group."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
}

variable "failure_queue_name" {
  description = "Name of the queue for asynchronous invocations that failed for good."
  type        = string
}

variable "failure_queue_arn" {
  description = "ARN of that queue."
  type        = string
}

variable "key_arn" {
  description = "ARN of the KMS key for the log group, the environment and the queue."
  type        = string
}

variable "alarm_topic_arn" {
  description = "ARN of the SNS topic that alarms, and their ends, are published to."
  type        = string
}

variable "duration_alarm_percent" {
  description = "Share of the timeout, in percent, above which the duration alarms; null: never, for a job that works until its time is over."
  type        = number
  default     = 80

  validation {
    condition     = var.duration_alarm_percent == null || try(var.duration_alarm_percent > 0 && var.duration_alarm_percent <= 100, false)
    error_message = "duration_alarm_percent: more than 0, and at most 100."
  }
}

variable "retries" {
  description = "How often Lambda repeats an asynchronous invocation that failed, 0 to 2: a minute after, and two minutes after that."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2], var.retries)
    error_message = "retries: 0, 1 or 2."
  }
}

variable "maximum_event_age" {
  description = "Seconds after which an asynchronous invocation that could not be started or repeated is given up, 60 to 21600."
  type        = number
  default     = 21600

  validation {
    condition     = var.maximum_event_age >= 60 && var.maximum_event_age <= 21600
    error_message = "maximum_event_age: Lambda takes 60 to 21600 seconds."
  }
}

variable "network" {
  description = "Subnets and security groups that the function runs in; null: outside of any VPC."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
