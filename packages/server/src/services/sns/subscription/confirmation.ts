/**
 * Endpoints whose owners have to agree are asked; those that were unsubscribed may come back.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { invoke } from "../delivery/to-function.ts";
import { mail } from "../delivery/to-mailbox.ts";
import { sendLetter } from "../delivery/to-queue.ts";
import { requestOverWeb } from "../delivery/to-web.ts";
import { TOKEN_HOURS } from "../limits.ts";
import { layOut, requestOf, subscribeUrlOf, type Request } from "../message/notification.ts";
import { topicSigner } from "../message/publication.ts";
import { findSubscription, removeSubscription, topicOf, type Subscription } from "./row.ts";
import { newToken } from "./token.ts";
import { arnOf, type Topic } from "../topic/row.ts";

export interface Asked {
  readonly topic: Topic;
  readonly subscription: Subscription;
}

/** Asks the endpoint; one that nobody confirms is gone after two days. */
export async function askToConfirm({ topic, subscription }: Asked, context: Context): Promise<void> {
  const request = await requestFor("SubscriptionConfirmation", { topic, subscription }, context);
  await send(request, { topic, subscription }, context);
  context.at(request.atMs + TOKEN_HOURS * HOUR_MS, "expire", subscription.arn);
}

/** Tells the endpoint that it was unsubscribed, and how that is undone. */
export async function tellOfEnd({ topic, subscription }: Asked, context: Context): Promise<void> {
  const request = await requestFor("UnsubscribeConfirmation", { topic, subscription }, context);
  await send(request, { topic, subscription }, context);
}

async function requestFor(kind: Request["kind"], { topic, subscription }: Asked, context: Context): Promise<Request> {
  const nowMs = context.now().getTime();
  const token = await newToken(topic, subscription, { tx: context.tx, nowMs });
  return { kind, id: context.newId(), atMs: nowMs, token };
}

/** An endpoint that cannot be reached cannot confirm. */
async function send(request: Request, asked: Asked, context: Context): Promise<void> {
  try {
    await sendBy(request, asked, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

async function sendBy(request: Request, { topic, subscription }: Asked, context: Context): Promise<void> {
  const envelope = async () =>
    requestOf(request, { topicArn: arnOf(topic), subscription, signer: await topicSigner(topic, context) });
  const { protocol } = subscription;
  if (protocol === "http" || protocol === "https") return requestOverWeb(request, subscription, context);
  if (protocol === "email-json") {
    return mail({ subscription, topic, subject: CONFIRM_SUBJECT, text: layOut(await envelope()) }, context);
  }
  // the others are not told of an end
  if (request.kind === "UnsubscribeConfirmation") return;
  if (protocol === "email") return mailLink(request, { topic, subscription }, context);
  if (protocol === "lambda") {
    await invoke(await envelope(), { subscription, topic }, context);
    return;
  }
  if (protocol !== "sqs") return;
  const letter = { text: layOut(await envelope()), attributes: {} };
  await sendLetter(letter, { topic, message: {}, queueArn: subscription.endpoint }, context);
}

const CONFIRM_SUBJECT = "AWS Notification - Subscription Confirmation";

function mailLink({ token }: Request, { topic, subscription }: Asked, context: Context): Promise<void> {
  const topicArn = arnOf(topic);
  const url = subscribeUrlOf({ topicArn, token }, subscription);
  const text = `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n${url}\n`;
  return mail({ subscription, topic, subject: CONFIRM_SUBJECT, text }, context);
}

/** The job: nobody has confirmed. */
export async function expire(context: Context, subscriptionArn: string): Promise<void> {
  const subscription = await findSubscription(subscriptionArn, context);
  if (subscription?.state !== "pending") return;
  const topic = await topicOf(subscription, context.tx);
  if (topic !== undefined) await removeSubscription(topic, subscription, context.tx);
}
