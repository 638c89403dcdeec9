# What the modules beside this file share. Where the cloud is, the region and the caller come from the environment, as
# `kumobako env` gives them.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  s3_use_path_style = true
  max_retries       = 3

  default_tags {
    tags = { team = "platform" }
  }
}

provider "aws" {
  alias             = "europe"
  region            = "eu-west-1"
  s3_use_path_style = true
  max_retries       = 3
}

# another account, by its root user
provider "aws" {
  alias       = "consumer"
  access_key  = "111122223333"
  secret_key  = "test"
  max_retries = 3
}
