/**
 * Messages to HTTP endpoints: kept in the transaction that sends them, posted behind it, and posted again as the delivery
 * policy says.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
import { assert } from "../../../kernel/assert.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { OutwardError } from "../../../kernel/outward-error.ts";
import { webMannerOf } from "../delivery-policy.ts";
import { textFor, type Message } from "../message.ts";
import { layOut, requestOf, type Request } from "../notification.ts";
import { publicationOf, topicSigner, type Publication } from "../publication.ts";
import { topicOf, type Subscription } from "../subscription-row.ts";
import { isRaw } from "../subscription-setting.ts";
import { arnOf, type Topic } from "../topic-row.ts";
import { bury } from "./dead-letter.ts";

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
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html (15 seconds) */
const TIMEOUT_MS = 15 * SECOND_MS;
const ANSWER_BYTES_MAX = 4096;

// oxlint-disable-next-line typescript/require-await -- one of several ways, of which others wait
export async function toWeb({ message }: Publication, subscription: Subscription, context: Context): Promise<void> {
  keep({ kind: "message", message }, subscription, context);
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
  const outcome = await send(parcel, subscription.endpoint, context);
  await context.transact(async (inner) => {
    const delayMs =
      outcome === "failed" ? webMannerOf(subscription, topic).delayBefore(posting.failures + 1) : undefined;
    if (delayMs !== undefined) {
      inner.tx.put(postings, { ...posting, failures: posting.failures + 1 });
      return inner.at(inner.now().getTime() + delayMs, "post", id);
    }
    drop(inner);
    if (outcome === "taken" || content.kind !== "message") return;
    await bury(publicationOf(topic, content.message, inner), subscription, inner);
  });
}

function opened({ sealed }: Posting, { keys }: Context): Content {
  const bytes = keys.open(sealed, PURPOSE);
  assert(bytes !== undefined, "what was sealed here opens here");
  const content: Content = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return content;
}

interface Parcel {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
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

type Outcome = "taken" | "refused" | "failed";

const TOO_MANY = 429;

/**
 * Answers of the receiver's own fault are worth another attempt, those that say the request is wrong are not.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html#how-messages-moved-into-dead-letter-queue
 */
async function send({ headers, text }: Parcel, url: string, { outward }: Context): Promise<Outcome> {
  const body = Buffer.from(text, "utf8");
  const asked = { url, method: "POST", headers, body, timeoutMs: TIMEOUT_MS, bytesMax: ANSWER_BYTES_MAX };
  try {
    const { status } = await outward.request(asked);
    if (status >= 200 && status < 300) return "taken";
    return status < 300 || status >= 500 || status === TOO_MANY ? "failed" : "refused";
  } catch (error) {
    if (error instanceof OutwardError) return error.why === "refused" ? "refused" : "failed";
    throw error;
  }
}
