/** Deleting messages that were received. */
import type { Context } from "../../../service/context.ts";
import { onQueue } from "../access.ts";
import { eachEntry, requireEntries } from "./batch.ts";
import { deletedHandleInvalid, handleExpired } from "../errors.ts";
import { operation } from "../kit.ts";
import { measureCount } from "../measure.ts";
import { removeMessage } from "./removal.ts";
import { requireQueue, type Queue } from "../queue/row.ts";
import { findReceived, type GivenHandle } from "./receipt.ts";

export const deleteMessage = operation("DeleteMessage", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("DeleteMessage", QueueUrl, context),

  async handle({ QueueUrl, ReceiptHandle }, context) {
    const queue = await requireQueue(QueueUrl, context);
    await remove({ handle: ReceiptHandle, refusal: deletedHandleInvalid }, queue, context);
    return {};
  },
});

export const deleteMessageBatch = operation("DeleteMessageBatch", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("DeleteMessage", QueueUrl, context),

  async handle({ QueueUrl, Entries }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const entries = requireEntries(Entries, "DeleteMessageBatchRequestEntry");
    return eachEntry(entries, async ({ Id, ReceiptHandle }) => {
      await remove({ handle: ReceiptHandle, refusal: deletedHandleInvalid }, queue, context);
      return { Id };
    });
  },
});

/**
 * What is gone already is no error. FIFO queues refuse a handle whose time is over.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 */
async function remove(given: GivenHandle, queue: Queue, context: Context): Promise<void> {
  const found = await findReceived(given, queue, context);
  if (found === undefined) return;
  if (!found.isGood) throw handleExpired(given.handle ?? "");
  await removeMessage(queue, found.message, context);
  measureCount(queue, "NumberOfMessagesDeleted", 1, context);
}
