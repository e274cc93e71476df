variable "region" {
  description = "AWS region of the lake; the deployment lies in the same one."
  type        = string
  default     = "eu-west-1"
}

variable "name" {
  description = "Name of the lake, as in the main root."
  type        = string
  default     = "swiftlake"
}

variable "environment" {
  description = "Environment of the lake, as in the main root."
  type        = string
  default     = "dev"
}

variable "owner" {
  description = "Who answers for the deployment: its tag `owner`."
  type        = string
  default     = "data-platform"
}

variable "elastic_version" {
  description = "Version of Elasticsearch and Kibana, such as 9.2.1; latest: the newest that the region has when this is first applied."
  type        = string
  default     = "latest"

  validation {
    condition     = can(regex("^(latest|[0-9]+\\.[0-9]+\\.[0-9]+)$", var.elastic_version))
    error_message = "elastic_version: latest, or three numbers, such as 9.2.1."
  }
}

variable "deployment_template" {
  description = "Hardware profile of Elastic Cloud."
  type        = string
  default     = "aws-general-purpose"
}

variable "memory_gb" {
  description = "Memory of each node that holds data, in GB: 1, 2, 4, 8, …"
  type        = number
  default     = 2

  validation {
    condition     = contains([1, 2, 4, 8, 15, 29, 58], var.memory_gb)
    error_message = "memory_gb: 1, 2, 4, 8, 15, 29 or 58."
  }
}

variable "zones" {
  description = "In how many zones data lies, 1 to 3. An index of quotes can be made again from the topic: one is enough for many."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 3], var.zones)
    error_message = "zones: 1, 2 or 3."
  }
}

variable "maximum_memory_gb" {
  description = "To what memory per zone nodes that hold data may grow by themselves, in GB."
  type        = number
  default     = 8
}

variable "allowed_sources" {
  description = "Addresses that may speak to the deployment, in CIDR notation. Functions outside of a VPC have no address of their own: with any entry here, kafka-elastic must be given one by a NAT gateway. Empty: no filter; the password is what protects it."
  type        = set(string)
  default     = []
}

variable "password_version" {
  description = "Raise it to write the credentials into Secrets Manager again, for instance after a reset of the password."
  type        = number
  default     = 1
}
