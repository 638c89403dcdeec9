/** Messages that nobody takes are gone when their time is over: one timer for each queue that has any. */
import { parseAccountId } from "../../../kernel/arn.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { removeMessage } from "./removal.ts";
import { messages, type Message } from "./row.ts";
import { homeOf, numberOf, queues, type Queue } from "../queue/row.ts";

interface Expiry {
  readonly queue: string;
  readonly name: string;
  /** When the first message may be over; never later. */
  readonly dueMs: number;
}

const expiries = table<Expiry>("sqs.expiry", "region", ({ queue }) => [queue]);

const REMOVED_AT_ONCE = 200;
const JOB = "expire";

export const endOf = (message: Pick<Message, "sentAtMs">, queue: Queue): number =>
  message.sentAtMs + numberOf(queue, "MessageRetentionPeriod") * SECOND_MS;

/** Sees to it that the message is looked at when its time is over. */
export async function expireLater(queue: Queue, message: Pick<Message, "sentAtMs">, context: Context): Promise<void> {
  const due = await homeOf(queue, context.tx).get(expiries, queue.id);
  const dueMs = endOf(message, queue);
  if (due === undefined || due.dueMs > dueMs) setExpiry(queue, dueMs, context);
}

function setExpiry(queue: Queue, dueMs: number, context: Context): void {
  homeOf(queue, context.tx).put(expiries, { queue: queue.id, name: queue.name, dueMs });
  context.at(dueMs, JOB, `${queue.account} ${queue.name} ${queue.id}`);
}

/** The retention of a queue has changed, and with it when messages are over. */
export async function retentionChanged(queue: Queue, context: Context): Promise<void> {
  const [oldest] = await oldestOf(queue, context, 1);
  if (oldest) setExpiry(queue, endOf(oldest, queue), context);
}

const oldestOf = (queue: Queue, { tx }: Context, limit: number): Promise<Message[]> =>
  homeOf(queue, tx).scan(messages, { prefix: [queue.id], limit });

/** The job: takes away what is over. */
export async function expire(context: Context, key: string): Promise<void> {
  const [owner = "", name = "", id = ""] = key.split(" ");
  const account = parseAccountId(owner);
  if (account === undefined) return;
  const tx = context.tx.in({ account, region: context.region });
  const queue = await tx.get(queues, name);
  // it is gone, or was purged and goes on under another id
  if (queue?.id !== id) return tx.delete(expiries, id);
  const nowMs = context.now().getTime();
  const oldest = await oldestOf(queue, context, REMOVED_AT_ONCE);
  for (const message of oldest) {
    const overMs = endOf(message, queue);
    if (overMs > nowMs) {
      setExpiry(queue, overMs, context);
      return;
    }
    await removeMessage(queue, message, context);
  }
  if (oldest.length === REMOVED_AT_ONCE) setExpiry(queue, nowMs, context);
  else tx.delete(expiries, queue.id);
}
