/**
 * How long a received message stays invisible to others.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { onQueue } from "../access.ts";
import { eachEntry, requireEntries } from "./batch.ts";
import { handleInvalid, invalidValue, missing, notInFlight, visibilityOver } from "../errors.ts";
import { operation } from "../kit.ts";
import { VISIBILITY_SECONDS_MAX } from "../limits.ts";
import { requireQueue, type Queue } from "../queue/row.ts";
import { findReceived } from "./receipt.ts";
import { moveInLine } from "./receive.ts";

export const changeMessageVisibility = operation("ChangeMessageVisibility", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("ChangeMessageVisibility", QueueUrl, context),

  async handle({ QueueUrl, ...change }, context) {
    const queue = await requireQueue(QueueUrl, context);
    await putOff(change, queue, context);
    return {};
  },
});

export const changeMessageVisibilityBatch = operation("ChangeMessageVisibilityBatch", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("ChangeMessageVisibility", QueueUrl, context),

  async handle({ QueueUrl, Entries }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const entries = requireEntries(Entries, "ChangeMessageVisibilityBatchRequestEntry");
    return eachEntry(entries, async (entry) => {
      await putOff(entry, queue, context);
      return { Id: entry.Id ?? "" };
    });
  },
});

interface Change {
  readonly ReceiptHandle?: string | undefined;
  readonly VisibilityTimeout?: number | undefined;
}

async function putOff(
  { ReceiptHandle: handle = "", VisibilityTimeout: seconds }: Change,
  queue: Queue,
  context: Context,
) {
  if (seconds === undefined) throw missing("VisibilityTimeout");
  if (seconds < 0 || seconds > VISIBILITY_SECONDS_MAX) {
    const reason = `Must be between 0 and ${VISIBILITY_SECONDS_MAX}, if provided.`;
    throw invalidValue("VisibilityTimeout", seconds, reason);
  }
  const found = await findReceived({ handle, refusal: handleInvalid }, queue, context);
  if (!found?.isGood) throw notInFlight(handle);
  const { message } = found;
  const nowMs = context.now().getTime();
  // Source: https://github.com/localstack/localstack/pull/9632 (AWS answers well, and does nothing)
  if (message.dueMs <= nowMs) return;
  const dueMs = nowMs + seconds * SECOND_MS;
  if (dueMs > (message.receivedAtMs ?? nowMs) + VISIBILITY_SECONDS_MAX * SECOND_MS) throw visibilityOver(seconds);
  await moveInLine(message, { ...message, dueMs }, queue, context);
}
