import {
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { queueArn, topicWorld, type TopicWorld } from "../../../../test/topics.ts";

const replaySince = (fromMs: number): string =>
  JSON.stringify({ PointType: "Timestamp", StartingPoint: new Date(fromMs).toISOString() });

const FIFO = { FifoTopic: "true" };
const RAW = { RawMessageDelivery: "true" };

const publish = (
  world: TopicWorld,
  TopicArn: string,
  [MessageGroupId, Message, MessageDeduplicationId = Message]: readonly string[],
) => world.sns.send(new PublishCommand({ TopicArn, Message, MessageGroupId, MessageDeduplicationId }));

test("messages come to the queue in the order of the topic, with their groups", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", FIFO);
  const { queue } = await world.listener(topic, "orders.fifo", RAW);
  const sequences: bigint[] = [];
  for (const text of ["a1", "a2", "a3"]) {
    const { SequenceNumber = "" } = await publish(world, topic, ["a", text]);
    sequences.push(BigInt(SequenceNumber));
  }
  expect(sequences).toEqual(sequences.toSorted((one, other) => (one < other ? -1 : 1)));
  const received = await world.receive(queue, { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] });
  expect(received.map(({ Body }) => Body)).toEqual(["a1", "a2", "a3"]);
  expect(received[0]?.Attributes).toMatchObject({ MessageGroupId: "a", MessageDeduplicationId: "a1" });
});

test("envelopes of FIFO topics have a sequence number and no signature", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", FIFO);
  const { queue } = await world.listener(topic, "orders.fifo");
  const { SequenceNumber } = await publish(world, topic, ["a", "hello"]);
  const [message] = await world.receive(queue);
  const envelope = JSON.parse(message?.Body ?? "");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_message_to_fifo_sqs)
  expect(Object.keys(envelope)).toEqual([
    "Type",
    "MessageId",
    "SequenceNumber",
    "TopicArn",
    "Message",
    "Timestamp",
    "UnsubscribeURL",
  ]);
  expect(envelope.SequenceNumber).toBe(SequenceNumber);
});

test("what is published twice within five minutes comes once", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", FIFO);
  const { queue } = await world.listener(topic, "orders.fifo", RAW);
  const first = await publish(world, topic, ["a", "one", "same"]);
  expect(await publish(world, topic, ["b", "two", "same"])).toMatchObject({
    MessageId: first.MessageId,
    SequenceNumber: first.SequenceNumber,
  });
  await world.cloud.clock.advance(300);
  expect((await publish(world, topic, ["a", "three", "same"])).MessageId).not.toBe(first.MessageId);
  const received = await world.receive(queue, { MaxNumberOfMessages: 10 });
  expect(received.map(({ Body }) => Body)).toEqual(["one", "three"]);
});

test("with the scope of a group, equal messages of two groups are two", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", { ...FIFO, FifoThroughputScope: "MessageGroup" });
  const first = await publish(world, topic, ["a", "one", "same"]);
  expect((await publish(world, topic, ["b", "two", "same"])).MessageId).not.toBe(first.MessageId);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_validations_for_fifo)
test("FIFO topics want a group and a deduplication id, FIFO queues a FIFO topic", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", FIFO);
  await expect(world.publish(topic, "x")).rejects.toThrow(
    "Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
  );
  await expect(world.publish(topic, "x", { MessageGroupId: "a" })).rejects.toThrow(
    "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
  const standard = await world.topic("orders");
  await expect(world.listener(standard, "jobs.fifo")).rejects.toThrow(
    "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
  );
  const { subscription } = await world.listener(topic, "orders.fifo");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead") });
  const set = { SubscriptionArn: subscription, AttributeName: "RedrivePolicy", AttributeValue: RedrivePolicy };
  await expect(world.sns.send(new SetSubscriptionAttributesCommand(set))).rejects.toThrow(
    "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
  );
  const plain = await world.listener(topic, "jobs", { RedrivePolicy });
  expect(plain.subscription).toMatch(new RegExp(`^${topic}:`));
  const mail = new SubscribeCommand({ TopicArn: topic, Protocol: "email", Endpoint: "me@example.com" });
  // Source: https://github.com/hashicorp/terraform-provider-aws/issues/38441
  await expect(world.sns.send(mail)).rejects.toThrow("Invalid parameter: Invalid protocol type: email");
});

test("an archive is replayed to who asks for it, as often as they ask, for as long as it is kept", async () => {
  const world = await topicWorld();
  const ArchivePolicy = JSON.stringify({ MessageRetentionPeriod: "2" });
  const topic = await world.topic("orders.fifo", { ...FIFO });
  const set = { TopicArn: topic, AttributeName: "ArchivePolicy", AttributeValue: ArchivePolicy };
  await world.sns.send(new SetTopicAttributesCommand(set));
  const { Attributes } = await world.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
  expect(Attributes).toMatchObject({ ArchivePolicy, BeginningArchiveTime: expect.stringMatching(/Z$/) });
  const startMs = world.cloud.clock.now().getTime();
  await publish(world, topic, ["a", "first"]);
  await world.cloud.clock.advance(3600);
  await publish(world, topic, ["a", "second"]);
  const late = await world.listener(topic, "late.fifo", { ReplayPolicy: replaySince(startMs) });
  await world.cloud.clock.advance(1);
  const received = await world.receive(late.queue, { MaxNumberOfMessages: 10 });
  // Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
  expect(received.map(({ Body = "" }) => JSON.parse(Body))).toMatchObject([
    { Message: "first", Replayed: "true" },
    { Message: "second", Replayed: "true" },
  ]);
  const read = new GetSubscriptionAttributesCommand({ SubscriptionArn: late.subscription });
  expect((await world.sns.send(read)).Attributes).toMatchObject({ ReplayStatus: "Completed" });
  await world.cloud.clock.advance(2 * 86_400);
  await publish(world, topic, ["a", "third"]);
  const again = await world.listener(topic, "again.fifo", { ...RAW, ReplayPolicy: replaySince(startMs) });
  await world.cloud.clock.advance(1);
  expect((await world.receive(again.queue, { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(["third"]);
});

// Source: https://github.com/aws/aws-cdk/pull/37113, https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
test("a topic is not deleted before its archive is", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", { ...FIFO, ArchivePolicy: '{"MessageRetentionPeriod":"30"}' });
  const read = async () => (await world.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }))).Attributes;
  expect(await read()).toHaveProperty("BeginningArchiveTime");
  const remove = () => world.sns.send(new DeleteTopicCommand({ TopicArn: topic }));
  await expect(remove()).rejects.toMatchObject({
    name: "InvalidStateException",
    message: "Invalid state: Cannot delete a topic with an ArchivePolicy",
  });
  const set = { TopicArn: topic, AttributeName: "ArchivePolicy", AttributeValue: "{}" };
  await world.sns.send(new SetTopicAttributesCommand(set));
  expect(await read()).not.toHaveProperty("BeginningArchiveTime");
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sns/topic_test.go (fifoWithArchivePolicy)
  expect(await read()).not.toHaveProperty("ArchivePolicy");
  await remove();
});

// Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html (retention period)
test("what an archive no longer keeps is not replayed, though nothing was published since", async () => {
  const world = await topicWorld();
  const topic = await world.topic("orders.fifo", { ...FIFO, ArchivePolicy: '{"MessageRetentionPeriod":"1"}' });
  const startMs = world.cloud.clock.now().getTime();
  await publish(world, topic, ["a", "first"]);
  await world.cloud.clock.advance(2 * 86_400);
  const late = await world.listener(topic, "late.fifo", { ...RAW, ReplayPolicy: replaySince(startMs) });
  await world.cloud.clock.advance(1);
  expect(await world.receive(late.queue)).toEqual([]);
});
