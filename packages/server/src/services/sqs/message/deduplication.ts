/**
 * What was sent to a FIFO queue in the last minutes: sent again, it counts as sent and does not come twice.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { PassingRows } from "../../../kernel/passing-rows.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { DEDUPLICATION_MINUTES } from "../limits.ts";
import type { Queue } from "../queue/row.ts";

interface End {
  readonly queue: string;
  /** The group that the id is unique in; empty: the whole queue. */
  readonly scope: string;
  readonly deduplicationId: string;
  readonly untilMs: number;
}

interface Sent extends End {
  readonly messageId: string;
  readonly sequence: number;
}

const sents = new PassingRows<Sent, End>("sqs.deduplication", {
  keyOf: ({ queue, scope, deduplicationId }) => [queue, scope, deduplicationId],
  endOf: ({ queue, scope, deduplicationId, untilMs }) => ({ queue, scope, deduplicationId, untilMs }),
});

interface Identified {
  readonly group: string;
  readonly deduplicationId: string;
}

const scopeOf = ({ settings }: Queue, group: string): string =>
  settings["DeduplicationScope"] === "messageGroup" ? group : "";

export const findSent = (queue: Queue, { group, deduplicationId }: Identified, now: Now): Promise<Sent | undefined> =>
  sents.find([queue.id, scopeOf(queue, group), deduplicationId], now);

interface Now {
  readonly tx: Transaction;
  readonly nowMs: number;
}

export async function noteSent(
  queue: Queue,
  { group, ...message }: Identified & Pick<Sent, "messageId" | "sequence">,
  now: Now,
): Promise<void> {
  const untilMs = now.nowMs + DEDUPLICATION_MINUTES * MINUTE_MS;
  await sents.put({ ...message, queue: queue.id, scope: scopeOf(queue, group), untilMs }, now);
}

export const forgetSent = (queue: string, limit: number, tx: Transaction): Promise<number> =>
  sents.forget(queue, limit, tx);
