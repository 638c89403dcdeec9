/**
 * What endpoints get: a message in its envelope, signed.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import type { Arn } from "../../../kernel/arn.ts";
import { formatSequence } from "./deduplication.ts";
import { showAttribute } from "./attribute.ts";
import { textFor, type Message } from "./message.ts";
import type { Signer } from "../signature/key.ts";
import type { Subscription } from "../subscription/row.ts";

/** An envelope's members by name, in order. */
export type Envelope = Readonly<Record<string, string | object>>;

interface Sent {
  readonly topicArn: Arn;
  readonly subscription: Subscription;
  /** FIFO topics do not sign. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_message_to_fifo_sqs) */
  readonly signer: Signer | undefined;
}

export function notificationOf(message: Message, { topicArn, subscription, signer }: Sent): Envelope {
  const { id, atMs, subject, attributes, order, isReplayed } = message;
  const text = textFor(message, subscription.protocol);
  const body = {
    Type: "Notification",
    MessageId: id,
    ...(order && { SequenceNumber: formatSequence(order.sequence) }),
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: text,
    Timestamp: new Date(atMs).toISOString(),
  };
  const shown = Object.entries(attributes).map(([name, attribute]) => [name, showAttribute(attribute)]);
  return {
    ...body,
    ...signatureOf(body, NOTIFICATION_SIGNED, { signer, subscription }),
    UnsubscribeURL: unsubscribeUrlOf(subscription),
    ...(shown.length > 0 && { MessageAttributes: Object.fromEntries(shown) }),
    ...(isReplayed && { Replayed: "true" }),
  };
}

const NOTIFICATION_SIGNED = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION_SIGNED = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

function signatureOf(
  body: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  { signer, subscription }: Pick<Sent, "signer" | "subscription">,
): Envelope {
  if (signer === undefined) return {};
  const signed = names.flatMap((name) => (body[name] === undefined ? [] : [`${name}\n${body[name]}\n`]));
  return {
    SignatureVersion: signer.version,
    Signature: signer.sign(signed.join("")),
    // libraries that check signatures take certificates over TLS alone
    SigningCertURL: `${subscription.cloudUrl.replace(/^http:/, "https:")}${signer.certificatePath}`,
  };
}

export interface Request {
  readonly kind: "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  readonly id: string;
  readonly atMs: number;
  readonly token: string;
}

/** What asks for a confirmation, or offers to take back an end. */
export function requestOf({ kind, id, atMs, token }: Request, { topicArn, subscription, signer }: Sent): Envelope {
  const Message =
    kind === "SubscriptionConfirmation"
      ? `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
      : `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
  const body = {
    Type: kind,
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message,
    SubscribeURL: subscribeUrlOf({ topicArn, token }, subscription),
    Timestamp: new Date(atMs).toISOString(),
  };
  return { ...body, ...signatureOf(body, CONFIRMATION_SIGNED, { signer, subscription }) };
}

export const subscribeUrlOf = (
  { topicArn, token }: { readonly topicArn: Arn; readonly token: string },
  { cloudUrl }: Subscription,
): string => `${cloudUrl}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`;

export const unsubscribeUrlOf = ({ cloudUrl, arn }: Subscription): string =>
  `${cloudUrl}/?Action=Unsubscribe&SubscriptionArn=${arn}`;

/** As AWS lays it out. */
export function layOut(envelope: Envelope): string {
  const lines = Object.entries(envelope).map(([name, value]) => `  ${JSON.stringify(name)} : ${layOutValue(value)}`);
  return `{\n${lines.join(",\n")}\n}`;
}

function layOutValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([name, member]) => `    ${JSON.stringify(name)} : ${JSON.stringify(member)}`,
  );
  return `{\n${lines.join(",\n")}\n  }`;
}

/** What a function gets. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function functionEventOf(envelope: Envelope, { arn }: Subscription): string {
  const { SigningCertURL: SigningCertUrl, UnsubscribeURL: UnsubscribeUrl, Subject = null, ...others } = envelope;
  const Sns = {
    ...others,
    // whatever it is signed with. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_lambda_verify_signature)
    ...(others["SignatureVersion"] !== undefined && { SignatureVersion: "1" }),
    Subject,
    SigningCertUrl,
    UnsubscribeUrl,
    MessageAttributes: envelope["MessageAttributes"] ?? {},
  };
  return JSON.stringify({
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: arn, Sns }],
  });
}
