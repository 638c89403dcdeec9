# A trail of all regions whose files are encrypted and validated, with a log group, a topic and data events, and one with
# advanced selectors.

variable "reads" {
  type    = string
  default = "WriteOnly"
}

data "aws_caller_identity" "own" {}

locals {
  account = data.aws_caller_identity.own.account_id
  trails  = "arn:aws:cloudtrail:us-east-1:${local.account}:trail/*"
  service = { Service = "cloudtrail.amazonaws.com" }
}

resource "aws_s3_bucket" "logs" {
  bucket        = "terraform-trails"
  force_destroy = true
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = local.service
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.logs.arn
        Condition = { ArnLike = { "aws:SourceArn" = local.trails } }
      },
      {
        Effect    = "Allow"
        Principal = local.service
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/audit/AWSLogs/${local.account}/*"
        Condition = {
          StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" }
          ArnLike      = { "aws:SourceArn" = local.trails }
        }
      },
    ]
  })
}

resource "aws_kms_key" "trail" {
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Effect    = "Allow"
        Principal = local.service
        Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_sns_topic" "deliveries" {
  name = "terraform-deliveries"
}

resource "aws_sns_topic_policy" "deliveries" {
  arn = aws_sns_topic.deliveries.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = local.service
      Action    = "SNS:Publish"
      Resource  = aws_sns_topic.deliveries.arn
    }]
  })
}

resource "aws_cloudwatch_log_group" "trail" {
  name = "terraform-trail"
}

resource "aws_iam_role" "logs" {
  name = "terraform-trail-logs"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = local.service, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "logs" {
  name = "write"
  role = aws_iam_role.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.trail.arn}:*"
    }]
  })
}

resource "aws_cloudtrail" "whole" {
  name                          = "whole"
  s3_bucket_name                = aws_s3_bucket.logs.id
  s3_key_prefix                 = "audit"
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  kms_key_id                    = aws_kms_key.trail.arn
  sns_topic_name                = aws_sns_topic.deliveries.name
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.logs.arn
  tags                          = { team = "audit" }

  event_selector {
    read_write_type           = var.reads
    include_management_events = true

    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::photos/"]
    }
  }

  insight_selector {
    insight_type = "ApiCallRateInsight"
  }

  depends_on = [aws_s3_bucket_policy.logs, aws_sns_topic_policy.deliveries, aws_iam_role_policy.logs]
}

resource "aws_cloudtrail" "objects" {
  name           = "objects"
  s3_bucket_name = aws_s3_bucket.logs.id
  s3_key_prefix  = "audit"
  enable_logging = false

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

  depends_on = [aws_s3_bucket_policy.logs]
}

output "trail" {
  value = aws_cloudtrail.whole.arn
}
