import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../../test/queues.ts";

test("a queue is made again with equal attributes, and refused with others", async () => {
  const world = await queueWorld();
  const url = await world.create("jobs", { VisibilityTimeout: "60" });
  expect(await world.create("jobs", { VisibilityTimeout: "60" })).toBe(url);
  expect(await world.create("jobs")).toBe(url);
  await expect(world.create("jobs", { VisibilityTimeout: "61" })).rejects.toMatchObject({
    name: "QueueNameExists",
    message: "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
  });
});

test("the name of a deleted queue is free after a minute", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  await world.send(QueueUrl, "lost");
  await world.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(world.send(QueueUrl, "x")).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    Error: { Code: "AWS.SimpleQueueService.NonExistentQueue" },
  });
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html (QueueDeletedRecently)
  await expect(world.create("jobs")).rejects.toMatchObject({ name: "QueueDeletedRecently" });
  await world.cloud.clock.advance(60);
  expect(await world.receive(await world.create("jobs"))).toEqual([]);
});

test("attributes have AWS's defaults and bounds", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs.fifo", { FifoQueue: "true" });
  const { Attributes } = await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
  expect(Attributes).toMatchObject({
    VisibilityTimeout: "30",
    MessageRetentionPeriod: "345600",
    DelaySeconds: "0",
    ReceiveMessageWaitTimeSeconds: "0",
    SqsManagedSseEnabled: "true",
    FifoQueue: "true",
    DeduplicationScope: "queue",
    FifoThroughputLimit: "perQueue",
  });
  for (const [name, value] of [
    ["VisibilityTimeout", "43201"],
    ["MessageRetentionPeriod", "59"],
    ["MaximumMessageSize", "1023"],
    ["DelaySeconds", "x"],
    ["FifoThroughputLimit", "perMessageGroupId"],
  ] as const) {
    const set = world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [name]: value } }));
    await expect(set).rejects.toMatchObject({ name: "InvalidAttributeValue" });
  }
  const unknown = world.sqs.send(new CreateQueueCommand({ QueueName: "odd", Attributes: { FifoQueue: "false" } }));
  await expect(unknown).rejects.toThrow("Unknown Attribute FifoQueue.");
});

test("queues are listed by prefix, page by page", async () => {
  const world = await queueWorld();
  for (const name of ["a1", "a2", "a3", "b1"]) await world.create(name);
  const first = await world.sqs.send(new ListQueuesCommand({ QueueNamePrefix: "a", MaxResults: 2 }));
  expect(first.QueueUrls).toHaveLength(2);
  const rest = await world.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: "a", MaxResults: 2, NextToken: first.NextToken }),
  );
  expect(rest.QueueUrls?.map((url) => url.split("/").at(-1))).toEqual(["a3"]);
  expect(rest.NextToken).toBeUndefined();
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html (MaxResults)
  for (const MaxResults of [0, 1001]) {
    await expect(world.sqs.send(new ListQueuesCommand({ MaxResults }))).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  }
});

test("what no queue can be called and what no attribute is called is refused, and nothing breaks", async () => {
  const world = await queueWorld();
  const half = "\ud800";
  const gone = { name: "QueueDoesNotExist" };
  await expect(world.send(half, "x")).rejects.toMatchObject(gone);
  await expect(world.sqs.send(new GetQueueUrlCommand({ QueueName: half }))).rejects.toMatchObject(gone);
  expect((await world.sqs.send(new ListQueuesCommand({ QueueNamePrefix: half }))).QueueUrls).toBeUndefined();
  await expect(world.create("jobs", { constructor: "1" })).rejects.toMatchObject({
    name: "InvalidAttributeName",
    message: "Unknown Attribute constructor.",
  });
});
