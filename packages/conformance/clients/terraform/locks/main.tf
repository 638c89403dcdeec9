# Buckets that keep versions, and one that locks them.

variable "days" {
  type    = number
  default = 30
}

resource "aws_s3_bucket" "records" {
  bucket              = "terraform-records"
  object_lock_enabled = true
  force_destroy       = true
}

resource "aws_s3_bucket_versioning" "records" {
  bucket = aws_s3_bucket.records.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_object_lock_configuration" "records" {
  bucket = aws_s3_bucket_versioning.records.bucket
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.days
    }
  }
}

resource "aws_s3_object" "held" {
  bucket                        = aws_s3_bucket_object_lock_configuration.records.bucket
  key                           = "held"
  content                       = "stays ${var.days} days"
  force_destroy                 = true
  object_lock_legal_hold_status = "ON"
  object_lock_mode              = "GOVERNANCE"
  object_lock_retain_until_date = "2999-01-01T00:00:00Z"
  checksum_algorithm            = "SHA256"
}

resource "aws_s3_object" "retained" {
  bucket             = aws_s3_bucket_object_lock_configuration.records.bucket
  key                = "retained"
  content            = "as long as the bucket says"
  force_destroy      = true
  checksum_algorithm = "CRC32"
  # what the bucket gave it
  lifecycle { ignore_changes = [object_lock_mode, object_lock_retain_until_date] }
}

resource "aws_s3_bucket" "drafts" {
  bucket        = "terraform-drafts"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "drafts" {
  bucket = aws_s3_bucket.drafts.id
  versioning_configuration { status = "Suspended" }
}

resource "aws_s3_object" "draft" {
  bucket  = aws_s3_bucket_versioning.drafts.bucket
  key     = "draft"
  content = "version ${var.days}"
  tags    = { stage = "draft" }
}

resource "aws_s3_object_copy" "kept" {
  bucket = aws_s3_bucket_versioning.drafts.bucket
  key    = "kept"
  source = "${aws_s3_object.draft.bucket}/${aws_s3_object.draft.key}"
  tags   = { stage = "draft" }
}

output "held" {
  value = aws_s3_object.held.version_id != null
}
