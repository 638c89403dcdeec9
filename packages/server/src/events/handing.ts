/** How a delivery is handed over: by a call of the receiver's own operation, or by its receiver. */
import type { Principal } from "../identity/principal.ts";
import { asRegion, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../kernel/arn.ts";
import { AwsError, refusalOf } from "../kernel/aws-error.ts";
import { newUuid } from "../kernel/ids.ts";
import type { Scope } from "../kernel/table.ts";
import type { Context, Delivery, EventContent, MessageAttributes, MessageContent } from "../service/context.ts";
import type { ErrandContext } from "../service/errand.ts";
import type { Handed as Received, Receiver } from "../service/receiver.ts";
import { roleSession } from "../service/role-session.ts";
import { RoleRefused } from "./delivery-failure.ts";

/** What is to be handed over. */
interface Handed extends Delivery, Scope {
  readonly id: string;
  readonly atMs: number;
}

/** Where a service takes things in itself, and what it has in hand there. */
export interface FoundReceiver {
  readonly receive: Receiver;
  readonly context: ErrandContext;
}

/** By the name in ARNs, and by the type of resource that they begin with. */
export type FindReceiver = (asked: {
  readonly service: string;
  readonly type: string;
  readonly place: Scope;
}) => Promise<FoundReceiver | undefined>;

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");
type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");
type KinesisSdk = typeof import("@aws-sdk/client-kinesis");
type SfnSdk = typeof import("@aws-sdk/client-sfn");
type FirehoseSdk = typeof import("@aws-sdk/client-firehose");

/** What a call to the receiver has besides its input. */
interface From {
  readonly as: Principal;
  readonly source: Delivery["source"];
  readonly account: AccountId;
  readonly region: Region;
  readonly trace?: string;
}

/** Gives what a receiver of its own answered. @throws {AwsError} the receiver's refusal; @throws {RoleRefused}, {OutwardError} */
export async function hand(delivery: Handed, context: Context, find: FindReceiver): Promise<string | undefined> {
  const { to, source, content, role, trace } = delivery;
  const as = role === undefined ? context.principal : await roleOf(delivery, role, context);
  const traced = trace !== undefined && { trace };
  const from = { as, source, ...placeOf(to, context), ...traced };
  const { service = "", resource = "" } = parseArn(to) ?? {};
  const known = CALLS.get(service);
  if (content.kind === "event") await putEvent(delivery, content, from, context);
  else if (known !== undefined) await known(delivery, content, from, context);
  else {
    const asked = { service, type: resource.split("/")[0] ?? "", place: from };
    return receive(asked, { to, source, content, as, ...traced }, find);
  }
  return undefined;
}

async function receive(
  asked: Parameters<FindReceiver>[0],
  handed: Received,
  find: FindReceiver,
): Promise<string | undefined> {
  const found = await find(asked);
  if (found !== undefined) return found.receive(handed, found.context);
  throw new AwsError("NotImplemented", `nothing is delivered to ${asked.service} ${asked.type} yet`);
}

/** What has no region of its own is called where it was sent. */
function placeOf(to: Arn, context: Context): Scope {
  const { account = "", region = "" } = parseArn(to) ?? {};
  return {
    account: parseAccountId(account) ?? context.account,
    region: region === "" ? context.region : asRegion(region),
  };
}

type Hand = (delivery: Handed, content: MessageContent, from: From, context: Context) => Promise<void>;

const CALLS: ReadonlyMap<string, Hand> = new Map<string, Hand>([
  ["sqs", sendMessage],
  ["sns", publish],
  ["logs", putLogEvent],
  ["kinesis", putRecord],
  ["firehose", putDelivered],
  ["lambda", invoke],
  ["states", startExecution],
]);

async function roleOf({ account, source }: Handed, roleArn: Arn, context: Context): Promise<Principal> {
  const { principal } = context;
  const service = principal.type === "service" ? principal.service : "";
  const [sessionName = ""] = service.split(".");
  try {
    return await roleSession({ roleArn, service, sessionName, account, sourceArn: source.arn }, context);
  } catch (error) {
    if (error instanceof AwsError) throw new RoleRefused(error.message);
    throw error;
  }
}

async function putEvent({ to, atMs }: Handed, content: EventContent, from: From, context: Context) {
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

async function sendMessage(
  { to, trace }: Handed,
  content: MessageContent,
  from: From,
  context: Context,
): Promise<void> {
  const { resource = "" } = parseArn(to) ?? {};
  const { text, attributes, groupId, deduplicationId } = content;
  const input = {
    QueueUrl: `https://sqs.${from.region}.amazonaws.com/${from.account}/${resource}`,
    MessageBody: text,
    ...(trace !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } },
    }),
    ...(attributes !== undefined && { MessageAttributes: valuesOf(attributes) }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
  };
  await context.call<SqsSdk, "SendMessage">({ service: "sqs", operation: "SendMessage", input, ...from });
}

async function publish({ to }: Handed, content: MessageContent, from: From, context: Context): Promise<void> {
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

async function invoke({ to }: Handed, { text }: MessageContent, from: From, context: Context): Promise<void> {
  const input = { FunctionName: to, InvocationType: "Event" as const, Payload: Buffer.from(text, "utf8") };
  await context.call<LambdaSdk, "Invoke">({ service: "lambda", operation: "Invoke", input, ...from });
}

const bytesOf = ({ text, encoding }: MessageContent): Buffer => Buffer.from(text, encoding ?? "utf8");

async function putRecord({ to }: Handed, content: MessageContent, from: From, context: Context): Promise<void> {
  const input = { StreamARN: to, Data: bytesOf(content), PartitionKey: content.groupId ?? newUuid() };
  await context.call<KinesisSdk, "PutRecord">({ service: "kinesis", operation: "PutRecord", input, ...from });
}

async function putDelivered({ to }: Handed, content: MessageContent, from: From, context: Context): Promise<void> {
  const DeliveryStreamName = parseArn(to)?.resource.replace(/^deliverystream\//, "") ?? "";
  const input = { DeliveryStreamName, Record: { Data: bytesOf(content) } };
  await context.call<FirehoseSdk, "PutRecord">({ service: "firehose", operation: "PutRecord", input, ...from });
}

/** Each in a stream of its own, as rules do. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
async function putLogEvent(
  { to, id, atMs }: Handed,
  { text }: MessageContent,
  from: From,
  context: Context,
): Promise<void> {
  const { resource = "" } = parseArn(to) ?? {};
  const logGroupName = resource.replace(/^log-group:/, "").replace(/:\*$/, "");
  const place = { logGroupName, logStreamName: id };
  const call = { service: "cloudwatch-logs", ...from } as const;
  // an attempt before may have come so far
  const refusal = await refusalOf(() =>
    context.call<LogsSdk, "CreateLogStream">({ ...call, operation: "CreateLogStream", input: place }),
  );
  if (refusal !== undefined && refusal.code !== "ResourceAlreadyExistsException") throw refusal;
  const logEvents = [{ timestamp: atMs, message: text }];
  await context.call<LogsSdk, "PutLogEvents">({ ...call, operation: "PutLogEvents", input: { ...place, logEvents } });
}

async function startExecution({ to }: Handed, { text }: MessageContent, from: From, context: Context): Promise<void> {
  const input = { stateMachineArn: to, input: text };
  await context.call<SfnSdk, "StartExecution">({ service: "sfn", operation: "StartExecution", input, ...from });
}
