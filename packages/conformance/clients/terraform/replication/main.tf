# A bucket whose objects are copied to another region, told of, listed, analysed and measured.

terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.europe]
    }
  }
}

resource "aws_s3_bucket" "photos" { bucket = "terraform-photos" }

resource "aws_s3_bucket" "copies" {
  provider = aws.europe
  bucket   = "terraform-photo-copies"
}

resource "aws_s3_bucket" "lists" { bucket = "terraform-lists" }

resource "aws_s3_bucket_versioning" "photos" {
  bucket = aws_s3_bucket.photos.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_versioning" "copies" {
  provider = aws.europe
  bucket   = aws_s3_bucket.copies.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_iam_role" "replicator" {
  name               = "terraform-replicator"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "s3.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}

resource "aws_iam_role_policy" "replicator" {
  role   = aws_iam_role.replicator.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_kms_key" "eu" {
  provider = aws.europe
}

resource "aws_s3_bucket_replication_configuration" "photos" {
  depends_on = [aws_s3_bucket_versioning.photos, aws_s3_bucket_versioning.copies]
  role       = aws_iam_role.replicator.arn
  bucket     = aws_s3_bucket.photos.id
  rule {
    id       = "all"
    priority = 1
    status   = "Enabled"
    filter { prefix = "in/" }
    delete_marker_replication { status = "Enabled" }
    source_selection_criteria {
      sse_kms_encrypted_objects { status = "Enabled" }
      replica_modifications { status = "Enabled" }
    }
    destination {
      bucket        = aws_s3_bucket.copies.arn
      storage_class = "STANDARD_IA"
      encryption_configuration { replica_kms_key_id = aws_kms_key.eu.arn }
      metrics {
        status = "Enabled"
        event_threshold { minutes = 15 }
      }
      replication_time {
        status = "Enabled"
        time { minutes = 15 }
      }
    }
  }
  rule {
    id       = "tagged"
    priority = 2
    status   = "Enabled"
    filter {
      and {
        prefix = "x/"
        tags   = { copy = "yes", team = "red" }
      }
    }
    delete_marker_replication { status = "Disabled" }
    destination { bucket = aws_s3_bucket.copies.arn }
  }
}

resource "aws_s3_bucket_notification" "photos" {
  bucket      = aws_s3_bucket.photos.id
  eventbridge = true
}

resource "aws_s3_bucket_inventory" "photos" {
  bucket                   = aws_s3_bucket.photos.id
  name                     = "nightly"
  included_object_versions = "All"
  optional_fields          = ["Size", "ETag", "EncryptionStatus"]
  schedule { frequency = "Daily" }
  filter { prefix = "in/" }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.lists.arn
      prefix     = "inv"
      encryption {
        sse_s3 {}
      }
    }
  }
}

resource "aws_s3_bucket_analytics_configuration" "photos" {
  bucket = aws_s3_bucket.photos.id
  name   = "all"
  filter {
    prefix = "in/"
    tags   = { a = "b" }
  }
  storage_class_analysis {
    data_export {
      destination {
        s3_bucket_destination { bucket_arn = aws_s3_bucket.lists.arn }
      }
    }
  }
}

resource "aws_s3_bucket_metric" "all" {
  bucket = aws_s3_bucket.photos.id
  name   = "all"
}

resource "aws_s3_bucket_metric" "some" {
  bucket = aws_s3_bucket.photos.id
  name   = "some"
  filter {
    prefix = "in/"
    tags   = { a = "b" }
  }
}
