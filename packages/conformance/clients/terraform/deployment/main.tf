# A deployment's identities and its store of artefacts, as a team would describe them.

data "aws_caller_identity" "me" {}

data "aws_iam_policy" "read_only" {
  name = "ReadOnlyAccess"
}

resource "aws_iam_user" "deployer" {
  name = "deployer"
  path = "/ci/"
}

resource "aws_iam_access_key" "deployer" {
  user = aws_iam_user.deployer.name
}

resource "aws_iam_group" "deployers" {
  name = "deployers"
}

resource "aws_iam_user_group_membership" "deployer" {
  user   = aws_iam_user.deployer.name
  groups = [aws_iam_group.deployers.name]
}

resource "aws_iam_group_policy_attachment" "read_only" {
  group      = aws_iam_group.deployers.name
  policy_arn = data.aws_iam_policy.read_only.arn
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.deployer.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["deploy"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  description          = "reads what is to be deployed"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.artefacts.arn
}

resource "aws_iam_policy" "artefacts" {
  name = "artefacts"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = aws_s3_bucket.artefacts.arn },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.artefacts.arn}/*" },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "artefacts" {
  role       = aws_iam_role.deploy.name
  policy_arn = aws_iam_policy.artefacts.arn
}

resource "aws_iam_user_policy_attachment" "artefacts" {
  user       = aws_iam_user.deployer.name
  policy_arn = aws_iam_policy.artefacts.arn
}

resource "aws_iam_role_policy" "upload" {
  role = aws_iam_role.deploy.id
  name = "upload"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.artefacts.arn}/*" }]
  })
}

resource "aws_iam_instance_profile" "deploy" {
  name = "deploy"
  role = aws_iam_role.deploy.name
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 14
  require_symbols         = true
}

resource "aws_s3_bucket" "artefacts" {
  bucket        = "terraform-artefacts"
  force_destroy = true
  tags          = { content = "artefacts" }
}

resource "aws_s3_bucket_public_access_block" "artefacts" {
  bucket                  = aws_s3_bucket.artefacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "artefacts" {
  bucket = aws_s3_bucket.artefacts.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "artefacts" {
  bucket     = aws_s3_bucket.artefacts.id
  depends_on = [aws_s3_bucket_public_access_block.artefacts]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DeployReads"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.deploy.arn }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.artefacts.arn}/*"
    }]
  })
}

resource "aws_s3_object" "release" {
  bucket       = aws_s3_bucket.artefacts.id
  key          = "releases/1 & 雲.txt"
  content      = "first release"
  content_type = "text/plain"
  tags         = { stage = "test" }
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}
