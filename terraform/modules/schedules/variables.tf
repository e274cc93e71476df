variable "group" {
  description = "Name of the group that holds the schedules."
  type        = string
}

variable "schedules" {
  description = "The schedules, by name: the function each invokes, when (an expression of EventBridge Scheduler), in which time zone (IANA), whether it is on, and the JSON object that the function is called with."
  type = map(object({
    function_arn = string
    expression   = string
    time_zone    = string
    enabled      = bool
    input        = string
  }))

  validation {
    condition     = alltrue([for name in keys(var.schedules) : can(regex("^[0-9a-zA-Z_.-]{1,64}$", name))])
    error_message = "schedules: a name has 1 to 64 letters, digits, dots, hyphens and underscores."
  }
  validation {
    condition = alltrue([
      for schedule in values(var.schedules) : can(regex("^(rate\\([1-9][0-9]* +(minute|hour|day)s?\\)|cron\\([^ ]+( +[^ ]+){5}\\)|at\\([^ ]+\\))$", schedule.expression))
    ])
    error_message = "schedules: an expression is rate(5 minutes), cron(0 2 ? * SUN *) with six fields, or at(2026-12-31T23:59:00). Not so: ${join(", ", [for name, schedule in var.schedules : "${name}: ${schedule.expression}" if !can(regex("^(rate\\([1-9][0-9]* +(minute|hour|day)s?\\)|cron\\([^ ]+( +[^ ]+){5}\\)|at\\([^ ]+\\))$", schedule.expression))])}."
  }
  validation {
    condition     = alltrue([for schedule in values(var.schedules) : can(keys(jsondecode(schedule.input)))])
    error_message = "schedules: the input of each is a JSON object."
  }
}

variable "account" {
  description = "Account that the schedules are in: no other account's may use the role."
  type        = string
}

variable "role_name" {
  description = "Name of the role that Scheduler invokes functions with."
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

variable "queue_name" {
  description = "Name of the queue for what could not be handed to Lambda."
  type        = string
}

variable "queue_arn" {
  description = "ARN of that queue."
  type        = string
}

variable "key_arn" {
  description = "ARN of the KMS key that the queue is encrypted with."
  type        = string
}

variable "key_alias" {
  description = "Alias of that key, by which the role's policy knows it: AWS makes up its id."
  type        = string
}

variable "kms_arn" {
  description = "What ARNs of KMS begin with here: arn:PARTITION:kms:REGION:ACCOUNT."
  type        = string
}

variable "scheduler_arn" {
  description = "What ARNs of Scheduler begin with here: arn:PARTITION:scheduler:REGION:ACCOUNT."
  type        = string
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
