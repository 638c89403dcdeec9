import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { queueWorld, type QueueWorld } from "../../../../test/queues.ts";

async function counts({ sqs }: QueueWorld, QueueUrl: string) {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return [
    Attributes.ApproximateNumberOfMessages,
    Attributes.ApproximateNumberOfMessagesNotVisible,
    Attributes.ApproximateNumberOfMessagesDelayed,
  ].map(Number);
}

test("a message is received with its attributes, stays invisible for its timeout, and is gone once deleted", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs");
  await world.send(queue, "hello", {
    MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1" } },
  });
  const [first] = await world.receive(queue, { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] });
  expect(first).toMatchObject({
    Body: "hello",
    MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } },
    Attributes: { ApproximateReceiveCount: "1", AWSTraceHeader: "Root=1", SenderId: "000000000000" },
  });
  expect(await counts(world, queue)).toEqual([0, 1, 0]);
  expect(await world.receive(queue)).toEqual([]);
  await world.cloud.clock.advance(30);
  expect(await counts(world, queue)).toEqual([1, 0, 0]);
  const [again] = await world.receive(queue, { MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: "2" });
  await world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: again?.ReceiptHandle }));
  expect(await counts(world, queue)).toEqual([0, 0, 0]);
});

const FIFO = { FifoQueue: "true", ContentBasedDeduplication: "true" };

/** A queue with a message that was received and given back. */
async function givenBack(world: QueueWorld, name: string, { attributes = {}, more = {} }) {
  const queue = await world.create(name, { ...attributes, VisibilityTimeout: "60" });
  await world.send(queue, "one", more);
  const [held] = await world.receive(queue);
  const change = (VisibilityTimeout: number) =>
    world.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queue, ReceiptHandle: held?.ReceiptHandle, VisibilityTimeout }),
    );
  await change(0);
  return { queue, change };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_change_message_visibility_after_visibility_timeout_expiration)
// Source: https://github.com/localstack/localstack/pull/9632 (AWS answers well, and does nothing)
test("a message that is visible again stays so, whoever has had it", async () => {
  const world = await queueWorld();
  const { queue, change } = await givenBack(world, "jobs", {});
  await change(10);
  expect(await world.receive(queue)).toHaveLength(1);
});

test("in a FIFO queue the handle of a message that is not held is of no use", async () => {
  const world = await queueWorld();
  const { queue, change } = await givenBack(world, "jobs.fifo", { attributes: FIFO, more: { MessageGroupId: "a" } });
  await expect(change(10)).rejects.toThrow("is not available for visibility timeout change");
  expect(await world.receive(queue)).toHaveLength(1);
});

test("a delayed message comes when its delay is over", async () => {
  const world = await queueWorld();
  const queue = await world.create("later", { DelaySeconds: "10" });
  await world.send(queue, "slow");
  await world.send(queue, "quick", { DelaySeconds: 0 });
  expect(await counts(world, queue)).toEqual([1, 0, 1]);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: "quick" }]);
  await world.cloud.clock.advance(10);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toMatchObject([{ Body: "slow" }]);
});

test("a receive that waits gets a message as soon as it comes, and one of two waiters only", async () => {
  const world = await queueWorld();
  const queue = await world.create("waiting");
  const waiters = [1, 2].map(() => world.receive(queue, { WaitTimeSeconds: 20 }));
  await world.send(queue, "at last");
  const first = await Promise.race(waiters);
  expect(first).toMatchObject([{ Body: "at last" }]);
  await world.cloud.clock.advance(20);
  const both = await Promise.all(waiters);
  expect(both.flat()).toHaveLength(1);
});

test("a receive that waits gets what becomes visible again", async () => {
  const world = await queueWorld();
  const queue = await world.create("waiting");
  await world.send(queue, "twice");
  await world.receive(queue, { VisibilityTimeout: 5 });
  const waiting = world.receive(queue, { WaitTimeSeconds: 20 });
  await world.cloud.clock.advance(5);
  expect(await waiting).toMatchObject([{ Body: "twice" }]);
});

test("a cloud that closes lets waiting receives end", async () => {
  const world = await queueWorld();
  const queue = await world.create("waiting");
  const waiting = world.receive(queue, { WaitTimeSeconds: 20 });
  await world.create("other");
  world.cloud.cloud.stopWaiting();
  expect(await waiting).toEqual([]);
});

test("messages that nobody takes are gone after the retention period", async () => {
  const world = await queueWorld();
  const queue = await world.create("short", { MessageRetentionPeriod: "60" });
  await world.send(queue, "old");
  await world.cloud.clock.advance(30);
  await world.send(queue, "younger");
  await world.cloud.clock.advance(30);
  expect(await counts(world, queue)).toEqual([1, 0, 0]);
  await world.cloud.clock.advance(30);
  expect(await counts(world, queue)).toEqual([0, 0, 0]);
});

test("messages wait in a queue of another region, for as long as it keeps them", async () => {
  const world = await queueWorld();
  const there = world.cloud.client(SQSClient, undefined, { region: "eu-west-1" });
  const { QueueUrl = "" } = await there.send(new CreateQueueCommand({ QueueName: "mediator" }));
  for (const MessageBody of ["one", "two"]) await there.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await expect(world.send(QueueUrl, "elsewhere")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html (four days)
  await world.cloud.clock.advance(4 * 86_400 - 60);
  const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  expect(new Set((await there.send(receive)).Messages?.map(({ Body }) => Body))).toEqual(new Set(["one", "two"]));
  await world.cloud.clock.advance(60);
  expect((await there.send(receive)).Messages).toBeUndefined();
});

test("a purge empties a queue, once in a minute", async () => {
  const world = await queueWorld();
  const queue = await world.create("full");
  await world.send(queue, "one");
  const [held] = await world.receive(queue);
  await world.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
  expect(await counts(world, queue)).toEqual([0, 0, 0]);
  await world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: held?.ReceiptHandle }));
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
  const again = world.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
  await expect(again).rejects.toMatchObject({ name: "PurgeQueueInProgress" });
  await world.cloud.clock.advance(60);
  await world.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
});

test("the entries of a batch succeed and fail by themselves", async () => {
  const world = await queueWorld();
  const queue = await world.create("batch");
  const { Successful, Failed } = await world.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queue,
      Entries: [
        { Id: "good", MessageBody: "fine" },
        { Id: "bad", MessageBody: "fine", DelaySeconds: 901 },
      ],
    }),
  );
  expect(Successful).toMatchObject([{ Id: "good" }]);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_delete_message_with_illegal_receipt_handle, run against AWS)
  const gone = world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: "garbage" }));
  await expect(gone).rejects.toThrow('The input receipt handle "garbage" is not a valid receipt handle.');
  expect(Failed).toMatchObject([{ Id: "bad", Code: "InvalidParameterValue", SenderFault: true }]);
  const removed = await world.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: queue, Entries: [{ Id: "x", ReceiptHandle: "made up" }] }),
  );
  expect(removed.Failed).toMatchObject([{ Id: "x", Code: "ReceiptHandleIsInvalid" }]);
});

test("a body of 1 MiB passes, and a byte more does not", async () => {
  const world = await queueWorld();
  const queue = await world.create("large");
  // Source: https://aws.amazon.com/about-aws/whats-new/2025/08/amazon-sqs-max-payload-size-1mib/
  await world.send(queue, "x".repeat(1_048_576));
  const [large] = await world.receive(queue);
  expect(large?.Body).toHaveLength(1_048_576);
  await expect(world.send(queue, "x".repeat(1_048_577))).rejects.toThrow("Message must be shorter than 1048576 bytes.");
});

test("a receive that waits outlives a purge", async () => {
  const world = await queueWorld();
  const queue = await world.create("purged");
  const waiting = world.receive(queue, { WaitTimeSeconds: 20 });
  await world.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
  await world.send(queue, "after");
  expect(await waiting).toMatchObject([{ Body: "after" }]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_message_batch_with_oversized_contents, test_send_batch_message_size, test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size)
test("a batch is as large as its bodies and attributes, and names no failures where there are none", async () => {
  const world = await queueWorld();
  const queue = await world.create("batch");
  const MessageAttributes = { k: { DataType: "String", StringValue: "x" } };
  const bytes = "kStringx".length;
  const batch = (QueueUrl: string, sizes: readonly number[]) =>
    world.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: sizes.map((size, at) => ({ Id: `e${at}`, MessageBody: "x".repeat(size), MessageAttributes })),
      }),
    );
  await expect(batch(queue, [1_048_576 - 2 * bytes, 1])).rejects.toMatchObject({
    name: "BatchRequestTooLong",
    message: "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
  });
  const sent = await batch(queue, [1]);
  expect(sent).not.toHaveProperty("Failed");
  const small = await world.create("small", { MaximumMessageSize: "1024" });
  const { Failed } = await batch(small, [1024 - bytes, 1025 - bytes]);
  expect(Failed).toEqual([
    {
      Id: "e1",
      Code: "InvalidParameterValue",
      Message: "One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.",
      SenderFault: true,
    },
  ]);
});

test("attributes have names of all alphabets and values of text, and come as they are asked for", async () => {
  const world = await queueWorld();
  const queue = await world.create("named", { VisibilityTimeout: "0" });
  const send = (name: string, StringValue: string) =>
    world.send(queue, "x", { MessageAttributes: { [name]: { DataType: "String", StringValue } } });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_send_message_with_invalid_string_attributes, run against AWS)
  await send("attr.1øßä", "good");
  for (const name of ["a§", "a!", "aWs.a", "AMAZON.a", ".a", "a.", "L".repeat(257)]) {
    await expect(send(name, "x")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  }
  await expect(send("a", "bad\b")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_message_with_empty_string_attribute, test_receive_message_message_attribute_names_filters)
  await expect(send("a", "")).rejects.toThrow(
    "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
  );
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html (StringListValues)
  const listed = { a: { DataType: "String", StringValue: "x", StringListValues: ["x"] } };
  await expect(world.send(queue, "x", { MessageAttributes: listed })).rejects.toThrow(
    "Message attribute list values in SendMessage operation are not supported.",
  );
  for (const all of ["All", "*", ".*"]) {
    const [message] = await world.receive(queue, { MessageAttributeNames: [all] });
    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(["attr.1øßä"]);
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_aws_trace_header_propagation, run against AWS)
test("a message keeps the trace that its request was part of", async () => {
  const world = await queueWorld();
  const queue = await world.create("traced");
  const trace = "Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=7fa8c0f79203be72;Sampled=1";
  const traced = world.cloud.client(SQSClient);
  traced.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (HttpRequest.isInstance(request)) request.headers["X-Amzn-Trace-Id"] = trace;
      return next(args);
    },
    { step: "build" },
  );
  const sent = await traced.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "x" }));
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (of attributes that were sent)
  expect(sent.MD5OfMessageSystemAttributes).toBeUndefined();
  const [message] = await world.receive(queue, { MessageSystemAttributeNames: ["AWSTraceHeader"] });
  expect(message?.Attributes).toEqual({ AWSTraceHeader: trace });
});
