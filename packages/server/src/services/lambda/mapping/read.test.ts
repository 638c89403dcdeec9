import {
  CreateAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { readQueue, REMEMBERS } from "../../../../test/function-queue.ts";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

test("a mapping that is disabled takes nothing more, and what waited meanwhile comes when it is enabled", async () => {
  const world = await functionWorld();
  const { UUID, send, left } = await readQueue(world, REMEMBERS);
  const enable = (Enabled: boolean) => world.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  await world.cloud.clock.advance(5);
  await enable(false);
  await send("one");
  // it is back in the queue where a reader had it that was about to go
  await world.cloud.clock.advance(60);
  expect((await world.invoke("work")).answer).toEqual([]);
  expect(await left()).toEqual([1, 0]);
  await enable(true);
  await world.cloud.clock.advance(30);
  expect((await world.invoke("work")).answer).toEqual([["one"]]);
});

test("a mapping that was deleted takes nothing more", async () => {
  const world = await functionWorld();
  const { UUID, send, left } = await readQueue(world, REMEMBERS);
  await world.cloud.clock.advance(5);
  await world.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await send("one");
  await world.cloud.clock.advance(60);
  expect((await world.invoke("work")).answer).toEqual([]);
  expect(await left()).toEqual([1, 0]);
});

test("messages outlive their function, and go to the next of its name", async () => {
  const world = await functionWorld();
  const { send, left } = await readQueue(world, REMEMBERS);
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName: "work" }));
  await send("one");
  await world.cloud.clock.advance(60);
  expect(await left()).toEqual([1, 0]);
  await world.create("work", REMEMBERS, { Role: "arn:aws:iam::000000000000:role/reader", Timeout: 20 });
  await world.cloud.clock.advance(60);
  expect((await world.invoke("work")).answer).toEqual([["one"]]);
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (batch window)
test("a batch is gathered until its window is over, or it is full", async () => {
  const world = await functionWorld();
  const { send } = await readQueue(
    world,
    REMEMBERS,
    { BatchSize: 3, MaximumBatchingWindowInSeconds: 30 },
    { attributes: { VisibilityTimeout: "120" } },
  );
  await send("one");
  await world.cloud.clock.advance(10);
  await send("two");
  await world.cloud.clock.advance(10);
  expect((await world.invoke("work")).answer).toEqual([]);
  await world.cloud.clock.advance(15);
  expect((await world.invoke("work")).answer).toEqual([["one", "two"]]);
  for (const body of ["three", "four", "five"]) await send(body);
  await world.cloud.clock.advance(1);
  expect((await world.invoke("work")).answer).toEqual([["three", "four", "five"]]);
});

test("what a failing function could not deal with is a dead letter in the end", async () => {
  const world = await functionWorld();
  const sqs = world.cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
  const source = `
    let counts = [];
    export const handler = async (event) => {
      if (!event.Records) return counts;
      counts.push(event.Records[0].attributes.ApproximateReceiveCount);
      throw new Error("no");
    };`;
  const { send, left } = await readQueue(world, source, {}, { attributes: { RedrivePolicy, VisibilityTimeout: "30" } });
  await send("bad");
  await world.cloud.clock.advance(150);
  expect((await world.invoke("work")).answer).toEqual(["1", "2", "3"]);
  expect(await left()).toEqual([0, 0]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["bad"]);
});

const GROUPS = `
let seen = [], failures = 0;
export const handler = async (event) => {
  if (!event.Records) return seen;
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    const failing = batchItemFailures.length > 0 || (body === "a2" && failures++ < 2);
    if (failing) batchItemFailures.push({ itemIdentifier: messageId });
    else seen.push(body);
  }
  return { batchItemFailures };
};`;

test("a FIFO queue's messages come in the order of their group, also where one of them fails", async () => {
  const world = await functionWorld();
  const { send, left } = await readQueue(
    world,
    GROUPS,
    { FunctionResponseTypes: ["ReportBatchItemFailures"] },
    {
      name: "jobs.fifo",
      attributes: { FifoQueue: "true", ContentBasedDeduplication: "true", VisibilityTimeout: "20" },
    },
  );
  for (const body of ["a1", "a2", "b1", "a3", "b2"]) await send(body, { MessageGroupId: body.charAt(0) });
  await world.cloud.clock.advance(120);
  const { answer } = await world.invoke("work");
  const seen: readonly string[] = JSON.parse(JSON.stringify(answer));
  expect(seen.filter((body) => body.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(seen.filter((body) => body.startsWith("b"))).toEqual(["b1", "b2"]);
  expect(await left()).toEqual([0, 0]);
});

test("no more instances than the mapping may have are at work", async () => {
  const world = await functionWorld();
  const source = `
    export const handler = async (event) => {
      await new Promise((go) => setTimeout(go, 30));
      console.log("me", process.env.AWS_LAMBDA_LOG_STREAM_NAME, event.Records.length);
    };`;
  const { send, left } = await readQueue(
    world,
    source,
    { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
    { rights: ["logs:*"] },
  );
  for (let n = 0; n < 12; n++) await send(String(n));
  await world.cloud.clock.advance(5);
  expect(await left()).toEqual([0, 0]);
  const { CloudWatchLogsClient, DescribeLogStreamsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const { logStreams = [] } = await world.cloud
    .client(CloudWatchLogsClient)
    .send(new DescribeLogStreamsCommand({ logGroupName: "/aws/lambda/work" }));
  expect(logStreams).toHaveLength(2);
});

test("what comes while the function has no concurrency is there when it has some", async () => {
  const world = await functionWorld();
  const { send } = await readQueue(world, REMEMBERS, {}, { attributes: { VisibilityTimeout: "30" } });
  const reserve = (ReservedConcurrentExecutions: number) =>
    world.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "work", ReservedConcurrentExecutions }));
  await reserve(0);
  await send("one");
  await world.cloud.clock.advance(10);
  await reserve(5);
  await world.cloud.clock.advance(60);
  expect((await world.invoke("work")).answer).toEqual([["one"]]);
});

const naming = (version: string): string => `
  let seen = [];
  export const handler = async (event) => {
    if (!event.Records) return seen;
    seen.push(...event.Records.map(({ body }) => body + " ${version}"));
  };`;

test("a mapping of an alias follows it to another version", async () => {
  const world = await functionWorld();
  const { UUID, send } = await readQueue(world, naming("first"));
  const FunctionName = "work";
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  await world.lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID, FunctionName: "work:live" }));
  await send("one");
  await world.cloud.clock.advance(25);
  expect((await world.invoke("work", {}, { Qualifier: "live" })).answer).toEqual(["one first"]);
  const ZipFile = zipOf({ "index.mjs": naming("second") });
  await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  await world.lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "2" }));
  await send("two");
  await world.cloud.clock.advance(25);
  expect((await world.invoke("work", {}, { Qualifier: "live" })).answer).toEqual(["two second"]);
});

test("records are as AWS writes them", async () => {
  const world = await functionWorld();
  const { send } = await readQueue(
    world,
    "let seen; export const handler = async (event) => { if (!event.Records) return seen; seen = event; };",
  );
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "order" },
    raw: { DataType: "Binary", BinaryValue: Buffer.from("ab") },
  };
  const { MessageId } = await send("one", { MessageAttributes });
  await world.cloud.clock.advance(1);
  const digits = expect.stringMatching(/^\d{13}$/);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
  expect((await world.invoke("work")).answer).toEqual({
    Records: [
      {
        messageId: MessageId,
        receiptHandle: expect.any(String),
        body: "one",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: digits,
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: digits,
        },
        messageAttributes: {
          kind: { stringValue: "order", stringListValues: [], binaryListValues: [], dataType: "String" },
          raw: { binaryValue: "YWI=", stringListValues: [], binaryListValues: [], dataType: "Binary" },
        },
        md5OfMessageAttributes: expect.stringMatching(/^[\da-f]{32}$/),
        md5OfBody: "f97c5d29941bfb1b2fdab0874906ab82",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:jobs",
        awsRegion: "us-east-1",
      },
    ],
  });
});

test("what is too large for one event comes in several", async () => {
  const world = await functionWorld();
  const source = `
    let sizes = [];
    export const handler = async (event) => {
      if (!event.Records) return sizes;
      sizes.push(Buffer.byteLength(JSON.stringify(event)));
    };`;
  const { send, left } = await readQueue(world, source, { MaximumBatchingWindowInSeconds: 5 });
  // what is as large, twice over, is more than the usual 128 MB hold beside Node.js
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "work", MemorySize: 512 }));
  for (let n = 0; n < 10; n++) await send("x".repeat(1_000_000));
  await world.cloud.clock.advance(10);
  const sizes: readonly number[] = JSON.parse(JSON.stringify((await world.invoke("work")).answer));
  expect(await left()).toEqual([0, 0]);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (6 MB)
  expect(sizes.filter((size) => size > 6_291_456)).toEqual([]);
  expect(sizes.length).toBeGreaterThan(1);
});

test("a FIFO queue knows no window, and so no larger batches", async () => {
  const world = await functionWorld();
  const attributes = { FifoQueue: "true" };
  const making = readQueue(world, REMEMBERS, { MaximumBatchingWindowInSeconds: 5 }, { name: "jobs.fifo", attributes });
  // Source: https://github.com/aws/aws-lambda-dotnet/pull/1758
  await expect(making).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "Invalid request provided: Batching window is not supported for FIFO queues",
  });
});
