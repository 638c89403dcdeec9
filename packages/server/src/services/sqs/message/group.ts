/** The groups of a FIFO queue: each has one place in the line, and none of its messages passes another. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { MESSAGES_PER_RECEIVE_MAX } from "../limits.ts";
import { lineOf, type Message } from "./row.ts";
import type { Queue } from "../queue/row.ts";

/** A message's place in its group. */
export interface Member {
  readonly queue: string;
  readonly group: string;
  readonly sequence: number;
  readonly id: string;
  readonly dueMs: number;
  /** It was received and is held until `dueMs`, and its group with it. */
  readonly isHeld?: true;
}

const members = table<Member>("sqs.group-member", "region", ({ queue, group, sequence, id }) => [
  queue,
  group,
  sequence,
  id,
]);

interface Group {
  readonly queue: string;
  readonly name: string;
  /** Its place in the line. */
  readonly dueMs: number;
  readonly sequence: number;
}

const groups = table<Group>("sqs.group", "region", ({ queue, name }) => [queue, name]);

interface Now {
  /** Sees the queue's own rows. */
  readonly tx: Transaction;
  readonly nowMs: number;
}

/** The first messages of a group. Held ones are among them: it gives no more than so many away at once. */
export const firstOf = (queue: Queue, group: string, tx: Transaction): Promise<Member[]> =>
  tx.scan(members, { prefix: [queue.id, group], limit: MESSAGES_PER_RECEIVE_MAX });

/** Puts a message into its group, or keeps what has changed about it. */
export async function standInGroup(queue: Queue, message: Message, { tx, nowMs }: Now): Promise<void> {
  const { sequence, id, dueMs, group = "", receives } = message;
  const isHeld = receives > 0 && dueMs > nowMs;
  tx.put(members, { queue: queue.id, group, sequence, id, dueMs, ...(isHeld && { isHeld: true as const }) });
  await settleGroup(queue, group, tx);
}

export async function leaveGroup(queue: Queue, { group = "", sequence, id }: Message, tx: Transaction): Promise<void> {
  tx.delete(members, queue.id, group, sequence, id);
  await settleGroup(queue, group, tx);
}

/**
 * Gives the group the place in the line that its first message has: what is held behind that holds what follows it.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_fifo_group_visibility_extends_with_change_message_visibility)
 */
async function settleGroup(queue: Queue, name: string, tx: Transaction): Promise<void> {
  const line = lineOf(queue);
  const [first] = await tx.scan(members, { prefix: [queue.id, name], limit: 1 });
  const was = await tx.get(groups, queue.id, name);
  if (was) tx.delete(line, was.dueMs, was.sequence, name);
  if (first === undefined) {
    tx.delete(groups, queue.id, name);
    return;
  }
  const place = { dueMs: first.dueMs, sequence: first.sequence };
  tx.put(line, { ...place, of: name });
  tx.put(groups, { queue: queue.id, name, ...place });
}

export const clearGroups = async (queue: string, limit: number, tx: Transaction): Promise<readonly number[]> => [
  await tx.clear(members, { prefix: [queue], limit }),
  await tx.clear(groups, { prefix: [queue], limit }),
];
