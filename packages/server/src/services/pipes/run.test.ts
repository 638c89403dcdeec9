import { DeleteRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { StartPipeCommand, StopPipeCommand } from "@aws-sdk/client-pipes";
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { withPipe } from "../../../test/pipes.ts";
import { makeQueue, queueArn, received } from "../../../test/schedules.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";

const bodies = async (cloud: TestCloud, url: string): Promise<unknown[]> =>
  (await received(cloud, url)).map(({ Body = "" }) => JSON.parse(Body));

async function left(cloud: TestCloud, url: string): Promise<number> {
  const names = ["ApproximateNumberOfMessages" as const, "ApproximateNumberOfMessagesNotVisible" as const];
  const { Attributes = {} } = await cloud
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }));
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html (example event)
test("what comes into the source goes to the target, and is gone from the source", async () => {
  const cloud = await testCloud();
  const { from, to, create, send, settle } = await withPipe(cloud);
  await create();
  await send("hello", { MessageAttributes: { colour: { DataType: "String", StringValue: "red" } } });
  await settle();
  expect(await bodies(cloud, to)).toMatchObject([
    {
      messageId: expect.any(String),
      body: "hello",
      attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.any(String) },
      messageAttributes: { colour: { stringValue: "red", dataType: "String" } },
      eventSource: "aws:sqs",
      eventSourceARN: queueArn("from"),
      awsRegion: "us-east-1",
    },
  ]);
  expect(await left(cloud, from)).toBe(0);
  await send("again");
  await settle();
  expect(await bodies(cloud, to)).toMatchObject([{ body: "again" }]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
test("a filter looks into bodies that are JSON, and drops what it does not want", async () => {
  const cloud = await testCloud();
  const { from, to, create, send, settle } = await withPipe(cloud);
  const Pattern = JSON.stringify({ body: { price: [{ numeric: [">", 10] }] } });
  await create({ SourceParameters: { FilterCriteria: { Filters: [{ Pattern }] } } });
  for (const body of ['{"price":5}', '{"price":50}', "price", '{"cost":50}']) await send(body);
  await settle();
  expect(await bodies(cloud, to)).toMatchObject([{ body: '{"price":50}' }]);
  expect(await left(cloud, from)).toBe(0);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
test("a template says what the target gets", async () => {
  const cloud = await testCloud();
  const { to, create, send, settle } = await withPipe(cloud);
  const InputTemplate = `{
    "said": "Hello, <$.body.name>",
    "list": <$.body.items>,
    "second": <$.body.items[1]>,
    "pipe": "<aws.pipes.pipe-name>",
    "whole": <aws.pipes.event.json>,
    "nothing": "<$.body.missing>"
  }`;
  await create({ TargetParameters: { InputTemplate } });
  await send(JSON.stringify({ name: 'Ann "A"', items: [1, { two: 2 }] }));
  await settle();
  expect(await bodies(cloud, to)).toMatchObject([
    {
      said: 'Hello, Ann "A"',
      list: [1, { two: 2 }],
      second: { two: 2 },
      pipe: "flow",
      whole: { body: { name: 'Ann "A"' }, eventSource: "aws:sqs" },
      nothing: "",
    },
  ]);
});

test("a template that is a text, or a path alone, gives the target that text", async () => {
  const cloud = await testCloud();
  const { to, create, send, settle } = await withPipe(cloud);
  await create({ TargetParameters: { InputTemplate: "<$.body>" } });
  await send("as it is");
  await settle();
  expect((await received(cloud, to)).map(({ Body }) => Body)).toEqual(["as it is"]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html#pipes-targets-dynamic-parms
test("groups and deduplication ids of a FIFO target are taken from the event", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud);
  const url = await makeQueue(cloud, "ordered.fifo", { FifoQueue: "true" });
  await create({
    Target: queueArn("ordered.fifo"),
    TargetParameters: {
      SqsQueueParameters: { MessageGroupId: "$.body.customer", MessageDeduplicationId: "$.messageId" },
    },
  });
  await send('{"customer":"c-7"}');
  await settle();
  const [message] = await received(cloud, url);
  expect(message?.Attributes).toMatchObject({ MessageGroupId: "c-7" });
});

test("what a target does not take comes again, and ends in the dead-letter queue of the source", async () => {
  const cloud = await testCloud();
  const { from, create, send, settle } = await withPipe(cloud);
  const dead = await makeQueue(cloud, "dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 3 });
  await cloud.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: from, Attributes: { RedrivePolicy } }));
  await create({ Target: queueArn("missing") });
  await send("lost");
  await settle();
  expect(await left(cloud, from)).toBe(1);
  await cloud.clock.advance(600);
  expect((await received(cloud, dead)).map(({ Body }) => Body)).toEqual(["lost"]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
test("a batching window gathers what comes while it is open", async () => {
  const cloud = await testCloud();
  const { from, to, create, send } = await withPipe(cloud);
  const Attributes = { VisibilityTimeout: "300" };
  await cloud.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: from, Attributes }));
  await create({ SourceParameters: { SqsQueueParameters: { MaximumBatchingWindowInSeconds: 60 } } });
  await send("first");
  await cloud.clock.advance(30);
  await send("second");
  await cloud.clock.advance(15);
  expect(await received(cloud, to)).toEqual([]);
  await cloud.clock.advance(60);
  expect(await left(cloud, to)).toBe(2);
});

test("a target that takes nothing is not asked without a pause", async () => {
  const cloud = await testCloud();
  const { from, pipes, create, send, settle } = await withPipe(cloud);
  const Attributes = { VisibilityTimeout: "0" };
  await cloud.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl: from, Attributes }));
  await create({ Target: queueArn("missing") });
  await send("kept");
  await settle();
  await cloud.clock.advance(3600);
  await pipes.send(new StopPipeCommand({ Name: "flow" }));
  const [message] = await received(cloud, from);
  const receives = Number(message?.Attributes?.["ApproximateReceiveCount"]);
  expect(receives).toBeGreaterThan(60);
  expect(receives).toBeLessThan(200);
});

test("a pipe has the rights of its role and no others", async () => {
  const cloud = await testCloud();
  const { from, to, create, send, settle } = await withPipe(cloud);
  await create();
  await cloud.client(IAMClient).send(new DeleteRolePolicyCommand({ RoleName: "piper", PolicyName: "work" }));
  await cloud.clock.advance(3600);
  await send("kept");
  await settle();
  expect(await received(cloud, to)).toEqual([]);
  expect(await left(cloud, from)).toBe(1);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-start-stop.html
test("a pipe that was stopped takes nothing until it is started", async () => {
  const cloud = await testCloud();
  const { to, pipes, create, send } = await withPipe(cloud);
  await create();
  await pipes.send(new StopPipeCommand({ Name: "flow" }));
  await cloud.clock.advance(60);
  await send("later");
  await cloud.clock.advance(60);
  expect(await received(cloud, to)).toEqual([]);
  await pipes.send(new StartPipeCommand({ Name: "flow" }));
  await cloud.clock.advance(60);
  expect(await bodies(cloud, to)).toMatchObject([{ body: "later" }]);
});

test("many messages come through, each once", async () => {
  const cloud = await testCloud();
  const { from, to, create, send, settle } = await withPipe(cloud);
  for (let at = 0; at < 35; at++) await send(String(at));
  await create({ SourceParameters: { SqsQueueParameters: { BatchSize: 25 } } });
  await settle();
  expect(await left(cloud, from)).toBe(0);
  expect(await left(cloud, to)).toBe(35);
});
