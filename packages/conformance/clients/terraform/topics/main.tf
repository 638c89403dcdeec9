# A topic with a policy, a delivery policy and listeners of several kinds, a FIFO topic with an archive, an encrypted one,
# and what goes to phones.

variable "color" {
  type    = string
  default = "blue"
}

variable "archive" {
  type    = string
  default = "{\"MessageRetentionPeriod\":\"30\"}"
}

resource "aws_sns_topic" "orders" {
  name         = "terraform-orders"
  display_name = "Orders"

  signature_version = 2

  delivery_policy = jsonencode({
    http = {
      defaultHealthyRetryPolicy = {
        minDelayTarget     = 10
        maxDelayTarget     = 60
        numRetries         = 5
        numMaxDelayRetries = 1
        numNoDelayRetries  = 1
        numMinDelayRetries = 1
        backoffFunction    = "geometric"
      }
      disableSubscriptionOverrides = false
      defaultRequestPolicy = {
        headerContentType = "application/json"
      }
    }
  })

  tags = {
    team = "blue"
  }
}

data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "bucket"
    actions   = ["SNS:Publish"]
    resources = [aws_sns_topic.orders.arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

resource "aws_sns_topic_policy" "orders" {
  arn    = aws_sns_topic.orders.arn
  policy = data.aws_iam_policy_document.orders.json
}

resource "aws_sqs_queue" "listener" {
  name = "terraform-listener"
}

resource "aws_sqs_queue" "dead" {
  name = "terraform-dead-letters"
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.orders.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.listener.arn
  raw_message_delivery = true
  filter_policy_scope  = "MessageBody"

  filter_policy = jsonencode({
    color = [var.color]
    size  = [{ numeric = [">", 0, "<=", 10] }]
  })

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
  })
}

resource "aws_sns_topic_subscription" "phone" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "sms"
  endpoint  = "+15551234567"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "email"
  endpoint  = "orders@example.com"
}

resource "aws_sns_topic" "steps" {
  name                        = "terraform-steps.fifo"
  fifo_topic                  = true
  content_based_deduplication = true

  # a topic is not deleted before its archive is
  archive_policy = var.archive
}

resource "aws_kms_key" "secret" {
  deletion_window_in_days = 7
}

resource "aws_sns_topic" "secret" {
  name              = "terraform-secret"
  kms_master_key_id = aws_kms_key.secret.arn
}

resource "aws_sns_sms_preferences" "texts" {
  default_sender_id = "Kumobako"
  default_sms_type  = "Transactional"
}

resource "aws_sns_platform_application" "shop" {
  name                = "terraform-shop"
  platform            = "GCM"
  platform_credential = "key"
}

output "orders" {
  value = aws_sns_topic.orders.arn
}
