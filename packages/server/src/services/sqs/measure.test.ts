import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { measured } from "../../../test/measured.ts";
import { testCloud } from "../../../test/test-cloud.ts";

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_aws_sqs_metrics_created)
test("CloudWatch hears what is sent to a queue, received from it and deleted", async () => {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const cloudwatch = cloud.client(CloudWatchClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "12345" }));
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "" }))).rejects.toThrow("MessageBody");
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  const names = [
    "NumberOfMessagesSent",
    "SentMessageSize",
    "NumberOfEmptyReceives",
    "NumberOfMessagesReceived",
    "NumberOfMessagesDeleted",
  ];
  const nowMs = cloud.clock.now().getTime();
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - 120_000),
      EndTime: new Date(nowMs + 60_000),
      MetricDataQueries: names.map((MetricName, index) => ({
        Id: `m${index}`,
        MetricStat: {
          Metric: { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: "orders" }] },
          Period: 300,
          Stat: "Sum",
        },
      })),
    }),
  );
  expect(MetricDataResults.map(({ Label, Values }) => [Label, Values])).toEqual([
    ["NumberOfMessagesSent", [1]],
    ["SentMessageSize", [5]],
    ["NumberOfEmptyReceives", [1]],
    ["NumberOfMessagesReceived", [1]],
    ["NumberOfMessagesDeleted", [1]],
  ]);
  const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: "AWS/SQS" }));
  expect(Metrics).toHaveLength(names.length);
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
test("of a FIFO queue the groups are counted that wait for a message in flight", async () => {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true" };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders.fifo", Attributes }));
  for (const MessageGroupId of ["a", "b", "c"]) {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `1 of ${MessageGroupId}`, MessageGroupId }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `2 of ${MessageGroupId}`, MessageGroupId }));
  }
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 4, VisibilityTimeout: 600 }));
  await cloud.clock.advance(120);
  const name = "ApproximateNumberOfGroupsWithInflightMessages";
  expect(await measured(cloud, ["AWS/SQS", name], { QueueName: "orders.fifo" })).toMatchObject({ Maximum: 2 });
});
