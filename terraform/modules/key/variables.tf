variable "alias" {
  description = "Alias of the key, by which policies name it: alias/NAME."
  type        = string

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]+$", var.alias)) && !startswith(var.alias, "alias/aws/")
    error_message = "alias: alias/ and a name of letters, digits, /, _ and -; alias/aws/ is AWS's own."
  }
}

variable "description" {
  description = "What the key encrypts."
  type        = string
}

variable "classification" {
  description = "Tag `classification` of the key: that of the most sensitive thing that it encrypts."
  type        = string
}

variable "account" {
  description = "Number of the account that administers the key, 12 digits."
  type        = string
}

variable "partition" {
  description = "AWS partition, such as aws."
  type        = string
}

variable "services" {
  description = "AWS services that use the key in their own name: principal, actions, and the condition under which they may, by operator and key."
  type = list(object({
    service   = string
    actions   = list(string)
    condition = map(map(string))
  }))
  default = []

  validation {
    condition     = alltrue([for service in var.services : length(service.condition) > 0])
    error_message = "services: each needs a condition. A service principal without one works for every account of AWS."
  }
}

variable "tags" {
  description = "Tags of the key: owner and environment."
  type        = map(string)
}
