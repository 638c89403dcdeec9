# A share that another account is invited to and accepts, and an authority whose certificates give a role's sessions.

terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.consumer]
    }
  }
}

variable "stage" {
  type    = string
  default = "test"
}

variable "session_seconds" {
  type    = number
  default = 1800
}

locals {
  consumer = "111122223333"
  tags     = { stage = var.stage }
}

resource "aws_ram_resource_share" "subnets" {
  name                      = "subnets-${var.stage}"
  allow_external_principals = true
  permission_arns           = ["arn:aws:ram::aws:permission/AWSRAMDefaultPermissionSubnet"]
  tags                      = local.tags
}

resource "aws_ram_principal_association" "consumer" {
  principal          = local.consumer
  resource_share_arn = aws_ram_resource_share.subnets.arn
}

resource "aws_ram_resource_share_accepter" "consumer" {
  provider  = aws.consumer
  share_arn = aws_ram_principal_association.consumer.resource_share_arn
}

data "aws_ram_resource_share" "subnets" {
  name           = aws_ram_resource_share.subnets.name
  resource_owner = "SELF"
}

resource "aws_rolesanywhere_trust_anchor" "root" {
  name    = "root-${var.stage}"
  enabled = true

  source {
    source_type = "CERTIFICATE_BUNDLE"
    source_data {
      x509_certificate_data = <<-PEM
      -----BEGIN CERTIFICATE-----
      MIIBlTCCATugAwIBAgIUVKI8vUV7Gs4izjlC8G0QS+nCyNgwCgYIKoZIzj0EAwIw
      FzEVMBMGA1UEAwwMRXhhbXBsZSBSb290MCAXDTI2MTEyMjEwMjMzNloYDzIxMjYx
      MDI5MTAyMzM2WjAXMRUwEwYDVQQDDAxFeGFtcGxlIFJvb3QwWTATBgcqhkjOPQIB
      BggqhkjOPQMBBwNCAARBIfMud+4bSOQI7nNTWey8+EI6EypgZg7vHNXGsBJsmYfg
      RJskQuWJw94C6dJmM17q+IL6hUKSPNWz06vhBhmho2MwYTAdBgNVHQ4EFgQUQfJm
      HgMOf7xUjplpdJYbk+GN6K4wHwYDVR0jBBgwFoAUQfJmHgMOf7xUjplpdJYbk+GN
      6K4wDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwID
      SAAwRQIgDQJ61A4oh8im781jP4mvchqwzgGJw+xUeKP6NGLrsNICIQC9qNaip5cV
      DL+1kzTXrsC5MOjKHlLkVvy7SY5ER2DLbA==
      -----END CERTIFICATE-----
      PEM
    }
  }
  tags = local.tags
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    principals {
      type        = "Service"
      identifiers = ["rolesanywhere.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_rolesanywhere_trust_anchor.root.arn]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = local.tags
}

data "aws_iam_policy_document" "session" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "aws_rolesanywhere_profile" "workers" {
  name                = "workers"
  enabled             = true
  role_arns           = [aws_iam_role.worker.arn]
  duration_seconds    = var.session_seconds
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  session_policy      = data.aws_iam_policy_document.session.json
  tags                = local.tags
}

output "share" {
  value = data.aws_ram_resource_share.subnets.status
}
