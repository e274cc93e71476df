terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # blocked_encryption_types came with 6.22.
      version = "~> 6.22"
    }
  }
}
