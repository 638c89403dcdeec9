/** A real server that is killed again and again while it hands things on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { feed, layFabric, listener, newRole, takeAll, WAYS, type Way } from "./clients/fabric.ts";
import { configOf, kill, startServer, type RunningServer } from "./clients/running-server.ts";

const ROUNDS = 3;
const ANSWERED_BEFORE_KILL = 8;

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-fabric-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Feeds all ways at once until the server dies; it is killed in the midst of it. What was answered, by way. */
async function feedUntilKilled(server: RunningServer, round: number): Promise<ReadonlyMap<Way, readonly string[]>> {
  const answered = new Map<Way, string[]>(WAYS.map((way) => [way, []]));
  const killed = Promise.withResolvers<void>();
  const feeding = WAYS.map(async (way) => {
    for (let at = 0; ; at++) {
      const mark = `${way}-${round}-${String(at).padStart(3, "0")}`;
      try {
        await feed(server, way, mark);
      } catch {
        return;
      }
      const marks = answered.get(way) ?? [];
      marks.push(mark);
      if ([...answered.values()].every(({ length }) => length >= ANSWERED_BEFORE_KILL)) killed.resolve();
    }
  });
  await killed.promise;
  await kill(server);
  await Promise.all(feeding);
  return answered;
}

/** The words of what a function was called with, unpacked where it is what CloudWatch Logs sends. */
function wordsOf(call: string): string {
  const event: { readonly awslogs?: { readonly data: string } } = JSON.parse(call);
  return event.awslogs === undefined ? call : gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString("utf8");
}

test(
  "what was answered arrives on every way, in the order of its group and there once",
  { timeout: 120_000 },
  async () => {
    const directory = newDirectory();
    const told = await listener();
    onTestFinished(told.close);
    let server = await startServer({ args: [], directory });
    onTestFinished(() => server.end().then(() => undefined));
    await layFabric(server, told.port);
    const answered: string[] = [];
    const steps: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const marks = await feedUntilKilled(server, round);
      answered.push(...[...marks.values()].flat());
      steps.push(...(marks.get("step") ?? []));
      server = await startServer({ args: [], directory });
    }
    // what the mapping had received when it was killed is hidden that long
    await server.answer("clock", "advance", "10m");
    const uploads = await takeAll(server, "uploads");
    const taken = await takeAll(server, "steps.fifo");
    const arrived = () => [...uploads, ...taken, ...told.heard.map(wordsOf)].join("\n");
    const missing = () => answered.filter((mark) => !arrived().includes(mark));
    await expect.poll(missing, { timeout: 20_000, interval: 200 }).toEqual([]);
    // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-fifo-topics.html (order, and exactly once)
    expect(taken).toEqual([...new Set(taken)].toSorted());
    expect(taken).toEqual(expect.arrayContaining(steps));
  },
);

const MINUTE_MS = 60_000;

/** Ends when time has been moved, or nobody is there any more who could. */
async function moveOn({ endpoint }: RunningServer, seconds: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const order = { method: "POST", headers, body: JSON.stringify({ seconds }) };
  await fetch(`${endpoint}/_kumobako/clock/advance`, order).catch(() => undefined);
}

async function queued(server: RunningServer): Promise<number> {
  const QueueUrl = `${server.endpoint}/${server.account}/minutes`;
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
  const { Attributes = {} } = await new SQSClient(configOf(server)).send(asked);
  return Number(Attributes["ApproximateNumberOfMessages"]);
}

/** A server dies once so many minutes have come. */
const KILLS = [10, 60, 150] as const;

test("a schedule whose server is killed as its time comes leaves no minute out", { timeout: 60_000 }, async () => {
  const directory = newDirectory();
  let server = await startServer({ args: [], directory });
  onTestFinished(() => server.end().then(() => undefined));
  await new SQSClient(configOf(server)).send(new CreateQueueCommand({ QueueName: "minutes" }));
  const RoleArn = await newRole(server, "runner", "sqs:SendMessage");
  const Arn = `arn:aws:sqs:us-east-1:${server.account}:minutes`;
  const schedule = new CreateScheduleCommand({
    Name: "minutely",
    ScheduleExpression: "rate(1 minute)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn, RoleArn, Input: "<aws.scheduler.scheduled-time>" },
  });
  await new SchedulerClient(configOf(server)).send(schedule);
  for (const fired of KILLS) {
    const moving = moveOn(server, 5 * 3600);
    await expect.poll(() => queued(server), { timeout: 20_000, interval: 1 }).toBeGreaterThan(fired);
    await kill(server);
    await moving;
    server = await startServer({ args: [], directory });
  }
  await server.answer("clock", "advance", "1h");
  const minutes = [...new Set(await takeAll(server, "minutes"))].map((text) => Date.parse(text));
  minutes.sort((one, other) => one - other);
  // and the hour after; what was sent as a server died may have come twice
  expect(minutes.length).toBeGreaterThan(150 + 60 - KILLS.length);
  const gaps = minutes.slice(1).map((at, index) => at - (minutes[index] ?? 0));
  expect(gaps.filter((gap) => gap !== MINUTE_MS)).toEqual([]);
});
