import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const Dimensions = [{ Name: "QueueName", Value: "orders" }];

async function queueAt() {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  await cloud.clock.advance(60 - (cloud.clock.now().getTime() % 60_000) / 1000);
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const send = () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
  return { ...cloud, cloudwatch: cloud.client(CloudWatchClient), sqs, QueueUrl, send };
}

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
test("how long a queue is, and how old its oldest message, is measured each minute while somebody looks", async () => {
  const { cloudwatch, clock, send } = await queueAt();
  const start = clock.now();
  const read = async (MetricName: string) => {
    const EndTime = new Date(clock.now().getTime() + 60_000);
    const asked = { Namespace: "AWS/SQS", MetricName, Dimensions, StartTime: start, EndTime, Period: 60 };
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({ ...asked, Statistics: ["Maximum"] }),
    );
    return Datapoints.map(({ Maximum }) => Maximum);
  };
  const names = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"] as const;
  for (const name of names) expect(await read(name)).toEqual([0]);
  await send();
  await clock.advance(60);
  await send();
  await clock.advance(60);
  expect(await read(names[0])).toEqual([0, 1, 2]);
  expect(await read(names[1])).toEqual([0, 60, 120]);
  await clock.advance(3600);
  // nobody has looked for long
  expect((await read(names[0])).length).toBeLessThan(25);
});

test("an alarm watches how long a queue is", async () => {
  const { cloudwatch, clock, send, sqs, QueueUrl } = await queueAt();
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "backlog",
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions,
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 2,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    }),
  );
  const state = async () =>
    (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["backlog"] }))).MetricAlarms?.[0]?.StateValue;
  await clock.advance(60);
  expect(await state()).toBe("OK");
  for (let count = 0; count < 2; count++) await send();
  await clock.advance(60);
  expect(await state()).toBe("ALARM");
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await clock.advance(60);
  expect(await state()).toBe("OK");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch_metrics.py (test_sqs_approximate_metrics, run against AWS)
test("the lengths of a queue are listed once it is asked for or used", async () => {
  const { cloudwatch, clock, send, sqs } = await queueAt();
  const names = async (more: object) => {
    const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace: "AWS/SQS", ...more }));
    return Metrics.map(({ MetricName }) => MetricName).filter((name) => name?.startsWith("Approximate"));
  };
  const GAUGES = [
    "ApproximateAgeOfOldestMessage",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesVisible",
  ];
  await sqs.send(new CreateQueueCommand({ QueueName: "idle" }));
  expect(await names({})).toEqual([]);
  expect(await names({ Dimensions: [{ Name: "QueueName", Value: "idle" }] })).toEqual(GAUGES);
  expect(await names({ Dimensions: [{ Name: "QueueName", Value: "none" }] })).toEqual([]);
  await send();
  await cloudwatch.send(new ListMetricsCommand({}));
  await clock.advance(60);
  expect(await names({})).toHaveLength(2 * GAUGES.length);
});
