/** A real server that is killed while it delivers: what was answered reaches its target all the same. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { servicePolicy } from "../../server/test/service-policy.ts";
import { configOf, startServer, type RunningServer } from "./clients/running-server.ts";

const ROUNDS = 3;

async function prepare(server: RunningServer): Promise<string> {
  const sqs = new SQSClient(configOf(server));
  const events = new EventBridgeClient(configOf(server));
  const arn = `arn:aws:sqs:us-east-1:${server.account}:orders`;
  const Attributes = { Policy: servicePolicy({ service: "events", may: "sqs:SendMessage", on: arn }) };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders", Attributes }));
  await events.send(new PutRuleCommand({ Name: "orders", EventPattern: '{"source":["shop"]}' }));
  const poisoned = { Id: "gone", Arn: `${arn}-gone` };
  await events.send(new PutTargetsCommand({ Rule: "orders", Targets: [poisoned, { Id: "orders", Arn: arn }] }));
  return QueueUrl;
}

/** Puts events until the server dies. The numbers of those that were answered. */
async function putUntilKilled(server: RunningServer, from: number): Promise<readonly number[]> {
  const events = new EventBridgeClient(configOf(server));
  const answered: number[] = [];
  try {
    for (let n = from; ; n++) {
      const Detail = JSON.stringify({ n });
      await events.send(new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "order", Detail }] }));
      answered.push(n);
      if (answered.length === 20) server.child.kill("SIGKILL");
    }
  } catch {
    return answered;
  }
}

async function takeAll(server: RunningServer, QueueUrl: string): Promise<ReadonlySet<number>> {
  const sqs = new SQSClient(configOf(server));
  const taken = new Set<number>();
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    for (const { Body = "", ReceiptHandle } of Messages) {
      taken.add(JSON.parse(Body).detail.n);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

test(
  "no event that was answered is lost to kill -9 between its commit and its delivery",
  { timeout: 60_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "kumobako-events-"));
    try {
      let server = await startServer({ args: [], directory });
      const queue = await prepare(server);
      const answered: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const exited = once(server.child, "exit");
        answered.push(...(await putUntilKilled(server, round * 1000)));
        await exited;
        server = await startServer({ args: [], directory });
      }
      await server.answer("clock", "advance", "1s");
      const taken = await takeAll(server, queue.replace(/^https?:\/\/[^/]+/, server.endpoint));
      expect(answered.length).toBeGreaterThanOrEqual(ROUNDS * 20);
      expect(answered.filter((n) => !taken.has(n))).toEqual([]);
      await server.end();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
