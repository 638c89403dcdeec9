/**
 * What functions write goes into their logs with their role's rights: without them it is lost, as in AWS.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import type { FunctionLog, LogEvent } from "../../service/function-host.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const BATCH_EVENTS_MAX = 10_000;
const BATCH_BYTES_MAX = 1_048_576;
const EVENT_BYTES = 26;

export async function takeLogged(log: FunctionLog, events: readonly LogEvent[], context: Context): Promise<void> {
  for (const batch of batchesOf(events)) {
    const put = () => putEvents(log, batch, context);
    if ((await outcomeOf(put)) !== "ResourceNotFoundException") continue;
    await outcomeOf(() => createGroup(log, context));
    await outcomeOf(() => createStream(log, context));
    await outcomeOf(put);
  }
}

/** What went wrong, as a code: a log is never worth more than the invocation. */
async function outcomeOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
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
