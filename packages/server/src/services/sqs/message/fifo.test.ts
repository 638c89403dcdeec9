import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../../test/queues.ts";

const FIFO = { FifoQueue: "true", ContentBasedDeduplication: "true" };

test("messages of a group come in order, and none while others of it are held", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  for (const text of ["a1", "a2", "a3"]) await world.send(queue, text, { MessageGroupId: "a" });
  await world.send(queue, "b1", { MessageGroupId: "b" });
  const first = await world.receive(queue, { MaxNumberOfMessages: 2, MessageSystemAttributeNames: ["All"] });
  expect(first.map(({ Body }) => Body)).toEqual(["a1", "a2"]);
  const [one, two] = first.map(({ Attributes }) => BigInt(Attributes?.SequenceNumber ?? 0));
  expect(two).toBeGreaterThan(one ?? 0n);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: "b1" }]);
  for (const { ReceiptHandle } of first) {
    await world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
  }
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: "a3" }]);
});

test("held messages come again in order when their time is over", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  for (const text of ["a1", "a2"]) await world.send(queue, text, { MessageGroupId: "a" });
  const [held] = await world.receive(queue);
  expect(await world.receive(queue)).toEqual([]);
  await world.cloud.clock.advance(30);
  const again = await world.receive(queue, { MaxNumberOfMessages: 10 });
  expect(again.map(({ Body }) => Body)).toEqual(["a1", "a2"]);
  const late = world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: held?.ReceiptHandle }));
  await expect(late).rejects.toThrow("The receipt handle has expired.");
});

test("what is sent twice within five minutes comes once", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  const send = () =>
    world.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "same", MessageGroupId: "a" }));
  const first = await send();
  const again = await send();
  expect(again.MessageId).toBe(first.MessageId);
  expect(again.SequenceNumber).toBe(first.SequenceNumber);
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
  await world.cloud.clock.advance(300);
  expect((await send()).MessageId).not.toBe(first.MessageId);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(2);
});

test("with the scope of a group, equal messages of two groups are two", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", { ...FIFO, DeduplicationScope: "messageGroup" });
  await world.send(queue, "same", { MessageGroupId: "a" });
  await world.send(queue, "same", { MessageGroupId: "b" });
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(2);
});

test("a receive tried again under its id gives the same messages", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  await world.send(queue, "once", { MessageGroupId: "a" });
  const attempt = { ReceiveRequestAttemptId: "try" };
  const [first] = await world.receive(queue, attempt);
  const [again] = await world.receive(queue, attempt);
  expect(again?.MessageId).toBe(first?.MessageId);
  expect(await world.receive(queue, { ReceiveRequestAttemptId: "other" })).toEqual([]);
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ReceiveRequestAttemptId)
  for (const ReceiveRequestAttemptId of ["a".repeat(129), "a b", ""]) {
    await expect(world.receive(queue, { ReceiveRequestAttemptId })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  }
});

test("a FIFO queue wants a group, and a deduplication id where it does not go by content", async () => {
  const world = await queueWorld();
  const queue = await world.create("plain.fifo", { FifoQueue: "true" });
  await expect(world.send(queue, "x")).rejects.toThrow("The request must contain the parameter MessageGroupId.");
  await expect(world.send(queue, "x", { MessageGroupId: "a" })).rejects.toThrow(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_fifo_message_group_visibility_after_terminate_visibility_timeout, run against AWS),
// https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_fifo_group_visibility_extends_with_change_message_visibility)
test("a group comes again with its first message, as far as nothing of it is held", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  for (const text of ["a1", "a2", "a3"]) await world.send(queue, text, { MessageGroupId: "a" });
  const [first] = await world.receive(queue, { MaxNumberOfMessages: 2 });
  await world.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue,
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: "a1" }]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_batch_missing_message_group_id_for_fifo_queue)
test("a batch with an entry of no group is refused as a whole", async () => {
  const world = await queueWorld();
  const queue = await world.create("orders.fifo", FIFO);
  const Entries = [
    { Id: "a", MessageBody: "x", MessageGroupId: "a" },
    { Id: "b", MessageBody: "x" },
  ];
  const sent = world.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
  await expect(sent).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: "The request must contain the parameter MessageGroupId.",
  });
  expect(await world.receive(queue)).toEqual([]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_create_standard_queue_with_fifo_attribute_raises_error, test_set_unsupported_attribute_fifo)
test("what FIFO queues have is not for others, and a queue stays of its kind", async () => {
  const world = await queueWorld();
  for (const [name, message] of [
    ["FifoQueue", "Unknown Attribute FifoQueue."],
    ["ContentBasedDeduplication", "Unknown Attribute ContentBasedDeduplication."],
    ["DeduplicationScope", "You can specify the DeduplicationScope only when FifoQueue is set to true."],
    ["FifoThroughputLimit", "You can specify the FifoThroughputLimit only when FifoQueue is set to true."],
  ] as const) {
    const value = name === "DeduplicationScope" ? "queue" : name === "FifoThroughputLimit" ? "perQueue" : "false";
    await expect(world.create("plain", { [name]: value })).rejects.toMatchObject({
      name: "InvalidAttributeName",
      message,
    });
  }
  const QueueUrl = await world.create("orders.fifo", { FifoQueue: "True" });
  const changed = world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue: "false" } }));
  await expect(changed).rejects.toMatchObject({
    name: "InvalidAttributeValue",
    message: "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
  });
});
