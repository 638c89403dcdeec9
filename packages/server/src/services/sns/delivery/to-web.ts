/**
 * Messages to HTTP endpoints: kept in the transaction that sends them, posted behind it, and posted again as the delivery
 * policy says.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { webMannerOf } from "../topic/delivery-policy.ts";
import { urlOf } from "../subscription/endpoint-secret.ts";
import { textFor, type Message } from "../message/message.ts";
import { layOut, requestOf, type Request } from "../message/notification.ts";
import { publicationOf, topicSigner, type Publication } from "../message/publication.ts";
import { topicOf, type Subscription } from "../subscription/row.ts";
import { isRaw } from "../subscription/setting.ts";
import { arnOf, type Topic } from "../topic/row.ts";
import { noteFailure, noteSuccess } from "./outcome.ts";
import { send, type Parcel } from "./web-answer.ts";

type Content =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "request"; readonly request: Request };

/** Something that is to be posted. */
interface Posting {
  readonly id: string;
  /** As it was when it was sent. */
  readonly subscription: Subscription;
  /** What it says, sealed. */
  readonly sealed: string;
  /** How often it was tried in vain. */
  readonly failures: number;
}

const postings = table<Posting>("sns.posting", "global", ({ id }) => [id]);

const PURPOSE = "sns posting";

export function toWeb({ message }: Publication, subscription: Subscription, context: Context): Promise<void> {
  keep({ kind: "message", message }, subscription, context);
  return Promise.resolve();
}

export const requestOverWeb = (request: Request, subscription: Subscription, context: Context): void =>
  keep({ kind: "request", request }, subscription, context);

function keep(content: Content, subscription: Subscription, context: Context): void {
  const id = context.newId();
  const sealed = context.keys.seal(JSON.stringify(content), PURPOSE);
  context.tx.put(postings, { id, subscription, sealed, failures: 0 });
  context.at(context.now().getTime(), "post", id);
}

/** The errand. */
export async function post(context: ErrandContext, id: string): Promise<void> {
  const posting = await context.tx.get(postings, id);
  if (posting === undefined) return;
  const { subscription } = posting;
  const topic = await topicOf(subscription, context.tx);
  const drop = (inner: Context): void => inner.tx.delete(postings, id);
  if (topic === undefined) return context.transact(async (inner) => drop(inner));
  const content = opened(posting, context);
  const parcel = await context.transact((inner) => parcelOf(content, { subscription, topic }, inner));
  const answer = await send(parcel, urlOf(subscription, context), context);
  await context.transact(async (inner) => {
    const failures = posting.failures + 1;
    const delayMs = answer.outcome === "failed" ? webMannerOf(subscription, topic).delayBefore(failures) : undefined;
    if (delayMs !== undefined) {
      inner.tx.put(postings, { ...posting, failures });
      return inner.at(inner.now().getTime() + delayMs, "post", id);
    }
    drop(inner);
    if (content.kind !== "message") return;
    const delivered = { publication: publicationOf(topic, content.message, inner), subscription };
    const facts = { statusCode: answer.statusCode, response: answer.response, attempts: failures };
    if (answer.outcome === "taken") noteSuccess(facts, delivered, inner);
    else await noteFailure(facts, delivered, inner);
  });
}

function opened({ sealed }: Posting, { keys }: Context): Content {
  const bytes = keys.open(sealed, PURPOSE);
  assert(bytes !== undefined, "what was sealed here opens here");
  const content: Content = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return content;
}

interface Between {
  readonly subscription: Subscription;
  readonly topic: Topic;
}

async function parcelOf(content: Content, { subscription, topic }: Between, context: Context): Promise<Parcel> {
  const topicArn = arnOf(topic);
  const { contentType } = webMannerOf(subscription, topic);
  if (content.kind === "request") {
    const { request } = content;
    const envelope = requestOf(request, { topicArn, subscription, signer: await topicSigner(topic, context) });
    const named = request.kind === "UnsubscribeConfirmation" ? { "x-amz-sns-subscription-arn": subscription.arn } : {};
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_subscribe_external_http_endpoint_content_type)
    const headers = { ...headersOf(request.kind, request.id, topicArn), ...named, "content-type": PLAIN };
    return { headers, text: layOut(envelope) };
  }
  const { message } = content;
  const general = {
    ...headersOf("Notification", message.id, topicArn),
    "x-amz-sns-subscription-arn": subscription.arn,
    "content-type": contentType,
  };
  if (isRaw(subscription)) {
    return { headers: { ...general, "x-amz-sns-rawdelivery": "true" }, text: textFor(message, subscription.protocol) };
  }
  const envelope = await publicationOf(topic, message, context).envelopeFor(subscription);
  return { headers: general, text: layOut(envelope) };
}

const PLAIN = "text/plain; charset=UTF-8";

const headersOf = (type: string, messageId: string, topicArn: Arn) => ({
  "x-amz-sns-message-type": type,
  "x-amz-sns-message-id": messageId,
  "x-amz-sns-topic-arn": topicArn,
  "user-agent": "Amazon Simple Notification Service Agent",
});
