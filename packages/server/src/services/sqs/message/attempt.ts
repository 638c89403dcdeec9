/**
 * Receives of FIFO queues that are tried again under an id of their own give the same messages.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ReceiveRequestAttemptId)
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { PassingRows } from "../../../kernel/passing-rows.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { DEDUPLICATION_MINUTES } from "../limits.ts";
import { messages, type Message } from "./row.ts";
import { homeOf, isFifo, type Queue } from "../queue/row.ts";

interface End {
  readonly queue: string;
  readonly id: string;
  readonly untilMs: number;
}

interface Attempt extends End {
  readonly taken: readonly { readonly sequence: number; readonly id: string; readonly receives: number }[];
}

const attempts = new PassingRows<Attempt, End>("sqs.attempt", {
  keyOf: ({ queue, id }) => [queue, id],
  endOf: ({ queue, id, untilMs }) => ({ queue, id, untilMs }),
});

/** What an attempt gave, as long as nothing of it was deleted, or came free, or was put off. */
export async function findAttempt(
  queue: Queue,
  id: string | undefined,
  context: Context,
): Promise<readonly Message[] | undefined> {
  if (id === undefined || !isFifo(queue)) return undefined;
  const tx = homeOf(queue, context.tx);
  const nowMs = context.now().getTime();
  const attempt = await attempts.find([queue.id, id], { tx, nowMs });
  if (attempt === undefined) return undefined;
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
  const untilMs = nowMs + DEDUPLICATION_MINUTES * MINUTE_MS;
  const kept = taken.map((message) => ({ sequence: message.sequence, id: message.id, receives: message.receives }));
  await attempts.put({ queue: queue.id, id, taken: kept, untilMs }, { tx, nowMs });
}

export const forgetAttempts = (queue: string, limit: number, tx: Transaction): Promise<number> =>
  attempts.forget(queue, limit, tx);
