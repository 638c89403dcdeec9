import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeRole } from "../../../test/identities.ts";
import { topicWorld } from "../../../test/topics.ts";

test("what became of deliveries is in the topic's log groups, written by the role that the topic names", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  const { queue } = await world.listener(topic, "jobs");
  const role = await makeRole(world.cloud, "feedback", {
    principal: { Service: "sns.amazonaws.com" },
    allow: ["logs:*"],
  });
  for (const AttributeName of ["SQSSuccessFeedbackRoleArn", "SQSFailureFeedbackRoleArn"]) {
    const set = { TopicArn: topic, AttributeName, AttributeValue: role };
    await world.sns.send(new SetTopicAttributesCommand(set));
  }
  const id = await world.publish(topic, "hello");
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { Policy: "" } }));
  await world.publish(topic, "refused");
  await world.cloud.clock.advance(1);
  const logs = world.cloud.client(CloudWatchLogsClient);
  const lines = async (logGroupName: string) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events.map(({ message = "" }) => JSON.parse(message));
  };
  // Source: https://docs.aws.amazon.com/sns/latest/dg/msg-status-topics.html
  expect(await lines("sns/us-east-1/000000000000/orders")).toMatchObject([
    {
      notification: { messageId: id, topicArn: topic },
      delivery: { destination: "arn:aws:sqs:us-east-1:000000000000:jobs", attempts: 1, statusCode: 200 },
      status: "SUCCESS",
    },
  ]);
  expect(await lines("sns/us-east-1/000000000000/orders/Failure")).toMatchObject([{ status: "FAILURE" }]);
});

test("CloudWatch counts what was published, delivered and filtered out", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders");
  await world.listener(topic, "all");
  await world.listener(topic, "some", { FilterPolicy: '{"kind":["other"]}' });
  await world.listener(topic, "none", { FilterPolicy: '{"kind":["other"]}', FilterPolicyScope: "MessageBody" });
  await world.publish(topic, "hello");
  const cloudwatch = world.cloud.client(CloudWatchClient);
  const now = world.cloud.clock.now().getTime();
  const sumOf = async (MetricName: string) => {
    const { Datapoints = [] } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/SNS",
        MetricName,
        Dimensions: [{ Name: "TopicName", Value: "orders" }],
        StartTime: new Date(now - 600_000),
        EndTime: new Date(now + 600_000),
        Period: 3600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
  expect(await sumOf("NumberOfMessagesPublished")).toBe(1);
  expect(await sumOf("PublishSize")).toBe("hello".length);
  expect(await sumOf("NumberOfNotificationsDelivered")).toBe(1);
  expect(await sumOf("NumberOfNotificationsFilteredOut")).toBe(2);
  expect(await sumOf("NumberOfNotificationsFilteredOut-MessageAttributes")).toBe(1);
  expect(await sumOf("NumberOfNotificationsFilteredOut-NoMessageAttributes")).toBe(1);
  expect(await sumOf("NumberOfNotificationsFilteredOut-MessageBody")).toBe(1);
  expect(await sumOf("NumberOfNotificationsFilteredOut-InvalidMessageBody")).toBe(1);
});
