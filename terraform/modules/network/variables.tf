variable "prefix" {
  description = "What the names of everything here begin with."
  type        = string
}

variable "region" {
  description = "AWS region that the network lies in."
  type        = string
}

variable "account" {
  description = "Number of the AWS account."
  type        = string
}

variable "partition" {
  description = "AWS partition: aws, aws-cn, aws-us-gov."
  type        = string
}

variable "cidr" {
  description = "IPv4 range of the VPC, a /16 to /24. Each private subnet gets a quarter of it, each public one a sixteenth."
  type        = string

  validation {
    condition     = can(cidrnetmask(var.cidr)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "network.cidr: an IPv4 range from /16 to /24, such as 10.42.0.0/20. AWS takes no larger VPC, and in a smaller one no public subnet."
  }
}

variable "zones" {
  description = "Three availability zones, by name. null: the region's first three of a, b, c and d."
  type        = list(string)
  default     = null

  validation {
    condition     = var.zones == null || (try(length(var.zones), 0) == 3 && try(length(toset(var.zones)), 0) == 3)
    error_message = "network.zones: three different zones, such as eu-west-1a, eu-west-1b, eu-west-1c."
  }
}

variable "needs_internet" {
  description = "Whether a function in the network calls somebody in the internet. Only then are there a NAT gateway and public subnets."
  type        = bool
}

variable "nat_gateway_per_zone" {
  description = "Whether each zone has a NAT gateway of its own, or the first one serves all."
  type        = bool
  default     = false
}

variable "endpoints" {
  description = "Services reached without the internet through interface endpoints, by their names in endpoint service names, and what each endpoint lets through: actions, on which resources, and by which roles (empty: by any caller whom IAM allows it)."
  type = map(object({
    actions   = list(string)
    resources = list(string)
    roles     = optional(list(string), [])
  }))

  validation {
    condition     = length(setsubtract(keys(var.endpoints), ["glue", "sts", "secretsmanager", "lambda"])) == 0
    error_message = "network.endpoints: glue, sts, secretsmanager and lambda; S3 always has its own."
  }
}

variable "s3_objects" {
  description = "ARNs of the S3 objects that functions in the network read. The endpoint of S3 lets nothing else through."
  type        = list(string)
}

variable "key_arn" {
  description = "ARN of the KMS key that encrypts the flow logs."
  type        = string
}

variable "log_retention_days" {
  description = "How long flow logs are kept, in days."
  type        = number
}

variable "tags" {
  description = "Tags of everything: owner and environment."
  type        = map(string)
}
