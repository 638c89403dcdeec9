/** Receiving messages: what is visible, or what comes while the caller waits. */
import type { Message as ShownMessage } from "@aws-sdk/client-sqs";
import { assert } from "../../../kernel/assert.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context, Look } from "../../../service/context.ts";
import { onQueue } from "../access.ts";
import { findAttempt, noteAttempt } from "./attempt.ts";
import { openContent } from "./content.ts";
import { moveToDeadLetters } from "../dead-letter/dead-letter.ts";
import { invalidValue, tooManyInFlight, unknownAttribute } from "../errors.ts";
import { firstOf, standInGroup } from "./group.ts";
import { streaming } from "../kit.ts";
import { IN_FLIGHT_MAX, MESSAGES_PER_RECEIVE_MAX, VISIBILITY_SECONDS_MAX, WAIT_SECONDS_MAX } from "../limits.ts";
import { measureCount } from "../measure.ts";
import { digestOf, showAttribute, wantedOf } from "./attribute.ts";
import { count, countsOf, mayHaveReceived } from "./count.ts";
import { removeMessage } from "./removal.ts";
import { lineOf, messages, type Message, type Place } from "./row.ts";
import { inFlightOf, tellsOfCrowd } from "../queue/length.ts";
import { homeOf, isFifo, numberOf, requireQueue, type Queue } from "../queue/row.ts";
import { receiptOf } from "./receipt.ts";
import { redriveOf } from "../queue/redrive-policy.ts";
import { endOf } from "./retention.ts";
import { formatSequence, requireId } from "./send.ts";
import { enterLine, fairest, leaveLine } from "../tenant/tenant.ts";

/** Places looked at, at the most, by one look: over messages and dead letters go as they are come upon. */
const LOOKED_AT_MAX = 200;

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  "All",
  "SenderId",
  "SentTimestamp",
  "ApproximateReceiveCount",
  "ApproximateFirstReceiveTimestamp",
  "SequenceNumber",
  "MessageDeduplicationId",
  "MessageGroupId",
  "AWSTraceHeader",
  "DeadLetterQueueSourceArn",
]);

export const receiveMessage = streaming("ReceiveMessage", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("ReceiveMessage", QueueUrl, context),

  async receive(input, context) {
    const queue = await requireQueue(input.QueueUrl ?? "", context);
    const { max, waitSeconds } = requireBounds(input, queue);
    const untilMs = context.now().getTime() + waitSeconds * SECOND_MS;
    for (let { id } = queue; ;) {
      const found = await context.poll({
        watched: lineOf({ id }),
        untilMs,
        look: (inside) => look(input, { max, id, waits: waitSeconds > 0 }, inside),
      });
      if (found === undefined) measureCount(queue, "NumberOfEmptyReceives", 1, context);
      if (found === undefined || "messages" in found) return found?.messages ?? [];
      ({ id } = found.purged);
    }
  },

  async receiveInPlace(input, context) {
    const queue = await requireQueue(input.QueueUrl ?? "", context);
    const { max, waitSeconds } = requireBounds(input, queue);
    const seen = await lookInto(queue, input, { max, waits: waitSeconds > 0 }, context);
    if ("found" in seen) return seen.found.messages;
    if (waitSeconds > 0) return undefined;
    measureCount(queue, "NumberOfEmptyReceives", 1, context);
    return [];
  },

  handle: async (_input, _context, received) => (received.length === 0 ? {} : { Messages: [...received] }),
});

interface Receiving {
  readonly QueueUrl: string | undefined;
  readonly AttributeNames?: readonly string[] | undefined;
  readonly MessageSystemAttributeNames?: readonly string[] | undefined;
  readonly MessageAttributeNames?: readonly string[] | undefined;
  readonly MaxNumberOfMessages?: number | undefined;
  readonly VisibilityTimeout?: number | undefined;
  readonly WaitTimeSeconds?: number | undefined;
  readonly ReceiveRequestAttemptId?: string | undefined;
}

function requireBounds(input: Receiving, queue: Queue) {
  const { MaxNumberOfMessages: max = 1, WaitTimeSeconds, VisibilityTimeout } = input;
  const waitSeconds = WaitTimeSeconds ?? numberOf(queue, "ReceiveMessageWaitTimeSeconds");
  if (max < 1 || max > MESSAGES_PER_RECEIVE_MAX) {
    throw invalidValue("MaxNumberOfMessages", max, `Must be between 1 and ${MESSAGES_PER_RECEIVE_MAX}, if provided.`);
  }
  if (waitSeconds < 0 || waitSeconds > WAIT_SECONDS_MAX) {
    throw invalidValue("WaitTimeSeconds", waitSeconds, `Must be >= 0 and <= ${WAIT_SECONDS_MAX}, if provided.`);
  }
  if (VisibilityTimeout !== undefined && (VisibilityTimeout < 0 || VisibilityTimeout > VISIBILITY_SECONDS_MAX)) {
    const reason = `Must be between 0 and ${VISIBILITY_SECONDS_MAX}, if provided.`;
    throw invalidValue("VisibilityTimeout", VisibilityTimeout, reason);
  }
  requireNames(input, queue);
  return { max, waitSeconds };
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (ReceiveRequestAttemptId) */
function requireNames(input: Receiving, queue: Queue): void {
  if (isFifo(queue)) requireId("ReceiveRequestAttemptId", input.ReceiveRequestAttemptId);
  for (const name of systemNames(input)) if (!SYSTEM_ATTRIBUTES.has(name)) throw unknownAttribute(name);
}

/** The old name and the new one mean the same. */
const systemNames = ({ AttributeNames, MessageSystemAttributeNames }: Receiving): readonly string[] => [
  ...(AttributeNames ?? []),
  ...(MessageSystemAttributeNames ?? []),
];

/** Whether no more messages may be in flight. Only where it may be so are they counted. */
async function isCrowded(queue: Queue, context: Context): Promise<boolean> {
  if (!(await mayHaveReceived(queue, IN_FLIGHT_MAX, context))) return false;
  const { received } = await countsOf(queue, homeOf(queue, context.tx));
  return received >= IN_FLIGHT_MAX && (await inFlightOf(queue, context)) >= IN_FLIGHT_MAX;
}

interface Found {
  readonly messages: readonly ShownMessage[];
}

interface Looking {
  readonly max: number;
  readonly waits: boolean;
}

/** `id` is that of the queue whose line is watched: a purge gives it another. */
async function look(
  input: Receiving,
  { id, ...looking }: Looking & Pick<Queue, "id">,
  context: Context,
): Promise<Look<Found | { readonly purged: Pick<Queue, "id"> }>> {
  const queue = await requireQueue(input.QueueUrl ?? "", context);
  return queue.id === id ? lookInto(queue, input, looking, context) : { found: { purged: queue } };
}

async function lookInto(
  queue: Queue,
  input: Receiving,
  { max, waits }: Looking,
  context: Context,
): Promise<Look<Found>> {
  if (await isCrowded(queue, context)) {
    if (tellsOfCrowd(queue, { waits })) throw tooManyInFlight();
    return { againAtMs: await nextDueMs(queue, context.now().getTime() + 1, context) };
  }
  const again = await findAttempt(queue, input.ReceiveRequestAttemptId, context);
  const seconds = input.VisibilityTimeout ?? numberOf(queue, "VisibilityTimeout");
  const taking: Taking = { queue, max, seconds, taken: [] };
  if (again) for (const message of again) await hold(message, taking, context);
  else if (isFifo(queue)) await takeGroups(taking, context);
  else await takeMessages(taking, context);
  const { taken } = taking;
  if (taken.length === 0) return { againAtMs: waits ? await nextDueMs(queue, 0, context) : undefined };
  measureCount(queue, "NumberOfMessagesReceived", taken.length, context);
  const { ReceiveRequestAttemptId: id } = input;
  if (id !== undefined && isFifo(queue)) await noteAttempt(queue, { id, taken }, context);
  const shown: ShownMessage[] = [];
  for (const message of taken) shown.push(await show(message, queue, input, context));
  return { found: { messages: shown } };
}

interface Taking {
  readonly queue: Queue;
  readonly max: number;
  /** How long it is not visible to others. */
  readonly seconds: number;
  readonly taken: Message[];
}

const isFull = ({ taken, max }: Taking): boolean => taken.length >= max;

async function nextDueMs(queue: Queue, fromMs: number, { tx }: Context): Promise<number | undefined> {
  const [first] = await homeOf(queue, tx).scan(lineOf(queue), { from: [fromMs], limit: 1 });
  return first?.dueMs;
}

function dueIn(queue: Queue, after: Place | undefined, limit: number, context: Context): Promise<Place[]> {
  const before = [context.now().getTime() + 1];
  const line = lineOf(queue);
  return homeOf(queue, context.tx).scan(line, { after: after && line.keyOf(after), before, limit });
}

async function takeMessages(taking: Taking, context: Context): Promise<void> {
  const { queue, max } = taking;
  const tx = homeOf(queue, context.tx);
  let last: Place | undefined;
  for (let looked = 0; looked < LOOKED_AT_MAX && !isFull(taking);) {
    const places = await dueIn(queue, last, max, context);
    if (places[0]?.group !== undefined) return takeFairly(taking, context);
    for (const { sequence, of } of places) {
      if (isFull(taking)) return;
      const message = await tx.get(messages, queue.id, sequence, of);
      if (message && (await mayBeTaken(message, queue, context))) await hold(message, taking, context);
    }
    looked += places.length;
    last = places.at(-1);
    if (places.length < max) return;
  }
}

/** One after the other, since each that is taken makes its tenant less quiet. */
async function takeFairly(taking: Taking, context: Context): Promise<void> {
  const { queue } = taking;
  const tx = homeOf(queue, context.tx);
  for (let looked = 0; looked < LOOKED_AT_MAX && !isFull(taking); looked++) {
    const [first] = await dueIn(queue, undefined, 1, context);
    if (first === undefined) return;
    const { sequence, of } = await fairest(first, queue, { tx, nowMs: context.now().getTime() });
    const message = await tx.get(messages, queue.id, sequence, of);
    assert(message !== undefined, "a message and its place come and go together");
    if (await mayBeTaken(message, queue, context)) await hold(message, taking, context);
  }
}

async function takeGroups(taking: Taking, context: Context): Promise<void> {
  const { queue } = taking;
  const tx = homeOf(queue, context.tx);
  const nowMs = context.now().getTime();
  for (const { of: group } of await dueIn(queue, undefined, taking.max, context)) {
    for (const { id, sequence, dueMs } of await firstOf(queue, group, tx)) {
      if (isFull(taking)) return;
      if (dueMs > nowMs) break;
      const message = await tx.get(messages, queue.id, sequence, id);
      if (message && (await mayBeTaken(message, queue, context))) await hold(message, taking, context);
    }
  }
}

/** Takes away what is over, and to the dead letters what was received too often. */
async function mayBeTaken(message: Message, queue: Queue, context: Context): Promise<boolean> {
  if (endOf(message, queue) <= context.now().getTime()) {
    await removeMessage(queue, message, context);
    return false;
  }
  const redrive = redriveOf(queue.settings);
  if (redrive === undefined || message.receives < redrive.maxReceiveCount) return true;
  return !(await moveToDeadLetters(message, queue, context));
}

/** Takes a message for as long as its receiver wants it. */
async function hold(message: Message, { queue, seconds, taken }: Taking, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const held: Message = {
    ...message,
    receives: message.receives + 1,
    firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
    receivedAtMs: nowMs,
    dueMs: nowMs + seconds * SECOND_MS,
  };
  await moveInLine(message, held, queue, context);
  if (message.receives === 0) await count(queue, { messages: 0, received: 1 }, context);
  taken.push(held);
}

/** Gives a message another place in the line. */
export async function moveInLine(
  was: Message,
  is: Message,
  queue: Queue,
  context: Pick<Context, "tx" | "now">,
): Promise<void> {
  const tx = homeOf(queue, context.tx);
  tx.put(messages, is);
  if (isFifo(queue)) {
    await standInGroup(queue, is, { tx, nowMs: context.now().getTime() });
    return;
  }
  leaveLine(was, tx);
  enterLine(is, tx);
}

async function show(message: Message, queue: Queue, input: Receiving, context: Context): Promise<ShownMessage> {
  const { body, attributes: all, traceHeader } = await openContent(message, queue, context);
  const attributes = wantedOf(all, input.MessageAttributeNames ?? []);
  const digest = digestOf(attributes);
  const names = systemNames(input);
  const system = names.length === 0 ? [] : systemAttributes(message, traceHeader);
  const wanted = names.includes("All") ? system : system.filter(([name]) => names.includes(name));
  return {
    MessageId: message.id,
    ReceiptHandle: receiptOf(message, queue, context),
    MD5OfBody: message.bodyMd5,
    Body: body,
    ...(wanted.length > 0 && { Attributes: Object.fromEntries(wanted) }),
    ...(digest !== undefined && {
      MD5OfMessageAttributes: digest,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, one]) => [name, showAttribute(one)]),
      ),
    }),
  };
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (MessageSystemAttributeNames) */
function systemAttributes(message: Message, traceHeader: string | undefined): readonly (readonly [string, string])[] {
  const { senderId, sentAtMs, firstReceivedAtMs = 0, group, deduplicationId, deadLetterSource } = message;
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: senderId,
    SentTimestamp: String(sentAtMs),
    ApproximateReceiveCount: String(message.receives + (message.receivedBefore ?? 0)),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAtMs),
    SequenceNumber: deduplicationId === undefined ? undefined : formatSequence(message.sequence),
    MessageDeduplicationId: deduplicationId,
    MessageGroupId: group,
    AWSTraceHeader: traceHeader,
    DeadLetterQueueSourceArn: deadLetterSource,
  };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
