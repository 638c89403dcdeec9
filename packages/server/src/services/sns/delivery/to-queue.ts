import { asRegion, parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { KeptAttributes } from "../message/attribute.ts";
import { textFor, type Message } from "../message/message.ts";
import { layOut } from "../message/notification.ts";
import { SERVICE, sourceOf, type Publication } from "../message/publication.ts";
import type { Subscription } from "../subscription/row.ts";
import { isRaw } from "../subscription/setting.ts";
import type { Topic } from "../topic/row.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");

export async function toQueue(publication: Publication, subscription: Subscription, context: Context): Promise<object> {
  const letter = await letterOf(publication, subscription);
  return sendLetter(letter, { ...publication, queueArn: subscription.endpoint }, context);
}

/** A message as queues get it. */
interface Letter {
  readonly text: string;
  readonly attributes: KeptAttributes;
}

/** Raw messages bring their attributes as the queue's own. */
export async function letterOf(publication: Publication, subscription: Subscription): Promise<Letter> {
  if (!isRaw(subscription)) return { text: layOut(await publication.envelopeFor(subscription)), attributes: {} };
  const { message } = publication;
  return { text: textFor(message, subscription.protocol), attributes: message.attributes };
}

interface Addressed {
  readonly queueArn: string;
  readonly topic: Topic;
  readonly message: Pick<Message, "order" | "group">;
}

/** What a queue says to what it takes. */
interface Receipt {
  readonly sqsRequestId: string;
  readonly sqsMessageId: string;
}

/** By the topic's own right: the queue's policy is asked. @throws {AwsError} what SQS answers */
export async function sendLetter({ text, attributes }: Letter, to: Addressed, context: Context): Promise<Receipt> {
  const { queueArn, topic } = to;
  const { region = "", account = "", resource = "" } = parseArn(queueArn) ?? {};
  const named = Object.entries(attributes).map(([name, attribute]) => [name, forQueue(attribute)] as const);
  let sqsRequestId = "";
  const { MessageId: sqsMessageId = "" } = await context.call<SqsSdk, "SendMessage">({
    service: "sqs",
    operation: "SendMessage",
    input: {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${resource}`,
      MessageBody: text,
      ...(named.length > 0 && { MessageAttributes: Object.fromEntries(named) }),
      ...placeOf(to, resource.endsWith(".fifo")),
    },
    as: SERVICE,
    source: sourceOf(topic),
    account: topic.account,
    region: asRegion(region),
    tellId: (requestId) => void (sqsRequestId = requestId),
  });
  return { sqsRequestId, sqsMessageId };
}

type Attribute = KeptAttributes[string];

const forQueue = (attribute: Attribute) => ({
  DataType: attribute.type,
  ...("text" in attribute ? { StringValue: attribute.text } : { BinaryValue: Buffer.from(attribute.base64, "base64") }),
});

/** A place in the order, for queues that keep it. */
function placeOf({ message: { order, group } }: Addressed, isOrdered: boolean) {
  if (isOrdered && order) return { MessageGroupId: order.group, MessageDeduplicationId: order.deduplicationId };
  return group === undefined || order !== undefined ? {} : { MessageGroupId: group };
}
