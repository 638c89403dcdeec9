# A vault with a policy, notifications and tags, and two locks: one that is tried out, one that is completed.

variable "stage" {
  type    = string
  default = "test"
}

locals {
  topic  = "arn:aws:sns:us-east-1:000000000000:retrievals"
  vaults = { for name in ["records", "locked"] : name => "arn:aws:glacier:us-east-1:000000000000:vaults/terraform-${name}" }
}

data "aws_iam_policy_document" "access" {
  statement {
    sid       = "upload"
    actions   = ["glacier:UploadArchive", "glacier:InitiateMultipartUpload", "glacier:CompleteMultipartUpload"]
    resources = [local.vaults.records]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }
}

resource "aws_glacier_vault" "records" {
  name          = "terraform-records"
  access_policy = data.aws_iam_policy_document.access.json

  notification {
    sns_topic = local.topic
    events    = ["ArchiveRetrievalCompleted", "InventoryRetrievalCompleted"]
  }

  tags = {
    Stage = var.stage
  }
}

resource "aws_glacier_vault" "locked" {
  name = "terraform-locked"
}

data "aws_iam_policy_document" "retention" {
  for_each = local.vaults

  statement {
    sid       = "keep"
    effect    = "Deny"
    actions   = ["glacier:DeleteArchive"]
    resources = [each.value]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThanEquals"
      variable = "glacier:ArchiveAgeinDays"
      values   = ["365"]
    }
  }
}

resource "aws_glacier_vault_lock" "tried" {
  vault_name    = aws_glacier_vault.records.name
  policy        = data.aws_iam_policy_document.retention["records"].json
  complete_lock = false
}

resource "aws_glacier_vault_lock" "completed" {
  vault_name    = aws_glacier_vault.locked.name
  policy        = data.aws_iam_policy_document.retention["locked"].json
  complete_lock = true

  # a lock that is completed cannot be taken off: it goes with its vault
  ignore_deletion_error = true
}

output "location" {
  value = aws_glacier_vault.records.location
}
