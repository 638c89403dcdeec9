import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";
import { functionWorld } from "../../../../test/functions.ts";

const ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors";

const errors = (more: object = {}) =>
  new PutMetricAlarmCommand({
    AlarmName: "errors",
    Namespace: "Shop",
    MetricName: "errors",
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 2,
    ComparisonOperator: "GreaterThanThreshold",
    ...more,
  });

const alarm = new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "testing alarm" });

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_alarm_lambda_target)
test("a function is called with the alarm once its policy lets CloudWatch in", async () => {
  const world = await functionWorld();
  const { cloud, lambda } = world;
  const cloudwatch = cloud.client(CloudWatchClient);
  await world.create("react", "export const handler = async (event) => console.log(JSON.stringify(event));");
  const FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:react";
  await cloudwatch.send(errors({ AlarmActions: [FunctionArn] }));
  const actions = async () => {
    const asked = new DescribeAlarmHistoryCommand({ AlarmName: "errors", HistoryItemType: "Action" });
    const { AlarmHistoryItems = [] } = await cloudwatch.send(asked);
    return AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
  };
  await cloudwatch.send(alarm);
  await cloud.clock.advance(1);
  expect(await actions()).toEqual([`Failed to execute action ${FunctionArn}`]);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "react",
      StatementId: "alarms",
      Action: "lambda:InvokeFunction",
      Principal: "lambda.alarms.cloudwatch.amazonaws.com",
      SourceArn: ARN,
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "OK", StateReason: "over" }));
  await cloudwatch.send(alarm);
  await cloud.clock.advance(1);
  expect((await actions())[0]).toBe(`Successfully executed action ${FunctionArn}`);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
test("rules hear of an alarm's changes", async () => {
  const world = await eventWorld();
  const cloudwatch = world.cloud.client(CloudWatchClient);
  const heard = await world.queue("heard");
  await world.rule("alarms", { source: ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"] }, [
    { Id: "heard", Arn: heard.arn },
  ]);
  await cloudwatch.send(errors());
  await cloudwatch.send(alarm);
  const [event = "{}"] = await heard.bodies();
  expect(JSON.parse(event)).toMatchObject({
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: [ARN],
    detail: {
      alarmName: "errors",
      state: { value: "ALARM", reason: "testing alarm" },
      previousState: { value: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation" },
      configuration: {
        metrics: [
          {
            metricStat: {
              metric: { namespace: "Shop", name: "errors", dimensions: {} },
              period: 60,
              stat: "Average",
            },
            returnData: true,
          },
        ],
      },
    },
  });
});
