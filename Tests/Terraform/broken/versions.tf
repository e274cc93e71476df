# Put beside each fixture of planned/.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = { owner = "data", environment = "test", layer = "bronze", classification = "internal" }
  }
}
