variable "name" {
  description = "Name of the classification job and of what belongs to it."
  type        = string
}

variable "buckets" {
  description = "Names of the buckets to look into."
  type        = list(string)
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts the buckets."
  type        = string
}

variable "account" {
  description = "Number of the account that the buckets belong to, 12 digits."
  type        = string
}

variable "partition" {
  description = "AWS partition, such as aws."
  type        = string
}

variable "topic_arn" {
  description = "ARN of the SNS topic that findings are told to; its policy and its key must allow events.amazonaws.com."
  type        = string
}

variable "existing_account" {
  description = "Whether Macie is on in this account and region already, by somebody else, and is to stay on without us."
  type        = bool
  default     = false
}

variable "declared_prefixes" {
  description = "Folders of tables that lake.json declares personal data of: findings there are not told."
  type        = list(string)
  default     = []
}

variable "sampling_percentage" {
  description = "How many of the files are read, in percent. Fewer cost less, and may miss what is rare."
  type        = number
  default     = 100

  validation {
    condition     = var.sampling_percentage >= 1 && var.sampling_percentage <= 100
    error_message = "sampling_percentage: 1 to 100."
  }
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
