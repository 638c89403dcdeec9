# Event data stores: one as it comes, and one that is encrypted and takes data events alone.

variable "retention_days" {
  type    = number
  default = 90
}

locals {
  account = data.aws_caller_identity.current.account_id
}

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "lake" {
  description = "events of the lake"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::${local.account}:root" }, Action = "kms:*", Resource = "*" },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource  = "*"
      }
    ]
  })
}

resource "aws_cloudtrail_event_data_store" "usual" {
  name                           = "terraform-usual"
  termination_protection_enabled = false
}

resource "aws_cloudtrail_event_data_store" "objects" {
  name                           = "terraform-objects"
  multi_region_enabled           = false
  retention_period               = var.retention_days
  termination_protection_enabled = false
  kms_key_id                     = aws_kms_key.lake.arn
  tags                           = { team = "audit" }

  advanced_event_selector {
    name = "writes of objects"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field  = "readOnly"
      equals = ["false"]
    }
  }
}
