/** Messages that are taken away for good. */
import type { Transaction } from "../../../kernel/table.ts";
import { leaveGroup } from "./group.ts";
import { count } from "./count.ts";
import { largeContents, messages, type Message } from "./row.ts";
import { homeOf, isFifo, type Queue } from "../queue/row.ts";
import { leaveLine } from "../tenant/tenant.ts";

/** Takes a message away, with its content, its place and its part in the counts. */
export async function removeMessage(queue: Queue, message: Message, context: RemovalContext): Promise<void> {
  const tx = homeOf(queue, context.tx);
  tx.delete(messages, message.queue, message.sequence, message.id);
  if (message.content === undefined) tx.delete(largeContents, message.queue, message.id);
  if (isFifo(queue)) await leaveGroup(queue, message, tx);
  else leaveLine(message, tx);
  await count(queue, { messages: -1, received: message.receives > 0 ? -1 : 0 }, context);
}

interface RemovalContext {
  readonly tx: Transaction;
  readonly requestId: string;
}
