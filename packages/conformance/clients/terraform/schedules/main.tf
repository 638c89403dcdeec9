# A group with a schedule of each kind, and a pipe with a filter and a template between two queues.

variable "hour" {
  type    = number
  default = 3
}

resource "aws_sqs_queue" "from" {
  name = "terraform-from"
}

resource "aws_sqs_queue" "to" {
  name = "terraform-to"
}

resource "aws_iam_role" "work" {
  name = "terraform-work"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = ["scheduler.amazonaws.com", "pipes.amazonaws.com"] }
    }]
  })
}

resource "aws_iam_role_policy" "work" {
  role = aws_iam_role.work.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = aws_sqs_queue.from.arn
      },
      {
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = [aws_sqs_queue.from.arn, aws_sqs_queue.to.arn]
      },
    ]
  })
}

resource "aws_scheduler_schedule_group" "nights" {
  name = "terraform-nights"

  tags = {
    team = "blue"
  }
}

resource "aws_scheduler_schedule" "nightly" {
  name                         = "terraform-nightly"
  group_name                   = aws_scheduler_schedule_group.nights.name
  description                  = "every night"
  schedule_expression          = "cron(30 ${var.hour} * * ? *)"
  schedule_expression_timezone = "Europe/Berlin"

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = aws_sqs_queue.from.arn
    role_arn = aws_iam_role.work.arn
    input    = jsonencode({ night = true })

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 5
    }

    dead_letter_config {
      arn = aws_sqs_queue.to.arn
    }
  }
}

resource "aws_scheduler_schedule" "usual" {
  name                = "terraform-usual"
  schedule_expression = "rate(7 days)"
  state               = "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:sqs:purgeQueue"
    role_arn = aws_iam_role.work.arn
    input    = jsonencode({ QueueUrl = aws_sqs_queue.from.url })
  }
}

resource "aws_pipes_pipe" "flow" {
  depends_on = [aws_iam_role_policy.work]

  name     = "terraform-flow"
  role_arn = aws_iam_role.work.arn
  source   = aws_sqs_queue.from.arn
  target   = aws_sqs_queue.to.arn

  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({ body = { night = [true] } })
      }
    }

    sqs_queue_parameters {
      batch_size                         = 5
      maximum_batching_window_in_seconds = 2
    }
  }

  target_parameters {
    input_template = "{\"was\": <$.body.night>}"
  }

  tags = {
    team = "blue"
  }
}

resource "aws_pipes_pipe" "usual" {
  depends_on = [aws_iam_role_policy.work]

  name          = "terraform-usual"
  desired_state = "STOPPED"
  role_arn      = aws_iam_role.work.arn
  source        = aws_sqs_queue.from.arn
  target        = aws_sqs_queue.to.arn
}

output "nightly" {
  value = aws_scheduler_schedule.nightly.arn
}
