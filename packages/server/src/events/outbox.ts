/** Mails and text messages that services sent: they are kept here for people to read, and go nowhere else. */
import { DAY_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table, type Transaction } from "../kernel/table.ts";
import type { OutgoingMessage } from "../service/context.ts";

/** A message, when it was sent and by whom. */
export interface PostedMessage extends OutgoingMessage {
  readonly id: string;
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
  /** The model's id of the service that sent it. */
  readonly service: string;
}

const messages = table<PostedMessage>("outbox.message", "global", ({ atMs, id }) => [atMs, id]);

const KEPT_DAYS = 30;
/** The oldest that are taken out whenever one more is put in. */
const TRIMMED_AT_ONCE = 20;

/** Puts a message in, and takes out what is older than thirty days. */
export async function post(message: Omit<PostedMessage, "id">, tx: Transaction): Promise<void> {
  tx.put(messages, { ...message, id: newUuid() });
  await tx.clear(messages, { before: [message.atMs - KEPT_DAYS * DAY_MS], limit: TRIMMED_AT_ONCE });
}

/** The newest messages, newest first. */
export const newestMessages = (limit: number, tx: Transaction): Promise<PostedMessage[]> =>
  tx.scan(messages, { reverse: true, limit });
