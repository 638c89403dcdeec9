/** Two gateways over one PostgreSQL store: each thing is delivered by one of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../postgres-server.ts";
import { openQueue, queueArn, withQueue } from "../schedules.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";

let postgres: PostgresServer | undefined;
const directory = mkdtempSync(join(tmpdir(), "kumobako-gateways-"));

beforeAll(async () => {
  postgres = await startPostgres();
  if (postgres === undefined) console.warn("skipped: no PostgreSQL on this machine");
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Two clouds that are one. */
async function twoGateways(url: string): Promise<readonly [TestCloud, TestCloud]> {
  const storage = { kind: "postgres", url, directory } as const;
  const one = await testCloud({ storage });
  await one.cloud.reset();
  return [one, await testCloud({ storage })];
}

async function takeAll(cloud: TestCloud, QueueUrl: string): Promise<string[]> {
  const sqs = cloud.client(SQSClient);
  const taken: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    for (const { Body = "", ReceiptHandle } of Messages) {
      taken.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => String(at).padStart(3, "0"));

const put = (cloud: TestCloud, n: string) => {
  const entry = { Source: "shop", DetailType: "order", Detail: JSON.stringify({ n }) };
  return cloud.client(EventBridgeClient).send(new PutEventsCommand({ Entries: [entry] }));
};

test("events put at both gateways reach their queue once each", { timeout: 30_000 }, async ({ skip }) => {
  if (postgres === undefined) return skip();
  const [one, other] = await twoGateways(postgres.url);
  const url = await openQueue(one, "orders", "events");
  const events = one.client(EventBridgeClient);
  await events.send(new PutRuleCommand({ Name: "all", EventPattern: '{"source":["shop"]}' }));
  const target = { Id: "1", Arn: queueArn("orders"), InputPath: "$.detail.n" };
  await events.send(new PutTargetsCommand({ Rule: "all", Targets: [target] }));
  await Promise.all(numbers(40).map((n, at) => put(at % 2 === 0 ? one : other, n)));
  await Promise.all([one.clock.advance(1), other.clock.advance(1)]);
  const taken: string[] = [];
  await expect
    .poll(async () => taken.push(...(await takeAll(other, url))), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(40);
  expect(taken.toSorted()).toEqual(numbers(40).map((n) => JSON.stringify(n)));
});

test("a schedule fires once where two gateways wait for it", { timeout: 30_000 }, async ({ skip }) => {
  if (postgres === undefined) return skip();
  const [one, other] = await twoGateways(postgres.url);
  const { url, create } = await withQueue(one);
  await create({ ScheduleExpression: "rate(1 minute)", target: { Input: "<aws.scheduler.scheduled-time>" } });
  await Promise.all([one.clock.advance(600), other.clock.advance(600)]);
  await one.clock.advance(1);
  const taken: string[] = [];
  await expect
    .poll(async () => taken.push(...(await takeAll(other, url))), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(10);
  expect(taken.length).toBe(new Set(taken).size);
});

test("a FIFO topic keeps its order where it is spoken to at two gateways", { timeout: 30_000 }, async ({ skip }) => {
  if (postgres === undefined) return skip();
  const [one, other] = await twoGateways(postgres.url);
  const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };
  const Attributes = { FifoQueue: "true", Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) };
  const created = await one.client(SQSClient).send(new CreateQueueCommand({ QueueName: "steps.fifo", Attributes }));
  const topic = new CreateTopicCommand({ Name: "steps.fifo", Attributes: { FifoTopic: "true" } });
  const { TopicArn } = await one.client(SNSClient).send(topic);
  const subscription = {
    Protocol: "sqs",
    Endpoint: queueArn("steps.fifo"),
    Attributes: { RawMessageDelivery: "true" },
  };
  await one.client(SNSClient).send(new SubscribeCommand({ TopicArn, ...subscription }));
  for (const [at, Message] of numbers(20).entries()) {
    const from = at % 2 === 0 ? one : other;
    const named = { MessageGroupId: "walk", MessageDeduplicationId: Message };
    await from.client(SNSClient).send(new PublishCommand({ TopicArn, Message, ...named }));
  }
  await one.clock.advance(1);
  const taken: string[] = [];
  await expect
    .poll(async () => taken.push(...(await takeAll(other, created.QueueUrl ?? ""))), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(20);
  expect(taken).toEqual(numbers(20));
});

test("who waits at one gateway hears of what is sent at the other", { timeout: 30_000 }, async ({ skip }) => {
  if (postgres === undefined) return skip();
  const [one, other] = await twoGateways(postgres.url);
  const { QueueUrl = "" } = await one.client(SQSClient).send(new CreateQueueCommand({ QueueName: "jobs" }));
  const waiting = one.client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await other.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  expect((await waiting).Messages?.map(({ Body }) => Body)).toEqual(["hello"]);
});
