variable "databases" {
  description = "Names of the Glue databases, with what each holds, in a sentence."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.databases) : can(regex("^[a-z0-9_]{1,255}$", name))])
    error_message = "databases: names of lower-case letters, digits and underscores, so that Athena takes them unquoted."
  }
}

variable "workgroup" {
  description = "Name of the Athena workgroup."
  type        = string
}

variable "results_location" {
  description = "Where Athena puts results: s3://BUCKET/PREFIX/."
  type        = string

  validation {
    condition     = can(regex("^s3://[^/]+/.+/$", var.results_location))
    error_message = "results_location: s3://BUCKET/PREFIX/, with a slash at its end."
  }
}

variable "results_key_arn" {
  description = "ARN of the KMS key that encrypts results."
  type        = string
}

variable "account" {
  description = "Number of the account that the bucket of results must belong to, 12 digits."
  type        = string
}

variable "scan_limit_gb" {
  description = "What one query may scan at most, in GB of 10^9 bytes; Athena stops it there. OPTIMIZE counts as a query."
  type        = number

  validation {
    condition     = var.scan_limit_gb >= 0.02
    error_message = "scan_limit_gb: at least 0.02; Athena takes no limit below 10 MiB."
  }
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
