# A table bucket under a key, with a policy, a namespace, and a table that has settings and a policy of its own.

variable "file_size" {
  type    = number
  default = 128
}

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "tables" {
  description             = "tables"
  deletion_window_in_days = 7
}

resource "aws_s3tables_table_bucket" "ledger" {
  name = "terraform-ledger"

  encryption_configuration = {
    sse_algorithm = "aws:kms"
    kms_key_arn   = aws_kms_key.tables.arn
  }

  maintenance_configuration = {
    iceberg_unreferenced_file_removal = {
      status = "enabled"
      settings = {
        unreferenced_days = 4
        non_current_days  = 12
      }
    }
  }
}

data "aws_iam_policy_document" "ledger" {
  statement {
    actions   = ["s3tables:GetTable", "s3tables:GetTableData"]
    resources = ["${aws_s3tables_table_bucket.ledger.arn}/table/*"]

    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_s3tables_table_bucket_policy" "ledger" {
  table_bucket_arn = aws_s3tables_table_bucket.ledger.arn
  resource_policy  = data.aws_iam_policy_document.ledger.json
}

resource "aws_s3tables_namespace" "sales" {
  namespace        = "terraform_sales"
  table_bucket_arn = aws_s3tables_table_bucket.ledger.arn
}

resource "aws_s3tables_table" "orders" {
  name             = "orders"
  namespace        = aws_s3tables_namespace.sales.namespace
  table_bucket_arn = aws_s3tables_namespace.sales.table_bucket_arn
  format           = "ICEBERG"

  maintenance_configuration = {
    iceberg_compaction = {
      status = "enabled"
      settings = {
        target_file_size_mb = var.file_size
      }
    }
    iceberg_snapshot_management = {
      status = "enabled"
      settings = {
        max_snapshot_age_hours = 48
        min_snapshots_to_keep  = 2
      }
    }
  }
}

data "aws_iam_policy_document" "orders" {
  statement {
    effect    = "Deny"
    actions   = ["s3tables:DeleteTable"]
    resources = [aws_s3tables_table.orders.arn]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root"]
    }
  }
}

resource "aws_s3tables_table_policy" "orders" {
  table_bucket_arn = aws_s3tables_table.orders.table_bucket_arn
  namespace        = aws_s3tables_table.orders.namespace
  name             = aws_s3tables_table.orders.name
  resource_policy  = data.aws_iam_policy_document.orders.json
}

output "owner" {
  value = aws_s3tables_table.orders.owner_account_id
}
