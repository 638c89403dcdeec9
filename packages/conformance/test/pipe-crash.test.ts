/** A real server that is killed while a pipe carries messages: each of them reaches the target, whenever that happens. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreatePipeCommand, PipesClient } from "@aws-sdk/client-pipes";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { configOf, startServer, type RunningServer } from "./clients/running-server.ts";

const ROUNDS = 3;
const SENT_BEFORE_KILL = 25;
/** Longer than what the pipe had received stays hidden. */
const HIDDEN = "40s";

const statements = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

async function prepare(server: RunningServer): Promise<{ readonly from: string; readonly to: string }> {
  const sqs = new SQSClient(configOf(server));
  const iam = new IAMClient(configOf(server));
  const { QueueUrl: from = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "from" }));
  const { QueueUrl: to = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "to" }));
  const trust = { Effect: "Allow", Principal: { Service: "pipes.amazonaws.com" }, Action: "sts:AssumeRole" };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "piper", AssumeRolePolicyDocument: statements(trust) }),
  );
  const PolicyDocument = statements({ Effect: "Allow", Action: "sqs:*", Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "piper", PolicyName: "queues", PolicyDocument }));
  const arn = (name: string): string => `arn:aws:sqs:us-east-1:${server.account}:${name}`;
  const TargetParameters = { InputTemplate: "<$.body>" };
  await new PipesClient(configOf(server)).send(
    new CreatePipeCommand({
      Name: "flow",
      Source: arn("from"),
      Target: arn("to"),
      RoleArn: Role?.Arn,
      TargetParameters,
    }),
  );
  return { from, to };
}

/** Sends messages until the server dies. Those that were answered. */
async function sendUntilKilled(server: RunningServer, QueueUrl: string, round: number): Promise<readonly string[]> {
  const sqs = new SQSClient(configOf(server));
  const answered: string[] = [];
  try {
    for (let n = 0; ; n++) {
      const MessageBody = `${round}-${n}`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      answered.push(MessageBody);
      if (answered.length === SENT_BEFORE_KILL) server.child.kill("SIGKILL");
    }
  } catch {
    return answered;
  }
}

/** What there is in a queue, again and again, until all of `wanted` was there or nothing comes any more. */
async function takeAll(
  server: RunningServer,
  QueueUrl: string,
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  const sqs = new SQSClient(configOf(server));
  const taken = new Set<string>();
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
    const { Messages = [] } = await sqs.send(receive);
    for (const { Body = "", ReceiptHandle } of Messages) {
      taken.add(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    if (Messages.length === 0 || wanted.every((body) => taken.has(body))) return taken;
  }
}

test("no message that was sent is lost to kill -9 while a pipe carries it", { timeout: 90_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-pipes-"));
  try {
    let server = await startServer({ args: [], directory });
    const { from, to } = await prepare(server);
    const sent: string[] = [];
    const own = (url: string): string => new URL(new URL(url).pathname, server.endpoint).href;
    for (let round = 0; round < ROUNDS; round++) {
      const exited = once(server.child, "exit");
      sent.push(...(await sendUntilKilled(server, own(from), round)));
      await exited;
      server = await startServer({ args: [], directory });
    }
    await server.answer("clock", "advance", HIDDEN);
    const taken = await takeAll(server, own(to), sent);
    expect(sent.filter((body) => !taken.has(body))).toEqual([]);
    await server.end();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
