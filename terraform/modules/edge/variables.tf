variable "name" {
  description = "Name of the API."
  type        = string
}

variable "function_name" {
  description = "Name of the function edge-gateway."
  type        = string
}

variable "function_arn" {
  description = "ARN of that function."
  type        = string
}

variable "execute_arn" {
  description = "What ARNs of APIs begin with here: arn:PARTITION:execute-api:REGION:ACCOUNT."
  type        = string
}

variable "lambda_arn" {
  description = "What ARNs of API Gateway's calls to Lambda begin with here: arn:PARTITION:apigateway:REGION:lambda."
  type        = string
}

variable "rate" {
  description = "Requests a second that the API takes, of all devices together."
  type        = number

  validation {
    condition     = var.rate > 0
    error_message = "edge.rate: more than 0 requests a second."
  }
}

variable "burst" {
  description = "Requests that may come at once."
  type        = number

  validation {
    condition     = var.burst >= 1 && floor(var.burst) == var.burst
    error_message = "edge.burst: a whole number of requests, 1 or more."
  }
}

variable "log_retention_days" {
  description = "How long access logs are kept, in days."
  type        = number
}

variable "key_arn" {
  description = "ARN of the KMS key for the access logs."
  type        = string
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
