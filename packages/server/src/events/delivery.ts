/**
 * What services send to the queues, topics, functions and event buses of their users: kept in the transaction that has
 * it sent, delivered right behind it by a call like any other, so that the receiver's own policy is asked.
 */
import type { Scope, Transaction } from "../kernel/table.ts";
import { setTimer } from "../clock/timer.ts";
import { parseArn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { DAY_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table } from "../kernel/table.ts";
import type { Context, Delivery } from "../service/context.ts";

/** A delivery that is under way, or that failed. */
export interface KeptDelivery extends Delivery, Scope {
  /** In the order of time. */
  readonly id: string;
  /** When it was sent; virtual epoch milliseconds. */
  readonly atMs: number;
  /** The model's id of the service that sends it. */
  readonly service: string;
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly error?: string;
  /** It is not tried any more. */
  readonly failed?: true;
}

const deliveries = table<KeptDelivery>("delivery", "global", ({ id }) => [id]);

export const DELIVERY_JOB = "deliver";

const ATTEMPTS_MAX = 5;
/** Virtual time before the second attempt; doubled each time after. */
const RETRY_AFTER_MS = 1000;
const KEPT_DAYS = 30;
/** The oldest that are taken out whenever one more is put in. */
const TRIMMED_AT_ONCE = 20;
const TIME_DIGITS = 15;

/** Has `sent` delivered once `tx` is through. */
export async function begin(sent: Omit<KeptDelivery, "id" | "attempts">, tx: Transaction): Promise<void> {
  const delivery = { ...sent, id: `${timeOf(sent.atMs)}-${newUuid()}`, attempts: 0 };
  tx.put(deliveries, delivery);
  schedule(delivery, sent.atMs, tx);
  await tx.clear(deliveries, { before: [timeOf(sent.atMs - KEPT_DAYS * DAY_MS)], limit: TRIMMED_AT_ONCE });
}

const timeOf = (atMs: number): string => String(Math.max(0, atMs)).padStart(TIME_DIGITS, "0");

function schedule({ account, region, service, id }: KeptDelivery, dueMs: number, tx: Transaction): void {
  setTimer(tx, { account, region, service, job: DELIVERY_JOB, key: id, dueMs });
}

/** The job: delivers one, or puts it off. */
export async function deliver(context: Context, id: string): Promise<void> {
  const { tx } = context;
  const delivery = await tx.get(deliveries, id);
  if (delivery === undefined) return;
  try {
    await hand(delivery, context);
    tx.delete(deliveries, id);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const attempts = delivery.attempts + 1;
    // where the receiver's service is not built, no patience helps
    const isLast = attempts >= ATTEMPTS_MAX || error.code === "NotImplemented";
    const kept = { ...delivery, attempts, error: `${error.code}: ${error.message}` };
    tx.put(deliveries, isLast ? { ...kept, failed: true } : kept);
    if (!isLast) schedule(kept, context.now().getTime() + RETRY_AFTER_MS * 2 ** delivery.attempts, tx);
  }
}

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");

/** @throws {AwsError} what the receiver answers */
async function hand(delivery: KeptDelivery, context: Context): Promise<void> {
  const { to, source, content } = delivery;
  const { service: kind, account = "", region = "", resource = "" } = parseArn(to) ?? {};
  const from = { as: context.principal, source };
  if (content.kind === "event") {
    const { source: Source, detailType: DetailType, resources, detail } = content;
    const event = { EventBusName: to, Source, DetailType, Resources: [...resources], Detail: JSON.stringify(detail) };
    const Entries = [{ ...event, Time: new Date(delivery.atMs) }];
    await context.call<EventBridgeSdk, "PutEvents">({
      service: "eventbridge",
      operation: "PutEvents",
      input: { Entries },
      ...from,
    });
    return;
  }
  const { text, subject } = content;
  if (kind === "sqs") {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${resource}`;
    const input = { QueueUrl, MessageBody: text };
    await context.call<SqsSdk, "SendMessage">({ service: "sqs", operation: "SendMessage", input, ...from });
  } else if (kind === "sns") {
    const input = { TopicArn: to, Message: text, ...(subject !== undefined && { Subject: subject }) };
    await context.call<SnsSdk, "Publish">({ service: "sns", operation: "Publish", input, ...from });
  } else {
    const input = { FunctionName: to, InvocationType: "Event" as const, Payload: Buffer.from(text, "utf8") };
    await context.call<LambdaSdk, "Invoke">({ service: "lambda", operation: "Invoke", input, ...from });
  }
}

/** The newest that are under way or failed, newest first. */
export const newestDeliveries = (limit: number, tx: Transaction): Promise<KeptDelivery[]> =>
  tx.scan(deliveries, { reverse: true, limit });
