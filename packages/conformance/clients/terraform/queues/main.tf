# A queue with a policy and dead letters, a FIFO queue for high throughput, and one encrypted with a key of its own.

variable "hidden_seconds" {
  type    = number
  default = 60
}

resource "aws_sqs_queue" "dead" {
  name                      = "terraform-dead"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.work.arn]
  })
}

resource "aws_sqs_queue" "work" {
  name                       = "terraform-work"
  visibility_timeout_seconds = var.hidden_seconds
  receive_wait_time_seconds  = 10

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 4
  })

  tags = {
    team = "blue"
  }
}

data "aws_iam_policy_document" "work" {
  statement {
    sid       = "bucket"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.work.arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy    = data.aws_iam_policy_document.work.json
}

resource "aws_sqs_queue" "orders" {
  name                        = "terraform-orders.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"
}

resource "aws_kms_key" "secret" {
  deletion_window_in_days = 7
}

resource "aws_sqs_queue" "secret" {
  name                              = "terraform-secret"
  kms_master_key_id                 = aws_kms_key.secret.arn
  kms_data_key_reuse_period_seconds = 300
}

output "work" {
  value = aws_sqs_queue.work.arn
}
