# A function from a file with a layer, a version, an alias, a URL, a permission, retries and destinations, and a queue that
# it is read from.

variable "archive" {
  type = string
}

variable "timeout_seconds" {
  type    = number
  default = 5
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "rights" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "worker" {
  name               = "terraform-worker"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "worker" {
  name   = "queues"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.rights.json
}

resource "aws_sqs_queue" "work" {
  name = "terraform-function-work"
}

resource "aws_sqs_queue" "failed" {
  name = "terraform-function-failed"
}

resource "aws_lambda_layer_version" "shared" {
  layer_name          = "terraform-shared"
  filename            = var.archive
  source_code_hash    = filebase64sha256(var.archive)
  compatible_runtimes = ["nodejs20.x", "nodejs22.x"]
  license_info        = "Apache-2.0"
}

resource "aws_lambda_function" "worker" {
  function_name                  = "terraform-worker"
  role                           = aws_iam_role.worker.arn
  runtime                        = "nodejs22.x"
  handler                        = "index.handler"
  filename                       = var.archive
  source_code_hash               = filebase64sha256(var.archive)
  timeout                        = var.timeout_seconds
  memory_size                    = 256
  publish                        = true
  reserved_concurrent_executions = 5
  layers                         = [aws_lambda_layer_version.shared.arn]

  environment {
    variables = {
      STAGE = "test"
    }
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = "DEBUG"
    system_log_level      = "WARN"
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  tags = {
    team = "clouds"
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.worker.function_name
  function_version = "1"
}

resource "aws_lambda_function_url" "live" {
  function_name      = aws_lambda_function.worker.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = "AWS_IAM"

  cors {
    allow_origins  = ["https://example.com"]
    allow_methods  = ["GET"]
    expose_headers = ["etag"]
    max_age        = 60
  }
}

resource "aws_lambda_permission" "bucket" {
  statement_id   = "bucket"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.worker.function_name
  qualifier      = aws_lambda_alias.live.name
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::terraform-inbox"
  source_account = "000000000000"
}

resource "aws_lambda_function_event_invoke_config" "worker" {
  function_name                = aws_lambda_function.worker.function_name
  maximum_retry_attempts       = 1
  maximum_event_age_in_seconds = 600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn                   = aws_sqs_queue.work.arn
  function_name                      = aws_lambda_alias.live.arn
  batch_size                         = 20
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 4
  }

  filter_criteria {
    filter {
      pattern = jsonencode({ body = { kind = ["wanted"] } })
    }
  }

  depends_on = [aws_iam_role_policy.worker]
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_function.worker.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = 1
}

resource "aws_lambda_code_signing_config" "warns" {
  description = "warns"

  allowed_publishers {
    signing_profile_version_arns = ["arn:aws:signer:us-east-1:000000000000:/signing-profiles/own/abcdefghij"]
  }

  policies {
    untrusted_artifact_on_deployment = "Warn"
  }
}

output "worker" {
  value = aws_lambda_function.worker.arn
}
