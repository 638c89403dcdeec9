/** The queue that a pipe reads, with the rights of its role. */
import type { Principal } from "../../identity/principal.ts";
import { asRegion, parseArn } from "../../kernel/arn.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { MESSAGES_PER_CALL, USUAL_BATCH_SIZE, WAIT_SECONDS } from "./limits.ts";
import type { Pipe } from "./pipe-row.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");

/** Plain JSON. */
export type PipeEvent = Readonly<Record<string, unknown>>;

/** A message as a pipe hands it on. */
export interface SourceEvent {
  readonly id: string;
  readonly handle: string;
  readonly event: PipeEvent;
}

export const queueAt = (arn: string) => {
  const { region = "", account = "", resource = "" } = parseArn(arn) ?? {};
  return { region: asRegion(region), QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${resource}` };
};

/** Waits for messages, and for more of them as long as the pipe's window is open, or a receive is full. */
export async function receiveBatch(pipe: Pipe, as: Principal, context: Context): Promise<readonly SourceEvent[]> {
  const { BatchSize = USUAL_BATCH_SIZE, MaximumBatchingWindowInSeconds: window = 0 } =
    pipe.sourceParameters.SqsQueueParameters ?? {};
  let more = await receive(pipe, { as, max: BatchSize, waitSeconds: WAIT_SECONDS }, context);
  const untilMs = context.now().getTime() + window * SECOND_MS;
  // what is visible again at once may come twice
  const events = new Map(more.map((event) => [event.id, event]));
  while (events.size > 0 && events.size < BatchSize) {
    const nowMs = context.now().getTime();
    const leftMs = Math.max(0, untilMs - nowMs);
    if (leftMs === 0 && more.length < MESSAGES_PER_CALL) break;
    const waitSeconds = Math.min(WAIT_SECONDS, Math.ceil(leftMs / SECOND_MS));
    more = await receive(pipe, { as, max: BatchSize - events.size, waitSeconds }, context);
    for (const event of more) events.set(event.id, event);
    // waits end early where the cloud does
    const waitedMs = context.now().getTime() - nowMs;
    if (more.length === 0 && waitedMs < Math.min(leftMs, waitSeconds * SECOND_MS)) break;
  }
  return [...events.values()];
}

interface Receive {
  readonly as: Principal;
  readonly max: number;
  readonly waitSeconds: number;
}

async function receive(
  pipe: Pipe,
  { as, max, waitSeconds }: Receive,
  context: Context,
): Promise<readonly SourceEvent[]> {
  const { region, QueueUrl } = queueAt(pipe.source);
  const { Messages = [] } = await context.call<SqsSdk, "ReceiveMessage">({
    service: "sqs",
    operation: "ReceiveMessage",
    input: {
      QueueUrl,
      MaxNumberOfMessages: Math.min(max, MESSAGES_PER_CALL),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    },
    as,
    region,
  });
  return Messages.map((message) => ({
    id: message.MessageId ?? "",
    handle: message.ReceiptHandle ?? "",
    // Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html (example event)
    event: {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: { ...message.Attributes },
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: pipe.source,
      awsRegion: region,
    },
  }));
}

interface AttributeValue {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

/** As functions get them, too. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const attributeOf = ({ DataType, StringValue, BinaryValue }: AttributeValue) => ({
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
});

/** Takes what is done with out of the queue. */
export async function remove(
  done: readonly SourceEvent[],
  { pipe, as }: { readonly pipe: Pipe; readonly as: Principal },
  context: Context,
): Promise<void> {
  const { region, QueueUrl } = queueAt(pipe.source);
  for (let at = 0; at < done.length; at += MESSAGES_PER_CALL) {
    const some = done.slice(at, at + MESSAGES_PER_CALL);
    await context.call<SqsSdk, "DeleteMessageBatch">({
      service: "sqs",
      operation: "DeleteMessageBatch",
      input: { QueueUrl, Entries: some.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle })) },
      as,
      region,
    });
  }
}
