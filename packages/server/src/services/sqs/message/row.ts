/** Messages, and the order in which they become visible. */
import { table, type Table, type Transaction } from "../../../kernel/table.ts";
import type { Queue } from "../queue/row.ts";

export interface Message {
  readonly queue: string;
  /** Orders messages of a queue by when they were sent. */
  readonly sequence: number;
  readonly id: string;
  /** What its retention is counted from. */
  readonly sentAtMs: number;
  readonly senderId: string;
  readonly bodyMd5: string;
  /** Its body and attributes, sealed; `undefined`: they have a row of their own. */
  readonly content?: string;
  /** The data key that they are encrypted with besides, as KMS encrypted it; base64. */
  readonly dataKey?: string;
  /** Where the encryption context of the data key is bound to another queue than this. */
  readonly keyQueue?: string;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly receives: number;
  /** Of a dead letter: how often it was received where it could not be handled. */
  readonly receivedBefore?: number;
  readonly firstReceivedAtMs?: number;
  /** When it can be received, or again. */
  readonly dueMs: number;
  /** When it was last received: so long it may be held at most. */
  readonly receivedAtMs?: number;
  /** The ARN of the queue that it could not be handled in. */
  readonly deadLetterSource?: string;
}

/** In the order of sending. */
export const messages = table<Message>("sqs.message", "region", ({ queue, sequence, id }) => [queue, sequence, id]);

interface LargeContent {
  readonly queue: string;
  readonly id: string;
  readonly content: string;
}

export const largeContents = table<LargeContent>("sqs.content", "region", ({ queue, id }) => [queue, id]);

/** Larger ones are not written again with each receive. */
const CONTENT_CHARACTERS_IN_ROW = 4096;

/** A place in a queue's line: of a message, or in FIFO queues of a group. */
export interface Place {
  readonly dueMs: number;
  readonly sequence: number;
  readonly of: string;
  /** It was never received: it waits for the end of its delay. */
  readonly isNew?: true;
  /** Of a message of a standard queue: whose tenant's it is. */
  readonly group?: string;
}

/** A table for each queue, so that who waits for one does not hear of the others. */
export const lineOf = ({ id }: Pick<Queue, "id">): Table<Place> =>
  table<Place>(`sqs.line ${id}`, "region", ({ dueMs, sequence, of }) => [dueMs, sequence, of]);

/** The place of a message in a standard queue. */
export const placeIn = ({ dueMs, sequence, id, receives, group }: Message): Place => ({
  dueMs,
  sequence,
  of: id,
  ...(group !== undefined && { group }),
  ...(receives === 0 && { isNew: true as const }),
});

export async function contentOf({ queue, id, content }: Message, tx: Transaction): Promise<string> {
  return content ?? (await tx.get(largeContents, queue, id))?.content ?? "";
}

/** A new message with its content; its place in the line is for the caller to give. */
export function putMessage(message: Message & { readonly content: string }, tx: Transaction): Message {
  const { content, ...rest } = message;
  const isLarge = content.length > CONTENT_CHARACTERS_IN_ROW;
  const row = isLarge ? rest : message;
  if (isLarge) tx.put(largeContents, { queue: message.queue, id: message.id, content });
  tx.put(messages, row);
  return row;
}

/** Rows of a table, in one transaction. */
export const CLEARED_AT_ONCE = 5000;

/** Takes away content of a queue: so many rows of each table. */
export async function clearMessages(queue: string, tx: Transaction): Promise<readonly number[]> {
  const range = { prefix: [queue], limit: CLEARED_AT_ONCE };
  return [
    await tx.clear(messages, range),
    await tx.clear(largeContents, range),
    await tx.clear(lineOf({ id: queue }), { limit: CLEARED_AT_ONCE }),
  ];
}
