variable "buckets" {
  description = "Names of the buckets by what they are for: bronze, silver, gold, artefacts, logs."
  type        = map(string)

  validation {
    condition     = toset(keys(var.buckets)) == toset(["bronze", "silver", "gold", "artefacts", "logs"])
    error_message = "buckets: bronze, silver, gold, artefacts and logs, no more and no fewer."
  }
  validation {
    condition     = alltrue([for name in values(var.buckets) : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", name))])
    error_message = "buckets: a name has 3 to 63 lower-case letters, digits and hyphens. Shorten the variable `name`."
  }
}

variable "classifications" {
  description = "Tag `classification` of each bucket: the most sensitive thing in it."
  type        = map(string)

  validation {
    condition     = toset(keys(var.classifications)) == toset(["bronze", "silver", "gold", "artefacts", "logs"])
    error_message = "classifications: one each for bronze, silver, gold, artefacts and logs."
  }
}

variable "account" {
  description = "Number of the account that the buckets belong to, 12 digits."
  type        = string
}

variable "partition" {
  description = "AWS partition, such as aws."
  type        = string
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts all buckets but logs."
  type        = string
}

variable "force_destroy" {
  description = "Whether buckets may be destroyed together with what they hold."
  type        = bool
}

variable "definition" {
  description = "Content of lake.json."
  type        = string
}

variable "definition_key" {
  description = "Name of lake.json in the bucket of artefacts: definitions/SHA-256.json."
  type        = string

  validation {
    condition     = can(regex("^definitions/[0-9a-f]{64}\\.json$", var.definition_key))
    error_message = "definition_key: definitions/, the SHA-256 of lake.json in hexadecimal, .json."
  }
}

variable "table_prefixes" {
  description = "What the names of files of tables begin with. No lifecycle rule expires them."
  type        = list(string)

  validation {
    condition     = length(var.table_prefixes) > 0 && alltrue([for prefix in var.table_prefixes : endswith(prefix, "/")])
    error_message = "table_prefixes: at least one, each a folder that ends with /."
  }
}

variable "noncurrent_days" {
  description = "How long what was deleted or overwritten can still be had back, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days: at least 1."
  }
}

variable "results_days" {
  description = "How long results of Athena's queries are kept, in days."
  type        = number
  default     = 14
}

variable "failures_days" {
  description = "How long batches of Kinesis that no function could take are kept to be replayed, in days."
  type        = number
  default     = 90

  validation {
    condition     = var.failures_days >= 30
    error_message = "failures_days: at least 30: these are the only copy once the stream has let go of its records."
  }
}

variable "log_retention_days" {
  description = "How long access logs are kept, in days."
  type        = number
  default     = 365
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
