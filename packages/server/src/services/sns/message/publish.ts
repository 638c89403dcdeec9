/** Publishing: to a topic, to an endpoint of an app, to a phone. */
import { hash } from "node:crypto";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onNamed, onTopic } from "../access.ts";
import { archive } from "../topic/archive.ts";
import { findPublished, formatSequence, nextSequence, notePublished } from "./deduplication.ts";
import { requireKeyUse } from "./encryption.ts";
import { isPhoneNumber } from "../subscription/endpoint.ts";
import {
  deduplicationMissing,
  groupMissing,
  invalid,
  missing,
  notBuilt,
  notForThisTopic,
  numberNotValid,
  targetNotFound,
} from "../errors.ts";
import { fanOut } from "./fan-out.ts";
import { operation } from "../kit.ts";
import { GROUP_ID_CHARACTERS_MAX, SMS_CHARACTERS_MAX } from "../limits.ts";
import { measureText } from "../measure.ts";
import { requireContent, textFor, type Content, type GivenMessage, type MessageOrder } from "./message.ts";
import { findEndpoint, pushTo, requireEnabled } from "../app/push.ts";
import { sendText } from "../phone/sms.ts";
import { isFifo, placeOf, requireTopic, type Topic } from "../topic/row.ts";

interface Target {
  readonly TopicArn?: string | undefined;
  readonly TargetArn?: string | undefined;
  readonly PhoneNumber?: string | undefined;
}

export const publish = operation("Publish", {
  authorize: (input, context): Access | Promise<Access> => {
    if (input.PhoneNumber !== undefined) return { action: "SNS:Publish", resource: "*" };
    const arn = arnIn(input);
    return isEndpoint(arn) ? onNamed("Publish", placeOf(arn, "TargetArn", context)) : onTopic("Publish", arn, context);
  },

  async handle(input, context) {
    if (input.PhoneNumber !== undefined) return publishToPhone(input.PhoneNumber, input, context);
    const arn = arnIn(input);
    if (isEndpoint(arn)) return publishToEndpoint(arn, input, context);
    const topic = await requireTopic(arn, context);
    await requirePublishable(topic, context);
    const content = requireContent(input);
    return publishTo(topic, { content, order: requireOrder(input, topic) }, context);
  },
});

/** @throws {AwsError} `InvalidParameter` where there is none, or more than one */
function arnIn({ TopicArn, TargetArn }: Target): string {
  if (TopicArn !== undefined && TargetArn !== undefined)
    throw invalid("TopicArn or TargetArn, but not both, must be specified");
  const arn = TopicArn ?? TargetArn;
  if (arn === undefined) throw missing("TopicArn or TargetArn");
  return arn;
}

const isEndpoint = (arn: string): boolean => /^arn:[^:]*:sns:[^:]*:[^:]*:endpoint\//.test(arn);

/** What no publisher may do, whoever it is. @throws {AwsError} */
export async function requirePublishable(topic: Topic, context: Context): Promise<void> {
  if (topic.protection !== undefined) throw notBuilt("publishing to topics with a data protection policy");
  await requireKeyUse(topic, context);
}

interface Ordering {
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly Message: string;
}

export interface Order {
  readonly group?: string;
  /** FIFO topics only. */
  readonly deduplicationId?: string;
}

/** @throws {AwsError} `InvalidParameter` */
export function requireOrder(
  { MessageGroupId: group, MessageDeduplicationId: given, Message }: Ordering,
  topic: Topic,
): Order {
  requireId("MessageGroupId", group);
  requireId("MessageDeduplicationId", given);
  if (!isFifo(topic)) {
    if (given !== undefined) throw notForThisTopic("MessageDeduplicationId");
    return { ...(group !== undefined && { group }) };
  }
  if (group === undefined) throw groupMissing();
  const isByContent = topic.settings["ContentBasedDeduplication"] === "true";
  if (given === undefined && !isByContent) throw deduplicationMissing();
  return { group, deduplicationId: given ?? hash("sha256", Message, "hex") };
}

function requireId(parameter: string, id: string | undefined): void {
  if (id === undefined || (/^[!-~]+$/.test(id) && id.length <= GROUP_ID_CHARACTERS_MAX)) return;
  throw invalid(
    `${parameter} Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to ${GROUP_ID_CHARACTERS_MAX} in length`,
  );
}

interface Outgoing {
  readonly content: Content;
  readonly order: Order;
}

interface PublishedMessage {
  readonly MessageId: string;
  readonly SequenceNumber?: string;
}

/** Published again within the last minutes, it has been published. */
export async function publishTo(
  topic: Topic,
  { content, order }: Outgoing,
  context: Context,
): Promise<PublishedMessage> {
  const atMs = context.now().getTime();
  const { group, deduplicationId } = order;
  const general = { ...content, id: context.newId(), atMs, ...(group !== undefined && { group }) };
  if (group === undefined || deduplicationId === undefined) {
    await fanOut(topic, general, context);
    return { MessageId: general.id };
  }
  const { tx } = context;
  const there = await findPublished(topic, { group, deduplicationId }, { tx, nowMs: atMs });
  if (there) return { MessageId: there.messageId, SequenceNumber: formatSequence(there.sequence) };
  const sequence = await nextSequence(topic, group, tx);
  const inOrder: MessageOrder = { group, deduplicationId, sequence };
  await notePublished(topic, { ...inOrder, messageId: general.id }, { tx, nowMs: atMs });
  const message = { ...general, order: inOrder };
  await archive(topic, message, context);
  await fanOut(topic, message, context);
  return { MessageId: general.id, SequenceNumber: formatSequence(sequence) };
}

async function publishToPhone(
  number: string,
  given: GivenMessage & Target,
  context: Context,
): Promise<PublishedMessage> {
  if (given.TopicArn !== undefined || given.TargetArn !== undefined) {
    throw invalid("PhoneNumber Reason: Only one of TopicArn, TargetArn and PhoneNumber may be specified");
  }
  if (!isPhoneNumber(number)) throw numberNotValid(number);
  const { attributes, ...content } = requireContent(given);
  const text = textFor(content, "sms");
  if (text.length > SMS_CHARACTERS_MAX) throw invalid("Message too long");
  measureText(await sendText({ to: number, text, attributes, place: context }, context), context);
  return { MessageId: context.newId() };
}

async function publishToEndpoint(arn: string, given: GivenMessage, context: Context): Promise<PublishedMessage> {
  const endpoint = await findEndpoint(arn, context);
  if (endpoint === undefined) throw targetNotFound();
  await requireEnabled(endpoint, context);
  await pushTo(endpoint, requireContent(given), context);
  return { MessageId: context.newId() };
}
