/** How many messages a queue has: spread over several rows, so that calls do not get into each other's way. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { homeOf, type Queue } from "../queue/row.ts";

interface Share {
  readonly queue: string;
  readonly share: string;
  readonly messages: number;
  /** Of those, how many were ever received. */
  readonly received: number;
}

const shares = table<Share>("sqs.count", "region", ({ queue, share }) => [queue, share]);
const SHARES = 16;
/** Shares are not quite alike. */
const SHARE_SUSPECTED = 0.8;

interface Counting {
  readonly tx: Transaction;
  readonly requestId: string;
}

export type Counts = Pick<Share, "messages" | "received">;

export async function count(queue: Queue, change: Counts, { tx, requestId }: Counting): Promise<void> {
  if (change.messages === 0 && change.received === 0) return;
  const home = homeOf(queue, tx);
  // the first digits of a request's id are random
  const share = requestId.slice(0, 1);
  const now = (await home.get(shares, queue.id, share)) ?? { messages: 0, received: 0 };
  home.put(shares, {
    queue: queue.id,
    share,
    messages: now.messages + change.messages,
    received: now.received + change.received,
  });
}

/**
 * Whether a queue may have as many received messages as `max`, as one share tells: a receive asks each time, and over many
 * receives all shares are asked.
 */
export async function mayHaveReceived(queue: Queue, max: number, { tx, requestId }: Counting): Promise<boolean> {
  const share = await homeOf(queue, tx).get(shares, queue.id, requestId.slice(0, 1));
  return (share?.received ?? 0) >= (max / SHARES) * SHARE_SUSPECTED;
}

export async function countsOf({ id }: Pick<Queue, "id">, tx: Transaction): Promise<Counts> {
  const all = await tx.scan(shares, { prefix: [id], limit: SHARES });
  const sum = { messages: 0, received: 0 };
  for (const { messages, received } of all) {
    sum.messages += messages;
    sum.received += received;
  }
  return sum;
}

export const forgetCounts = (id: string, tx: Transaction): Promise<number> =>
  tx.clear(shares, { prefix: [id], limit: SHARES });
