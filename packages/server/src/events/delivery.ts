/**
 * What services send to the queues, topics, functions and event buses of their users: kept in the transaction that has
 * it sent, delivered right behind it by a call like any other, so that the receiver's own policy is asked.
 */
import type { Scope, Transaction } from "../kernel/table.ts";
import { setTimer } from "../clock/timer.ts";
import { asRegion, formatArn, parseArn, partitionOf, type AccountId, type Arn, type Region } from "../kernel/arn.ts";
import { AwsError } from "../kernel/aws-error.ts";
import { DAY_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table } from "../kernel/table.ts";
import type { Principal } from "../identity/principal.ts";
import type {
  Context,
  DeadLetter,
  Delivery,
  DeliveryRetry,
  EventContent,
  MessageAttributes,
  MessageContent,
} from "../service/context.ts";
import { roleSession } from "../service/role-session.ts";

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

const RETRY: DeliveryRetry = { retriesMax: 4, ageMsMax: DAY_MS };
/** Virtual time before the second attempt; doubled each time after. */
const RETRY_AFTER_MS = 1000;
const RETRY_AFTER_MS_MAX = 10 * 60 * 1000;
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

/** The default event bus of a place. */
export const busOf = (place: Scope): Arn =>
  formatArn({ partition: partitionOf(place.region), service: "events", ...place, resource: "event-bus/default" });

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
    await putOff(delivery, error, context);
  }
}

async function putOff(delivery: KeptDelivery, error: AwsError, context: Context): Promise<void> {
  const { tx } = context;
  const { retriesMax, ageMsMax } = delivery.retry ?? RETRY;
  const attempts = delivery.attempts + 1;
  const waitMs = Math.min(RETRY_AFTER_MS * 2 ** delivery.attempts, RETRY_AFTER_MS_MAX);
  const againMs = context.now().getTime() + waitMs;
  // where the receiver's service is not built, no patience helps
  const isLast = attempts > retriesMax || againMs > delivery.atMs + ageMsMax || error.code === "NotImplemented";
  const kept = { ...delivery, attempts, error: `${error.code}: ${error.message}` };
  if (!isLast) {
    tx.put(deliveries, kept);
    return schedule(kept, againMs, tx);
  }
  tx.put(deliveries, { ...kept, failed: true });
  if (delivery.deadLetter !== undefined) await bury(kept, delivery.deadLetter, error, context);
}

/** To the queue for what could not be delivered: once, and where that fails too it is only kept to be looked at. */
function bury(
  { content, source, account, region, attempts }: KeptDelivery,
  { to, attributes, told = {} }: DeadLetter,
  { code, message }: AwsError,
  context: Context,
): Promise<void> {
  const why = Object.entries({ [told.code ?? ""]: code, [told.message ?? ""]: message });
  const retries = told.retries === undefined ? {} : { [told.retries]: { type: "Number", value: `${attempts - 1}` } };
  const text = content.kind === "event" ? JSON.stringify(content) : content.text;
  const reasons = Object.fromEntries(
    why.filter(([name]) => name !== "").map(([name, value]) => [name, { type: "String", value }]),
  );
  const letter = { kind: "message", text, attributes: { ...attributes, ...reasons, ...retries } } as const;
  return context.deliver({ to, source, content: letter }, { account, region });
}

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");
type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");
type KinesisSdk = typeof import("@aws-sdk/client-kinesis");
type FirehoseSdk = typeof import("@aws-sdk/client-firehose");

/** What a call to the receiver has besides its input. */
interface From {
  readonly as: Principal;
  readonly source: Delivery["source"];
  readonly account: AccountId;
  readonly region: Region;
}

/** @throws {AwsError} what the receiver answers */
async function hand(delivery: KeptDelivery, context: Context): Promise<void> {
  const { to, source, content, role } = delivery;
  const { service = "", account = "", region = "" } = parseArn(to) ?? {};
  const as = role === undefined ? context.principal : await roleOf(delivery, role, context);
  const from = {
    as,
    source,
    // what has no region of its own is called where it was sent
    account: account === "" ? context.account : (account as AccountId),
    region: region === "" ? context.region : asRegion(region),
  };
  if (content.kind === "event") return putEvent(delivery, content, from, context);
  switch (service) {
    case "sqs":
      return sendMessage(to, content, from, context);
    case "sns":
      return publish(to, content, from, context);
    case "logs":
      return putLogEvent(delivery, content, from, context);
    case "kinesis":
      return putRecord(to, content, from, context);
    case "firehose":
      return putDelivered(to, content, from, context);
    default:
      return invoke(to, content, from, context);
  }
}

function roleOf({ account, source }: KeptDelivery, roleArn: Arn, context: Context): Promise<Principal> {
  const { principal } = context;
  const service = principal.type === "service" ? principal.service : "";
  const [sessionName = ""] = service.split(".");
  return roleSession({ roleArn, service, sessionName, account, sourceArn: source.arn }, context);
}

async function putEvent({ to, atMs }: KeptDelivery, content: EventContent, from: From, context: Context) {
  const { source: Source, detailType: DetailType, resources, detail } = content;
  const event = { EventBusName: to, Source, DetailType, Resources: [...resources], Detail: JSON.stringify(detail) };
  const Entries = [{ ...event, Time: new Date(atMs) }];
  await context.call<EventBridgeSdk, "PutEvents">({
    service: "eventbridge",
    operation: "PutEvents",
    input: { Entries },
    ...from,
  });
}

async function sendMessage(to: Arn, content: MessageContent, from: From, context: Context): Promise<void> {
  const { resource = "" } = parseArn(to) ?? {};
  const { text, attributes, groupId, deduplicationId } = content;
  const input = {
    QueueUrl: `https://sqs.${from.region}.amazonaws.com/${from.account}/${resource}`,
    MessageBody: text,
    ...(attributes !== undefined && { MessageAttributes: valuesOf(attributes) }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
  await context.call<SqsSdk, "SendMessage">({ service: "sqs", operation: "SendMessage", input, ...from });
}

async function publish(to: Arn, content: MessageContent, from: From, context: Context): Promise<void> {
  const { text, subject, attributes, groupId, deduplicationId } = content;
  const input = {
    TopicArn: to,
    Message: text,
    ...(subject !== undefined && { Subject: subject }),
    ...(attributes !== undefined && { MessageAttributes: valuesOf(attributes) }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
  await context.call<SnsSdk, "Publish">({ service: "sns", operation: "Publish", input, ...from });
}

const valuesOf = (attributes: MessageAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [name, { DataType: type, StringValue: value }]),
  );

async function invoke(to: Arn, { text }: MessageContent, from: From, context: Context): Promise<void> {
  const input = { FunctionName: to, InvocationType: "Event" as const, Payload: Buffer.from(text, "utf8") };
  await context.call<LambdaSdk, "Invoke">({ service: "lambda", operation: "Invoke", input, ...from });
}

const bytesOf = ({ text, encoding = "utf8" }: MessageContent): Buffer => Buffer.from(text, encoding);

async function putRecord(to: Arn, content: MessageContent, from: From, context: Context): Promise<void> {
  const input = { StreamARN: to, Data: bytesOf(content), PartitionKey: content.groupId ?? newUuid() };
  await context.call<KinesisSdk, "PutRecord">({ service: "kinesis", operation: "PutRecord", input, ...from });
}

async function putDelivered(to: Arn, content: MessageContent, from: From, context: Context): Promise<void> {
  const DeliveryStreamName = parseArn(to)?.resource.replace(/^deliverystream\//, "") ?? "";
  const input = { DeliveryStreamName, Record: { Data: bytesOf(content) } };
  await context.call<FirehoseSdk, "PutRecord">({ service: "firehose", operation: "PutRecord", input, ...from });
}

/** Each in a stream of its own, as rules do. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
async function putLogEvent(
  { to, id, atMs }: KeptDelivery,
  { text }: MessageContent,
  from: From,
  context: Context,
): Promise<void> {
  const { resource = "" } = parseArn(to) ?? {};
  const logGroupName = resource.replace(/^log-group:/, "").replace(/:\*$/, "");
  const place = { logGroupName, logStreamName: id };
  const call = { service: "cloudwatch-logs", ...from } as const;
  await context.call<LogsSdk, "CreateLogStream">({ ...call, operation: "CreateLogStream", input: place });
  const logEvents = [{ timestamp: atMs, message: text }];
  await context.call<LogsSdk, "PutLogEvents">({ ...call, operation: "PutLogEvents", input: { ...place, logEvents } });
}

/** The newest that are under way or failed, newest first. */
export const newestDeliveries = (limit: number, tx: Transaction): Promise<KeptDelivery[]> =>
  tx.scan(deliveries, { reverse: true, limit });
