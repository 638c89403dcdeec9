/** Sending messages, one or several. */
import { hash } from "node:crypto";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onQueue } from "../access.ts";
import { eachEntry, requireEntries } from "./batch.ts";
import { bytesOf, digestsOf, requireContent, sealContent, type Content, type Digests } from "./content.ts";
import { findSent, noteSent } from "./deduplication.ts";
import {
  batchTooLong,
  deduplicationMissing,
  entryGroupMissing,
  entryTooLong,
  groupMissing,
  invalidValue,
  messageTooLong,
  NOT_FOR_THIS_KIND,
} from "../errors.ts";
import { standInGroup } from "./group.ts";
import { operation } from "../kit.ts";
import { BATCH_BYTES_MAX, DELAY_SECONDS_MAX, GROUP_ID_CHARACTERS_MAX } from "../limits.ts";
import { givenSizeOf, type GivenAttributes } from "./attribute.ts";
import { count } from "./count.ts";
import { measureCount, measureSent } from "../measure.ts";
import { putMessage, type Message } from "./row.ts";
import { homeOf, isFifo, numberOf, requireQueue, type Queue } from "../queue/row.ts";
import { expireLater } from "./retention.ts";
import { enterLine } from "../tenant/tenant.ts";

interface Sending {
  readonly MessageBody: string | undefined;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: GivenAttributes;
  readonly MessageSystemAttributes?: GivenAttributes;
  readonly MessageDeduplicationId?: string | undefined;
  readonly MessageGroupId?: string | undefined;
}

interface SentMessage extends Digests {
  readonly MessageId: string;
  readonly SequenceNumber?: string;
}

export const sendMessage = operation("SendMessage", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("SendMessage", QueueUrl, context),

  async handle(input, context) {
    const queue = await requireQueue(input.QueueUrl ?? "", context);
    const content = requireContent(input, { queue, tooLong: messageTooLong }, context);
    const order = requireOrder(input, content, queue);
    return send({ content, system: input.MessageSystemAttributes, order, at: 0 }, queue, context);
  },
});

export const sendMessageBatch = operation("SendMessageBatch", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("SendMessage", QueueUrl, context),

  async handle({ QueueUrl, Entries }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const entries = requireEntries(Entries, "SendMessageBatchRequestEntry");
    requireBatchSize(entries);
    // a FIFO queue answers for the whole batch where an entry has no place in it
    if (isFifo(queue)) for (const entry of entries) requirePlace(entry, queue);
    return eachEntry(entries, async (entry, at) => {
      const content = requireContent(entry, { queue, tooLong: entryTooLong }, context);
      const order = requireOrder(entry, content, queue);
      const sent = await send({ content, system: entry.MessageSystemAttributes, order, at }, queue, context);
      return { Id: entry.Id ?? "", ...sent };
    });
  },
});

/** @throws {AwsError} `BatchRequestTooLong` */
function requireBatchSize(entries: readonly Omit<Sending, "MessageSystemAttributes">[]): void {
  let bytes = 0;
  for (const { MessageBody = "", MessageAttributes } of entries) {
    bytes += Buffer.byteLength(MessageBody) + givenSizeOf(MessageAttributes);
  }
  if (bytes > BATCH_BYTES_MAX) throw batchTooLong(bytes);
}

function requirePlace(entry: Sending, queue: Queue): void {
  if ((entry.MessageGroupId ?? "") === "") throw entryGroupMissing();
  requireFifoOrder(entry, entry.MessageBody ?? "", queue);
}

interface Order {
  readonly delaySeconds: number;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/** @throws {AwsError} `InvalidParameterValue`, `MissingParameter` */
function requireOrder(sending: Sending, { body }: Content, queue: Queue): Order {
  const { DelaySeconds, MessageGroupId: group, MessageDeduplicationId } = sending;
  if (DelaySeconds !== undefined && (DelaySeconds < 0 || DelaySeconds > DELAY_SECONDS_MAX)) {
    throw invalidValue("DelaySeconds", DelaySeconds, `DelaySeconds must be >= 0 and <= ${DELAY_SECONDS_MAX}.`);
  }
  if (isFifo(queue)) return requireFifoOrder(sending, body, queue);
  if (MessageDeduplicationId !== undefined) {
    throw invalidValue("MessageDeduplicationId", MessageDeduplicationId, NOT_FOR_THIS_KIND);
  }
  requireId("MessageGroupId", group);
  return { delaySeconds: DelaySeconds ?? numberOf(queue, "DelaySeconds"), ...(group !== undefined && { group }) };
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
function requireFifoOrder(
  { DelaySeconds = 0, MessageGroupId: group, MessageDeduplicationId: given }: Sending,
  body: string,
  queue: Queue,
): Order {
  if (DelaySeconds !== 0) throw invalidValue("DelaySeconds", DelaySeconds, NOT_FOR_THIS_KIND);
  if (group === undefined || group === "") throw groupMissing();
  requireId("MessageGroupId", group);
  requireId("MessageDeduplicationId", given);
  const isByContent = queue.settings["ContentBasedDeduplication"] === "true";
  if (given === undefined && !isByContent) throw deduplicationMissing();
  const deduplicationId = given ?? hash("sha256", body, "hex");
  return { delaySeconds: numberOf(queue, "DelaySeconds"), group, deduplicationId };
}

/** @throws {AwsError} `InvalidParameterValue` */
export function requireId(parameter: string, id: string | undefined): void {
  if (id === undefined) return;
  if (/^[!-~]+$/.test(id) && id.length <= GROUP_ID_CHARACTERS_MAX) return;
  const reason = `${parameter} can only include alphanumeric and punctuation characters. 1 to ${GROUP_ID_CHARACTERS_MAX} in length.`;
  throw invalidValue(parameter, id, reason);
}

interface Outgoing {
  readonly content: Content;
  readonly system: GivenAttributes;
  readonly order: Order;
  /** Its place in a batch. */
  readonly at: number;
}

async function send({ content, system, order, at }: Outgoing, queue: Queue, context: Context): Promise<SentMessage> {
  const digests = digestsOf(content, system);
  const { delaySeconds, group, deduplicationId } = order;
  const tx = homeOf(queue, context.tx);
  const nowMs = context.now().getTime();
  const isOrdered = group !== undefined && deduplicationId !== undefined;
  if (isOrdered) {
    const sent = await findSent(queue, { group, deduplicationId }, { tx, nowMs });
    if (sent) {
      measureCount(queue, "NumberOfDeduplicatedSentMessages", 1, context);
      return { ...digests, MessageId: sent.messageId, SequenceNumber: formatSequence(sent.sequence) };
    }
  }
  const sequence = isOrdered ? await nextSequence(queue, context) : sequenceAt(nowMs) + at;
  const id = context.newId();
  const message: Message & { readonly content: string } = {
    queue: queue.id,
    sequence,
    id,
    sentAtMs: nowMs,
    senderId: senderOf(context),
    bodyMd5: digests.MD5OfMessageBody,
    ...(await sealContent(content, queue, context)),
    ...(group !== undefined && { group }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    receives: 0,
    dueMs: nowMs + delaySeconds * SECOND_MS,
  };
  await arrive(queue, message, context);
  measureSent(queue, bytesOf(content), context);
  if (!isOrdered) return { ...digests, MessageId: id };
  await noteSent(queue, { group, deduplicationId, messageId: id, sequence }, { tx, nowMs });
  return { ...digests, MessageId: id, SequenceNumber: formatSequence(sequence) };
}

/** Puts a message into a queue that has not been there. */
export async function arrive(
  queue: Queue,
  message: Message & { readonly content: string },
  context: Context,
): Promise<void> {
  const tx = homeOf(queue, context.tx);
  const row = putMessage(message, tx);
  if (isFifo(queue)) await standInGroup(queue, row, { tx, nowMs: context.now().getTime() });
  else enterLine(row, tx);
  await count(queue, { messages: 1, received: 0 }, context);
  await expireLater(queue, row, context);
}

/** Many messages are sent within a millisecond. */
const PER_MILLISECOND = 4096;

export const sequenceAt = (nowMs: number): number => nowMs * PER_MILLISECOND;

interface LastSequence {
  readonly queue: string;
  readonly sequence: number;
}

const lastSequences = table<LastSequence>("sqs.sequence", "region", ({ queue }) => [queue]);

/** Higher than any before it in the queue. */
export async function nextSequence(queue: Queue, context: Context): Promise<number> {
  const tx = homeOf(queue, context.tx);
  const last = await tx.get(lastSequences, queue.id);
  const sequence = Math.max(sequenceAt(context.now().getTime()), (last?.sequence ?? 0) + 1);
  tx.put(lastSequences, { queue: queue.id, sequence });
  return sequence;
}

/** Takes away that of a queue which is gone. */
export const forgetSequence = (queue: string, tx: Transaction): void => tx.delete(lastSequences, queue);

/** Twenty digits. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (SequenceNumber) */
export const formatSequence = (sequence: number): string => String(18_000_000_000_000_000_000n + BigInt(sequence));

/**
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (SenderId),
 * https://github.com/aws-amplify/aws-sdk-ios/blob/main/AWSSQS/AWSSQSModel.h (of who signs nothing, the address)
 */
function senderOf({ principal, request }: Context): string {
  if ("userId" in principal) return principal.userId;
  return principal.type === "service" ? principal.service : request.sourceIp;
}
