/** Messages through a queue, a call for each step; and what a receive costs where a million others wait. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { asRegion, parseAccountId } from "../src/kernel/arn.ts";
import { NOWHERE } from "../src/kernel/table.ts";
import { lineOf, messages, placeIn } from "../src/services/sqs/message/row.ts";
import { queues as queueRows } from "../src/services/sqs/queue/row.ts";
import { openEmbedded } from "../src/store/drivers/open.ts";
import type { Store } from "../src/store/store.ts";
import { kumobako, type Served } from "./processes.ts";
import type { QueueOrder, QueueResult } from "./queue-load.ts";
import { median, type Row } from "./table.ts";

const SCOPE = { account: parseAccountId("000000000000") ?? NOWHERE.account, region: asRegion("us-east-1") };
const CONNECTIONS = 32;
const WAITING = { few: 10_000, many: 1_000_000 };
const MESSAGES_PER_TRANSACTION = 20_000;
const RECEIVES = 300;
/** Until the code of all three calls is compiled: it gets faster for about six seconds. */
const UNCOUNTED_ROUNDS = 3;

const clientOf = ({ port }: Served): SQSClient =>
  new SQSClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });

async function makeQueue(cloud: Served, name: string): Promise<string> {
  const { QueueUrl = "" } = await clientOf(cloud).send(new CreateQueueCommand({ QueueName: name }));
  return QueueUrl;
}

export async function queues({
  dataDirectory,
  rounds,
  seconds,
}: {
  readonly dataDirectory: string;
  readonly rounds: number;
  readonly seconds: number;
}): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const queueUrl = await makeQueue(cloud, "bench");
  const order = { port: cloud.port, queueUrl, connections: CONNECTIONS, seconds };
  // one for all rounds, as the server is: a process that has just begun takes twice as much of the machine
  const clients = fork(fileURLToPath(new URL("queue-load.ts", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  for (let round = 0; round < UNCOUNTED_ROUNDS; round++) await through(order, clients);
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round++) perSecond.push(await through(order, clients));
  clients.kill("SIGKILL");
  return [
    {
      name: "SQS send, receive, delete (embedded)",
      measured: median(perSecond) / 1000,
      goal: "≥ 2.5",
      unit: "thousand messages/s",
    },
    ...(await amongMany(rounds)),
  ];
}

async function through(order: QueueOrder, clients: ChildProcess): Promise<number> {
  clients.send(order);
  const [told]: readonly QueueResult[] = await once(clients, "message");
  if (told === undefined) throw new Error("the load has ended without a word");
  return told.messages / told.seconds;
}

async function amongMany(rounds: number): Promise<Row[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "kumobako-bench-"));
  try {
    await fill(dataDirectory);
    return [await measure(dataDirectory, rounds)];
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** The store is filled directly, with copies of a message that was sent. */
async function fill(dataDirectory: string): Promise<void> {
  {
    await using cloud = await kumobako({ dataDirectory });
    for (const name of Object.keys(WAITING)) {
      const QueueUrl = await makeQueue(cloud, name);
      await clientOf(cloud).send(new SendMessageCommand({ QueueUrl, MessageBody: "m".repeat(256) }));
    }
  }
  const { store } = await openEmbedded({ directory: dataDirectory });
  for (const [name, count] of Object.entries(WAITING)) await copy(store, name, count);
  await store.close();
}

async function copy(store: Store, name: string, count: number): Promise<void> {
  const [first] = await store.transact(SCOPE, async (tx) => {
    const queue = await tx.get(queueRows, name);
    return tx.scan(messages, { prefix: [queue?.id ?? ""], limit: 1 });
  });
  if (first === undefined) throw new Error("a message was sent to each queue");
  for (let from = 1; from < count; from += MESSAGES_PER_TRANSACTION) {
    const to = Math.min(count, from + MESSAGES_PER_TRANSACTION);
    await store.transact(SCOPE, async (tx) => {
      for (let index = from; index < to; index++) {
        const message = { ...first, sequence: first.sequence + index, id: `${first.id}-${index}` };
        tx.put(messages, message);
        tx.put(lineOf({ id: message.queue }), placeIn(message));
      }
    });
  }
}

async function measure(dataDirectory: string, rounds: number): Promise<Row> {
  await using cloud = await kumobako({ dataDirectory });
  const took = async (name: string): Promise<number> => {
    const QueueUrl = await makeQueue(cloud, name);
    const start = performance.now();
    for (let count = 0; count < RECEIVES; count++) {
      const { Messages: [received] = [] } = await clientOf(cloud).send(new ReceiveMessageCommand({ QueueUrl }));
      await clientOf(cloud).send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received?.ReceiptHandle }));
    }
    return performance.now() - start;
  };
  for (const name of Object.keys(WAITING)) await took(name);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [one, other] = [await took("few"), await took("many")];
    ratios.push(other / one);
  }
  return {
    name: "SQS receive and delete, 1,000,000 waiting (embedded)",
    measured: median(ratios),
    goal: "≤ 1.25",
    unit: "× its cost out of 10,000",
  };
}
