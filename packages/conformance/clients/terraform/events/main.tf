# A bus with a policy, rules on a pattern and on a schedule with transformed inputs and dead letters, an archive, and an API
# destination behind a connection.

variable "retries" {
  type    = number
  default = 3
}

resource "aws_cloudwatch_event_bus" "orders" {
  name        = "terraform-orders"
  description = "Orders of all shops"

  tags = {
    team = "blue"
  }
}

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "shops"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.orders.arn
    }]
  })
}

resource "aws_cloudwatch_event_permission" "default" {
  principal    = "111111111111"
  statement_id = "shops"
}

resource "aws_sqs_queue" "work" {
  name = "terraform-events"
}

resource "aws_sqs_queue" "dead" {
  name = "terraform-events-dead"
}

resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.work.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.paid.arn } }
    }]
  })
}

resource "aws_cloudwatch_event_rule" "paid" {
  name           = "terraform-paid"
  description    = "What was paid"
  event_bus_name = aws_cloudwatch_event_bus.orders.name

  event_pattern = jsonencode({
    source = ["shop"]
    detail = {
      state = ["paid", { prefix = "pre" }]
      sum   = [{ numeric = [">", 0] }]
    }
  })

  tags = {
    team = "blue"
  }
}

resource "aws_cloudwatch_event_target" "paid" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  target_id      = "work"
  arn            = aws_sqs_queue.work.arn

  input_transformer {
    input_paths = {
      sum = "$.detail.sum"
    }
    input_template = "{\"sum\": <sum>, \"rule\": <aws.events.rule-name>}"
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = var.retries
  }
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "terraform-nightly"
  schedule_expression = "cron(0 3 ? * MON-FRI *)"
  state               = "DISABLED"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule  = aws_cloudwatch_event_rule.nightly.name
  arn   = aws_sqs_queue.work.arn
  input = jsonencode({ night = true })
}

resource "aws_cloudwatch_event_archive" "orders" {
  name             = "terraform-orders"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 7
  event_pattern    = jsonencode({ source = ["shop"] })
}

resource "aws_cloudwatch_event_connection" "partner" {
  name               = "terraform-partner"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "x-key"
      value = "hidden"
    }

    invocation_http_parameters {
      header {
        key             = "x-shop"
        value           = "blue"
        is_value_secret = false
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "partner" {
  name                             = "terraform-partner"
  invocation_endpoint              = "https://partner.example.com/orders/*"
  http_method                      = "PUT"
  invocation_rate_limit_per_second = 20
  connection_arn                   = aws_cloudwatch_event_connection.partner.arn
}

resource "aws_iam_role" "events" {
  name = "terraform-events"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_cloudwatch_event_target" "partner" {
  rule           = aws_cloudwatch_event_rule.paid.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  target_id      = "partner"
  arn            = aws_cloudwatch_event_api_destination.partner.arn
  role_arn       = aws_iam_role.events.arn

  http_target {
    path_parameter_values = ["$.detail.id"]
    header_parameters = {
      x-rule = "paid"
    }
  }
}

output "rule" {
  value = aws_cloudwatch_event_rule.paid.arn
}
