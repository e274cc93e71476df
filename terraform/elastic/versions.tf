terraform {
  # Write-only arguments, which keep a value out of the state, came with 1.11.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    ec = {
      source  = "elastic/ec"
      version = "~> 0.12"
    }
  }
}

provider "aws" {
  region = var.region
}

# The API key comes from the environment: EC_API_KEY.
provider "ec" {}
