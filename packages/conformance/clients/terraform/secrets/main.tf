# Secrets with a policy, a key of their own and a replica; parameters of each kind and tier.

variable "password" {
  type    = string
  default = "correct horse"
}

resource "aws_kms_key" "own" {
  description             = "secrets"
  deletion_window_in_days = 7
}

resource "aws_iam_role" "reader" {
  name = "terraform-reader"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "000000000000" } }]
  })
}

resource "aws_secretsmanager_secret" "database" {
  name                    = "terraform/database"
  description             = "of the database"
  kms_key_id              = aws_kms_key.own.arn
  recovery_window_in_days = 0

  tags = {
    team = "blue"
  }
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = aws_secretsmanager_secret.database.id
  secret_string = jsonencode({ username = "admin", password = var.password })
}

resource "aws_secretsmanager_secret_policy" "database" {
  secret_arn          = aws_secretsmanager_secret.database.arn
  block_public_policy = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "secretsmanager:GetSecretValue"
      Principal = { AWS = aws_iam_role.reader.arn }
      Resource  = "*"
    }]
  })
}

resource "aws_secretsmanager_secret" "far" {
  name                           = "terraform/far"
  recovery_window_in_days        = 0
  force_overwrite_replica_secret = true

  replica {
    region = "eu-west-1"
  }
}

resource "aws_ssm_parameter" "plain" {
  name            = "/terraform/plain"
  type            = "String"
  value           = "one"
  description     = "a plain one"
  allowed_pattern = "^[a-z]+$"

  tags = {
    team = "blue"
  }
}

resource "aws_ssm_parameter" "hidden" {
  name   = "/terraform/hidden"
  type   = "SecureString"
  value  = var.password
  key_id = aws_kms_key.own.key_id
}

resource "aws_ssm_parameter" "list" {
  name  = "terraform-list"
  type  = "StringList"
  value = "a,b,c"
  tier  = "Advanced"
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_ssm_service_setting" "tier" {
  setting_id    = "arn:aws:ssm:us-east-1:000000000000:servicesetting/ssm/parameter-store/default-parameter-tier"
  setting_value = "Intelligent-Tiering"
}

output "database" {
  value = aws_secretsmanager_secret.database.name
}

output "image" {
  value     = data.aws_ssm_parameter.image.value
  sensitive = true
}
