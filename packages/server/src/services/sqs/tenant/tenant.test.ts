import { DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { measured } from "../../../../test/measured.ts";
import { queueWorld } from "../../../../test/queues.ts";

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
test("a tenant of whose messages many are in flight does not keep others waiting", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs");
  for (let at = 0; at < 60; at++) await world.send(queue, `noisy-${at}`, { MessageGroupId: "noisy" });
  const bodies = async (MaxNumberOfMessages: number) =>
    (await world.receive(queue, { MaxNumberOfMessages })).map(({ Body }) => Body);
  expect(await bodies(10)).toHaveLength(10);
  await world.send(queue, "quiet-0", { MessageGroupId: "quiet" });
  await world.send(queue, "alone-0", { MessageGroupId: "another" });
  expect(new Set(await bodies(2))).toEqual(new Set(["quiet-0", "alone-0"]));
  // where there is nothing else, the noisy one is served
  expect((await bodies(10)).filter((body) => body?.startsWith("noisy-"))).toHaveLength(10);
});

test("tenants take turns while all of them have messages in flight", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs");
  for (const tenant of ["a", "b", "c"]) {
    for (let at = 0; at < 10; at++) await world.send(queue, `${tenant}-${at}`, { MessageGroupId: tenant });
  }
  const received = await world.receive(queue, { MaxNumberOfMessages: 9 });
  const byTenant = Map.groupBy(received, ({ Body = "" }) => Body.slice(0, 1));
  const counts = Object.fromEntries([...byTenant].map(([tenant, some]) => [tenant, some.length]));
  expect(counts).toEqual({ a: 3, b: 3, c: 3 });
});

test("messages with and without a tenant all come, each once, and leave nothing behind", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs", { VisibilityTimeout: "5" });
  const sent = Array.from({ length: 40 }, (_, at) => String(at));
  for (const [at, body] of sent.entries()) {
    await world.send(queue, body, at % 3 === 0 ? {} : { MessageGroupId: `tenant-${at % 7}` });
  }
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(10);
  await world.cloud.clock.advance(6);
  const bodies: string[] = [];
  for (;;) {
    const some = await world.receive(queue, { MaxNumberOfMessages: 7 });
    if (some.length === 0) break;
    for (const { Body = "", ReceiptHandle } of some) {
      bodies.push(Body);
      await world.sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
  }
  expect(bodies).toHaveLength(sent.length);
  expect(new Set(bodies)).toEqual(new Set(sent));
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html,
// sqs-available-cloudwatch-metrics.html
test("CloudWatch is told of noisy tenants, and what there is of the others", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs", { VisibilityTimeout: "600" });
  await world.send(await world.create("plain"), "alone", {});
  const highest = async (name: string, QueueName = "jobs") =>
    (await measured(world.cloud, ["AWS/SQS", name], { QueueName }))?.Maximum ?? Number.NaN;
  await world.send(queue, "old", { MessageGroupId: "noisy" });
  await world.cloud.clock.advance(300);
  await world.send(queue, "alone", {});
  for (let at = 0; at < 39; at++) await world.send(queue, `noisy-${at}`, { MessageGroupId: "noisy" });
  for (let at = 0; at < 4; at++) await world.receive(queue, { MaxNumberOfMessages: 8 });
  for (let at = 0; at < 5; at++) await world.send(queue, `quiet-${at}`, { MessageGroupId: "quiet" });
  await world.send(queue, "later", { MessageGroupId: "quiet", DelaySeconds: 900 });
  await world.receive(queue, { MaxNumberOfMessages: 2 });
  await world.cloud.clock.advance(120);
  expect(await highest("ApproximateNumberOfNoisyGroups")).toBe(1);
  expect(await highest("ApproximateNumberOfMessagesVisible")).toBe(12);
  expect(await highest("ApproximateNumberOfMessagesVisibleInQuietGroups")).toBe(3);
  expect(await highest("ApproximateNumberOfMessagesNotVisibleInQuietGroups")).toBe(3);
  expect(await highest("ApproximateNumberOfMessagesDelayedInQuietGroups")).toBe(1);
  const quietAge = await highest("ApproximateAgeOfOldestMessageInQuietGroups");
  const older = (await highest("ApproximateAgeOfOldestMessage")) - quietAge;
  expect(older).toBeGreaterThanOrEqual(300);
  expect(older).toBeLessThan(330);
  expect(await highest("ApproximateNumberOfNoisyGroups", "plain")).toBeNaN();
});
