/**
 * What functions write goes into their logs with their role's rights: without them it is lost, as in AWS.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
import { refusalOf } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { FunctionLog, LogEvent } from "../../../service/function-host.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const BATCH_EVENTS_MAX = 10_000;
const BATCH_BYTES_MAX = 1_048_576;
const EVENT_BYTES = 26;

export async function takeLogged(log: FunctionLog, events: readonly LogEvent[], context: Context): Promise<void> {
  for (const batch of batchesOf(events)) {
    const put = () => putEvents(log, batch, context);
    // a log is never worth more than the invocation: what is refused is left out
    if ((await refusalOf(put))?.code !== "ResourceNotFoundException") continue;
    await refusalOf(() => createGroup(log, context));
    await refusalOf(() => createStream(log, context));
    await refusalOf(put);
  }
}

const putEvents = ({ group, stream, writer }: FunctionLog, events: readonly LogEvent[], context: Context) =>
  context.call<LogsSdk, "PutLogEvents">({
    service: "cloudwatch-logs",
    operation: "PutLogEvents",
    input: { logGroupName: group, logStreamName: stream, logEvents: events },
    as: writer,
  });

const createGroup = ({ group, writer }: FunctionLog, context: Context) =>
  context.call<LogsSdk, "CreateLogGroup">({
    service: "cloudwatch-logs",
    operation: "CreateLogGroup",
    input: { logGroupName: group },
    as: writer,
  });

const createStream = ({ group, stream, writer }: FunctionLog, context: Context) =>
  context.call<LogsSdk, "CreateLogStream">({
    service: "cloudwatch-logs",
    operation: "CreateLogStream",
    input: { logGroupName: group, logStreamName: stream },
    as: writer,
  });

function batchesOf(events: readonly LogEvent[]): readonly (readonly LogEvent[])[] {
  const batches: LogEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_BYTES;
    const last = batches.at(-1);
    if (last === undefined || bytes + size > BATCH_BYTES_MAX || last.length === BATCH_EVENTS_MAX) {
      batches.push([event]);
      bytes = size;
    } else {
      last.push(event);
      bytes += size;
    }
  }
  return batches;
}
