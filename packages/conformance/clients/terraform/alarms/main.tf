# Alarms over a metric, over an expression and over each other, and a dashboard that shows them.

variable "threshold" {
  type    = number
  default = 5
}

resource "aws_sns_topic" "alarms" {
  name = "terraform-alarms"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "terraform-errors"
  alarm_description   = "too many errors"
  namespace           = "Shop"
  metric_name         = "errors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = var.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  dimensions = {
    shop = "kyoto"
  }

  tags = {
    team = "blue"
  }
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  alarm_name                            = "terraform-latency"
  namespace                             = "Shop"
  metric_name                           = "latency"
  extended_statistic                    = "p99"
  period                                = 60
  evaluation_periods                    = 1
  threshold                             = 2
  unit                                  = "Seconds"
  comparison_operator                   = "GreaterThanOrEqualToThreshold"
  evaluate_low_sample_count_percentiles = "ignore"
}

resource "aws_cloudwatch_metric_alarm" "rate" {
  alarm_name          = "terraform-rate"
  evaluation_periods  = 2
  threshold           = 10
  comparison_operator = "GreaterThanThreshold"

  metric_query {
    id          = "rate"
    expression  = "100 * errors / orders"
    label       = "errors in percent"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "Shop"
      metric_name = "errors"
      period      = 120
      stat        = "Sum"
    }
  }

  metric_query {
    id = "orders"

    metric {
      namespace   = "Shop"
      metric_name = "orders"
      period      = 120
      stat        = "Sum"
      unit        = "Count"
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name    = "terraform-any"
  alarm_actions = [aws_sns_topic.alarms.arn]
  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name}) OR ALARM(${aws_cloudwatch_metric_alarm.rate.alarm_name})"

  actions_suppressor {
    alarm            = aws_cloudwatch_metric_alarm.latency.alarm_name
    extension_period = 10
    wait_period      = 20
  }

  tags = {
    team = "blue"
  }
}

resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_name = "terraform-shop"

  dashboard_body = jsonencode({
    widgets = [
      {
        type   = "metric"
        x      = 0
        y      = 0
        width  = 12
        height = 6

        properties = {
          metrics = [["Shop", "errors", "shop", "kyoto"]]
          period  = 300
          stat    = "Sum"
          region  = "us-east-1"
          title   = "errors"
        }
      }
    ]
  })
}

output "errors" {
  value = aws_cloudwatch_metric_alarm.errors.arn
}
