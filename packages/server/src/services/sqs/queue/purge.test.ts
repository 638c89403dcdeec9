import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { assert } from "../../../kernel/assert.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { lastingStore } from "../../../../test/lasting-store.ts";

interface Row {
  readonly queue: string;
  readonly group: string;
  readonly sequence: number;
  readonly id: string;
}

const members = table<Row>("sqs.group-member", "region", ({ queue, group, sequence, id }) => [
  queue,
  group,
  sequence,
  id,
]);
const queues = table<{ readonly id: string }>("sqs.queue", "region", ({ id }) => [id]);

const rowsOf = async (name: string, tx: Transaction): Promise<number> =>
  (
    await tx.scan(
      table<object>(name, "region", () => []),
      { limit: 10_000 },
    )
  ).length;

async function fifoQueue(sqs: SQSClient): Promise<string> {
  const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true" };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders.fifo", Attributes }));
  return QueueUrl;
}

const MEMBERS = 6000;

test("of a queue that is deleted nothing is left, however much it held", async () => {
  const { open, rewrite } = lastingStore();
  let cloud = await open();
  const QueueUrl = await fifoQueue(cloud.client(SQSClient));
  await cloud
    .client(SQSClient)
    .send(new SendMessageCommand({ QueueUrl, MessageBody: "one", MessageGroupId: "a", MessageDeduplicationId: "1" }));
  await cloud.close();
  await rewrite(async (tx) => {
    const [queue] = await tx.scan(queues, { limit: 1 });
    assert(queue !== undefined, "the queue is there");
    for (let at = 0; at < MEMBERS; at++) {
      tx.put(members, { queue: queue.id, group: String(at), sequence: at, id: "x" });
    }
  });
  cloud = await open();
  await cloud.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl }));
  // until the message's retention is over
  await cloud.clock.advance(5 * 86_400);
  await cloud.close();
  await rewrite(async (tx) => {
    for (const name of ["message", "group", "group-member", "deduplication", "count", "sequence", "expiry"]) {
      expect([name, await rowsOf(`sqs.${name}`, tx)]).toEqual([name, 0]);
    }
  });
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ReceiveRequestAttemptId)
test("attempts whose five minutes are over go with new ones", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const sqs = cloud.client(SQSClient);
  const QueueUrl = await fifoQueue(sqs);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one", MessageGroupId: "a" }));
  for (let at = 0; at < 10; at++) {
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, ReceiveRequestAttemptId: `try-${at}`, VisibilityTimeout: 1 }));
    await cloud.clock.advance(600);
  }
  await cloud.close();
  await rewrite(async (tx) => {
    expect(await rowsOf("sqs.attempt", tx)).toBe(1);
    expect(await rowsOf("sqs.attempt-end", tx)).toBe(1);
  });
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html (up to 10)
test("of tasks that move messages the ten newest are kept", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const sqs = cloud.client(SQSClient);
  await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const SourceArn = "arn:aws:sqs:us-east-1:000000000000:dead";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
  await sqs.send(new CreateQueueCommand({ QueueName: "work", Attributes: { RedrivePolicy } }));
  for (let at = 0; at < 12; at++) {
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await cloud.clock.advance(1);
  }
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }));
  expect(Results).toHaveLength(10);
  await cloud.close();
  await rewrite(async (tx) => expect(await rowsOf("sqs.move-task", tx)).toBe(10));
});
