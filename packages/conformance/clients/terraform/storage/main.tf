# Buckets with all that a bucket can have, and the keys that protect them.

terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.europe]
    }
  }
}

data "aws_caller_identity" "me" {}

data "aws_canonical_user_id" "me" {}

# Keys

resource "aws_kms_key" "storage" {
  description             = "What lies in the buckets"
  deletion_window_in_days = 7
  enable_key_rotation     = true
  rotation_period_in_days = 180
  multi_region            = true
}

resource "aws_kms_key_policy" "storage" {
  key_id = aws_kms_key.storage.id

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "storage"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Replication"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.replication.arn }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "storage" {
  name          = "alias/storage"
  target_key_id = aws_kms_key.storage.key_id
}

resource "aws_kms_grant" "replication" {
  name              = "replication"
  key_id            = aws_kms_key.storage.key_id
  grantee_principal = aws_iam_role.replication.arn
  operations        = ["Decrypt", "GenerateDataKey"]

  constraints {
    encryption_context_subset = { team = "storage" }
  }
}

resource "aws_kms_replica_key" "europe" {
  provider                = aws.europe
  description             = "The same, in Europe"
  deletion_window_in_days = 7
  primary_key_arn         = aws_kms_key.storage.arn
}

resource "aws_kms_key" "signing" {
  description              = "Signs"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  deletion_window_in_days  = 7
}

data "aws_kms_public_key" "signing" {
  key_id = aws_kms_key.signing.arn
}

resource "aws_kms_ciphertext" "secret" {
  key_id    = aws_kms_key.storage.key_id
  plaintext = "attack at dawn"
  context   = { team = "storage" }
}

# The bucket that has everything

resource "aws_s3_bucket" "all" {
  bucket              = "terraform-all"
  force_destroy       = true
  object_lock_enabled = true
}

resource "aws_s3_bucket_versioning" "all" {
  bucket = aws_s3_bucket.all.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "all" {
  bucket = aws_s3_bucket.all.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.storage.arn
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "all" {
  bucket = aws_s3_bucket.all.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_public_access_block" "all" {
  bucket                  = aws_s3_bucket.all.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_acl" "all" {
  bucket     = aws_s3_bucket.all.id
  depends_on = [aws_s3_bucket_ownership_controls.all]

  access_control_policy {
    owner {
      id = data.aws_canonical_user_id.me.id
    }

    grant {
      permission = "FULL_CONTROL"

      grantee {
        type = "CanonicalUser"
        id   = data.aws_canonical_user_id.me.id
      }
    }

    grant {
      permission = "WRITE"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/s3/LogDelivery"
      }
    }
  }
}

resource "aws_s3_bucket_policy" "all" {
  bucket     = aws_s3_bucket.all.id
  depends_on = [aws_s3_bucket_public_access_block.all]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "SealedOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.all.arn}/*"
      Condition = { StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption" = "aws:kms" } }
    }]
  })
}

resource "aws_s3_bucket_object_lock_configuration" "all" {
  bucket     = aws_s3_bucket.all.id
  depends_on = [aws_s3_bucket_versioning.all]

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 1
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "all" {
  bucket     = aws_s3_bucket.all.id
  depends_on = [aws_s3_bucket_versioning.all]

  rule {
    id     = "logs"
    status = "Enabled"

    filter {
      and {
        prefix                   = "logs/"
        object_size_greater_than = 1024
        tags                     = { keep = "no" }
      }
    }

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }

    transition {
      days          = 90
      storage_class = "GLACIER"
    }

    expiration {
      days = 365
    }

    noncurrent_version_expiration {
      noncurrent_days           = 30
      newer_noncurrent_versions = 2
    }
  }

  rule {
    id     = "remains"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    expiration {
      expired_object_delete_marker = true
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "all" {
  bucket = aws_s3_bucket.all.id

  cors_rule {
    id              = "app"
    allowed_headers = ["*"]
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://app.example.com"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3000
  }
}

resource "aws_s3_bucket_logging" "all" {
  bucket        = aws_s3_bucket.all.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "all/"

  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }
}

resource "aws_s3_bucket_notification" "all" {
  bucket      = aws_s3_bucket.all.id
  eventbridge = true
}

resource "aws_s3_bucket_request_payment_configuration" "all" {
  bucket = aws_s3_bucket.all.id
  payer  = "Requester"
}

resource "aws_s3_bucket_accelerate_configuration" "all" {
  bucket = aws_s3_bucket.all.id
  status = "Enabled"
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "all" {
  bucket = aws_s3_bucket.all.id
  name   = "cold"

  filter {
    prefix = "photos/"
  }

  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 125
  }
}

resource "aws_s3_bucket_metric" "all" {
  bucket = aws_s3_bucket.all.id
  name   = "photos"

  filter {
    prefix = "photos/"
    tags   = { keep = "yes" }
  }
}

resource "aws_s3_bucket_analytics_configuration" "all" {
  bucket = aws_s3_bucket.all.id
  name   = "classes"

  storage_class_analysis {
    data_export {
      destination {
        s3_bucket_destination {
          bucket_arn = aws_s3_bucket.logs.arn
          prefix     = "analytics"
        }
      }
    }
  }
}

resource "aws_s3_bucket_inventory" "all" {
  bucket                   = aws_s3_bucket.all.id
  name                     = "weekly"
  included_object_versions = "All"
  optional_fields          = ["Size", "LastModifiedDate", "ETag", "StorageClass"]

  schedule {
    frequency = "Weekly"
  }

  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.logs.arn
      prefix     = "inventory"
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "all" {
  bucket     = aws_s3_bucket.all.id
  role       = aws_iam_role.replication.arn
  depends_on = [aws_s3_bucket_versioning.all, aws_s3_bucket_versioning.copies]

  rule {
    id       = "photos"
    priority = 1
    status   = "Enabled"

    filter {
      prefix = "photos/"
    }

    delete_marker_replication {
      status = "Enabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = aws_s3_bucket.copies.arn
      storage_class = "STANDARD_IA"

      encryption_configuration {
        replica_kms_key_id = aws_kms_replica_key.europe.arn
      }
    }
  }
}

resource "aws_s3_object" "letter" {
  bucket                 = aws_s3_bucket.all.id
  key                    = "letters/a & b+c.txt"
  content                = "Dear all"
  content_type           = "text/plain"
  server_side_encryption = "aws:kms"
  kms_key_id             = aws_kms_key.storage.arn
  storage_class          = "STANDARD_IA"
  checksum_algorithm     = "SHA256"
  metadata               = { mood = "calm" }
  tags                   = { keep = "yes" }
  force_destroy          = true
  depends_on             = [aws_s3_bucket_policy.all]

  # the bucket's default
  lifecycle {
    ignore_changes = [object_lock_mode, object_lock_retain_until_date]
  }
}

resource "aws_s3_object_copy" "letter" {
  bucket = aws_s3_bucket.site.id
  key    = "letter.txt"
  source = "${aws_s3_object.letter.bucket}/${aws_s3_object.letter.key}"
  tags   = { keep = "yes" }
}

# Where logs, lists and copies go

resource "aws_s3_bucket" "logs" {
  bucket        = "terraform-logs"
  force_destroy = true
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Delivery"
      Effect    = "Allow"
      Principal = { Service = ["logging.s3.amazonaws.com", "s3.amazonaws.com"] }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.me.account_id } }
    }]
  })
}

resource "aws_s3_bucket" "copies" {
  provider      = aws.europe
  bucket        = "terraform-copies"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "copies" {
  provider = aws.europe
  bucket   = aws_s3_bucket.copies.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_iam_role" "replication" {
  name = "replication"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "replication" {
  role = aws_iam_role.replication.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersion*"]
        Resource = [aws_s3_bucket.all.arn, "${aws_s3_bucket.all.arn}/*"]
      },
      {
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
        Resource = "${aws_s3_bucket.copies.arn}/*"
      },
    ]
  })
}

# A website

resource "aws_s3_bucket" "site" {
  bucket        = "terraform-site"
  force_destroy = true
}

resource "aws_s3_bucket_website_configuration" "site" {
  bucket = aws_s3_bucket.site.id

  index_document {
    suffix = "index.html"
  }

  error_document {
    key = "error.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }

    redirect {
      replace_key_prefix_with = "new/"
      http_redirect_code      = "301"
    }
  }
}

resource "aws_s3_object" "moved" {
  bucket           = aws_s3_bucket.site.id
  key              = "moved.html"
  content          = ""
  website_redirect = "/index.html"
}

# An archive

resource "aws_glacier_vault" "archive" {
  name = "terraform-archive"

  access_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Readers"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" }
      Action    = ["glacier:InitiateJob", "glacier:GetJobOutput"]
      Resource  = "arn:aws:glacier:us-east-1:${data.aws_caller_identity.me.account_id}:vaults/terraform-archive"
    }]
  })
}

output "public_key" {
  value = data.aws_kms_public_key.signing.public_key
}

output "website" {
  value = aws_s3_bucket_website_configuration.site.website_endpoint
}
