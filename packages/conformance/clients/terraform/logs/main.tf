# Log groups with retention and a key, a metric filter, a destination that another filter sends to, policies and queries.

variable "retention_days" {
  type    = number
  default = 14
}

data "aws_caller_identity" "here" {}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.here.account_id}:root"]
    }
  }

  statement {
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.us-east-1.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "logs" {
  description             = "logs"
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/terraform/app"
  retention_in_days = var.retention_days
  kms_key_id        = aws_kms_key.logs.arn

  tags = {
    team = "blue"
  }
}

resource "aws_cloudwatch_log_group" "rare" {
  name            = "/terraform/rare"
  log_group_class = "INFREQUENT_ACCESS"
}

resource "aws_cloudwatch_log_stream" "main" {
  name           = "main"
  log_group_name = aws_cloudwatch_log_group.app.name
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  log_group_name = aws_cloudwatch_log_group.app.name
  pattern        = "{ $.level = \"ERROR\" }"

  metric_transformation {
    name      = "Errors"
    namespace = "Terraform"
    value     = "1"
    unit      = "Count"

    dimensions = {
      path = "$.path"
    }
  }
}

data "aws_iam_policy_document" "carrier" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["logs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "carrier" {
  name               = "carrier"
  assume_role_policy = data.aws_iam_policy_document.carrier.json
}

resource "aws_cloudwatch_log_destination" "central" {
  name       = "central"
  role_arn   = aws_iam_role.carrier.arn
  target_arn = "arn:aws:kinesis:us-east-1:${data.aws_caller_identity.here.account_id}:stream/central"
}

data "aws_iam_policy_document" "central" {
  statement {
    actions   = ["logs:PutSubscriptionFilter"]
    resources = [aws_cloudwatch_log_destination.central.arn]

    principals {
      type        = "AWS"
      identifiers = [data.aws_caller_identity.here.account_id]
    }
  }
}

resource "aws_cloudwatch_log_destination_policy" "central" {
  destination_name = aws_cloudwatch_log_destination.central.name
  access_policy    = data.aws_iam_policy_document.central.json
}

resource "aws_cloudwatch_log_subscription_filter" "central" {
  name            = "central"
  log_group_name  = aws_cloudwatch_log_group.app.name
  filter_pattern  = "ERROR"
  destination_arn = aws_cloudwatch_log_destination.central.arn
  depends_on      = [aws_cloudwatch_log_destination_policy.central]
}

data "aws_iam_policy_document" "rules" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.app.arn}:*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com", "events.amazonaws.com"]
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "rules" {
  policy_name     = "rules"
  policy_document = data.aws_iam_policy_document.rules.json
}

resource "aws_cloudwatch_query_definition" "slow" {
  name            = "shop/slow"
  log_group_names = [aws_cloudwatch_log_group.app.name]
  query_string    = "fields @timestamp, path | filter ms > 100 | sort ms desc | limit 20"
}

output "group" {
  value = aws_cloudwatch_log_group.app.arn
}
