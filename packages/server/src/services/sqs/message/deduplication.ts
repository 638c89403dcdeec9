/**
 * What was sent to a FIFO queue in the last minutes: sent again, it counts as sent and does not come twice.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { DEDUPLICATION_MINUTES } from "../limits.ts";
import type { Queue } from "../queue/row.ts";

export interface Sent {
  readonly queue: string;
  /** The group that the id is unique in; empty: the whole queue. */
  readonly scope: string;
  readonly deduplicationId: string;
  readonly messageId: string;
  readonly sequence: number;
  readonly untilMs: number;
}

const sents = table<Sent>("sqs.deduplication", "region", ({ queue, scope, deduplicationId }) => [
  queue,
  scope,
  deduplicationId,
]);
const ends = table<Sent>("sqs.deduplication-end", "region", ({ queue, untilMs, scope, deduplicationId }) => [
  queue,
  untilMs,
  scope,
  deduplicationId,
]);

/** Old ones go with new ones, two for each. */
const TRIMMED_AT_ONCE = 2;

interface Identified {
  readonly group: string;
  readonly deduplicationId: string;
}

const scopeOf = ({ settings }: Queue, group: string): string =>
  settings["DeduplicationScope"] === "messageGroup" ? group : "";

export async function findSent(
  queue: Queue,
  { group, deduplicationId }: Identified,
  now: Now,
): Promise<Sent | undefined> {
  const sent = await now.tx.get(sents, queue.id, scopeOf(queue, group), deduplicationId);
  return sent !== undefined && sent.untilMs > now.nowMs ? sent : undefined;
}

interface Now {
  readonly tx: Transaction;
  readonly nowMs: number;
}

export async function noteSent(
  queue: Queue,
  { group, ...message }: Identified & Pick<Sent, "messageId" | "sequence">,
  { tx, nowMs }: Now,
): Promise<void> {
  const before = [queue.id, nowMs];
  for (const old of await tx.scan(ends, { prefix: [queue.id], before, limit: TRIMMED_AT_ONCE })) {
    tx.delete(ends, ...ends.keyOf(old));
    const row = await tx.get(sents, ...sents.keyOf(old));
    if (row?.untilMs === old.untilMs) tx.delete(sents, ...sents.keyOf(old));
  }
  const untilMs = nowMs + DEDUPLICATION_MINUTES * MINUTE_MS;
  const sent = { ...message, queue: queue.id, scope: scopeOf(queue, group), untilMs };
  tx.put(sents, sent);
  tx.put(ends, sent);
}

export const forgetSent = async (queue: string, limit: number, tx: Transaction): Promise<readonly number[]> => [
  await tx.clear(sents, { prefix: [queue], limit }),
  await tx.clear(ends, { prefix: [queue], limit }),
];
