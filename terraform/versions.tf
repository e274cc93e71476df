terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # From the version whose schemas the checks have, on: some arguments came only shortly before it.
      version = "~> 6.25"
    }
  }
}

provider "aws" {
  region = var.region
}
