# A recorder with its channel, rules with tags, an aggregator and who is let see what is on record.

variable "days" {
  type    = number
  default = 90
}

resource "aws_s3_bucket" "history" {
  bucket        = "terraform-history"
  force_destroy = true
}

resource "aws_s3_bucket_policy" "history" {
  bucket = aws_s3_bucket.history.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.history.arn}/AWSLogs/000000000000/Config/*"
    }]
  })
}

resource "aws_iam_role" "config" {
  name = "terraform-config"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "config.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "config" {
  role       = aws_iam_role.config.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}

resource "aws_config_configuration_recorder" "all" {
  name     = "terraform"
  role_arn = aws_iam_role.config.arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "history" {
  name           = "terraform"
  s3_bucket_name = aws_s3_bucket.history.bucket

  snapshot_delivery_properties {
    delivery_frequency = "Six_Hours"
  }

  depends_on = [aws_config_configuration_recorder.all, aws_s3_bucket_policy.history]
}

resource "aws_config_configuration_recorder_status" "all" {
  name       = aws_config_configuration_recorder.all.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.history]
}

resource "aws_config_config_rule" "versioned" {
  name = "versioned"

  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }

  tags = {
    team = "blue"
  }

  depends_on = [aws_config_configuration_recorder.all]
}

resource "aws_config_config_rule" "keys" {
  name                        = "keys"
  input_parameters            = jsonencode({ maxAccessKeyAge = tostring(var.days) })
  maximum_execution_frequency = "TwentyFour_Hours"

  source {
    owner             = "AWS"
    source_identifier = "ACCESS_KEYS_ROTATED"
  }

  depends_on = [aws_config_configuration_recorder.all]
}

resource "aws_config_retention_configuration" "years" {
  retention_period_in_days = 365
}

resource "aws_config_configuration_aggregator" "own" {
  name = "own"

  account_aggregation_source {
    account_ids = ["000000000000"]
    all_regions = true
  }
}

resource "aws_config_aggregate_authorization" "auditor" {
  account_id = "111111111111"
  region     = "eu-west-1"
}

output "rule" {
  value = aws_config_config_rule.versioned.name
}
