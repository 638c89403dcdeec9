/**
 * Receives of FIFO queues that are tried again under an id of their own give the same messages.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ReceiveRequestAttemptId)
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { DEDUPLICATION_MINUTES } from "../limits.ts";
import { messages, type Message } from "./row.ts";
import { homeOf, isFifo, type Queue } from "../queue/row.ts";

interface Attempt {
  readonly queue: string;
  readonly id: string;
  readonly taken: readonly { readonly sequence: number; readonly id: string; readonly receives: number }[];
  readonly untilMs: number;
}

const attempts = table<Attempt>("sqs.attempt", "region", ({ queue, id }) => [queue, id]);

const ends = table<Omit<Attempt, "taken">>("sqs.attempt-end", "region", ({ queue, untilMs, id }) => [
  queue,
  untilMs,
  id,
]);

/** Old ones go with new ones, two for each. */
const TRIMMED_AT_ONCE = 2;

/** What an attempt gave, as long as nothing of it was deleted, or came free, or was put off. */
export async function findAttempt(
  queue: Queue,
  id: string | undefined,
  context: Context,
): Promise<readonly Message[] | undefined> {
  if (id === undefined || !isFifo(queue)) return undefined;
  const tx = homeOf(queue, context.tx);
  const nowMs = context.now().getTime();
  const attempt = await tx.get(attempts, queue.id, id);
  if (attempt === undefined || attempt.untilMs <= nowMs) return undefined;
  const found: Message[] = [];
  for (const one of attempt.taken) {
    const message = await tx.get(messages, queue.id, one.sequence, one.id);
    if (message === undefined || message.receives !== one.receives || message.dueMs <= nowMs) return undefined;
    found.push(message);
  }
  return found;
}

interface Given {
  readonly id: string;
  readonly taken: readonly Message[];
}

/** Of a FIFO queue. */
export async function noteAttempt(queue: Queue, { id, taken }: Given, context: Context): Promise<void> {
  const tx = homeOf(queue, context.tx);
  const nowMs = context.now().getTime();
  for (const old of await tx.scan(ends, { prefix: [queue.id], before: [queue.id, nowMs], limit: TRIMMED_AT_ONCE })) {
    tx.delete(ends, ...ends.keyOf(old));
    const row = await tx.get(attempts, queue.id, old.id);
    if (row?.untilMs === old.untilMs) tx.delete(attempts, queue.id, old.id);
  }
  const untilMs = nowMs + DEDUPLICATION_MINUTES * MINUTE_MS;
  const kept = taken.map((message) => ({ sequence: message.sequence, id: message.id, receives: message.receives }));
  tx.put(attempts, { queue: queue.id, id, taken: kept, untilMs });
  tx.put(ends, { queue: queue.id, id, untilMs });
}

export const forgetAttempts = async (queue: string, limit: number, tx: Transaction): Promise<readonly number[]> => [
  await tx.clear(attempts, { prefix: [queue], limit }),
  await tx.clear(ends, { prefix: [queue], limit }),
];
