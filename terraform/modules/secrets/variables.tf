variable "names" {
  description = "Names of the secrets by what they are for: coinapi, alpaca, elastic, device-master."
  type        = map(string)

  validation {
    condition     = alltrue([for purpose in keys(var.names) : contains(["coinapi", "alpaca", "elastic", "device-master"], purpose)])
    error_message = "names: the functions read coinapi, alpaca, elastic and device-master; describe a further one in modules/secrets."
  }
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts the secrets."
  type        = string
}

variable "recovery_days" {
  description = "How long a deleted secret can be restored, in days: 7 to 30, in which its name is taken, or 0."
  type        = number
  default     = 30

  validation {
    condition     = var.recovery_days == 0 || var.recovery_days >= 7 && var.recovery_days <= 30
    error_message = "recovery_days: 0, or 7 to 30; Secrets Manager takes no other."
  }
}

variable "tags" {
  description = "Tags of the secrets: owner and environment."
  type        = map(string)
}
