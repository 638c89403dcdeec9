import { DeleteMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../test/queues.ts";

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
});

test("a FIFO queue wants a group, and a deduplication id where it does not go by content", async () => {
  const world = await queueWorld();
  const queue = await world.create("plain.fifo", { FifoQueue: "true" });
  await expect(world.send(queue, "x")).rejects.toThrow("The request must contain the parameter MessageGroupId.");
  await expect(world.send(queue, "x", { MessageGroupId: "a" })).rejects.toThrow(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
});
