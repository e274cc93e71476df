variable "name" {
  description = "Name of the queue."
  type        = string
}

variable "arn" {
  description = "ARN of the queue, as its name determines it."
  type        = string
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts messages."
  type        = string
}

variable "tags" {
  description = "All four tags of the queue."
  type        = map(string)
}
