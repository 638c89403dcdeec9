/** Log streams: made, listed and taken away. */
import type { LogStream as ShownStream } from "@aws-sdk/client-cloudwatch-logs";
import { page, type Page } from "../../kernel/page.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onGroup, onStream } from "./access.ts";
import { forgetLater } from "./clearing.ts";
import { invalidToken, orderWithPrefix, streamExists } from "./errors.ts";
import { homeOf, namedGroup, requireGroup, requireOwnGroup, type LogGroup } from "./group-row.ts";
import { operation, streamArn } from "./kit.ts";
import { PAGE_MAX } from "./limits.ts";
import { NEVER_MS, recencies, requireStream, streams, tailOf, uploadToken, type LogStream } from "./stream-row.ts";

export const createLogStream = operation("CreateLogStream", {
  authorize: (input, context) => onStream("CreateLogStream", input, context),

  async handle({ logGroupName, logStreamName }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    if ((await context.tx.get(streams, group.id, logStreamName)) !== undefined) throw streamExists();
    const createdAtMs = context.now().getTime();
    context.tx.put(streams, { group: group.id, name: logStreamName, id: context.newId(), createdAtMs });
    context.tx.put(recencies, { group: group.id, lastMs: NEVER_MS, name: logStreamName });
    return {};
  },
});

export const deleteLogStream = operation("DeleteLogStream", {
  authorize: (input, context) => onStream("DeleteLogStream", input, context),

  async handle({ logGroupName, logStreamName }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    const stream = await requireStream(logStreamName, group, context);
    const tail = await tailOf(stream, context.tx);
    context.tx.delete(streams, group.id, stream.name);
    context.tx.delete(recencies, group.id, tail?.lastMs ?? NEVER_MS, stream.name);
    forgetLater(group, stream, context);
    return {};
  },
});

export const describeLogStreams = operation("DescribeLogStreams", {
  authorize: (input, context) => onGroup("DescribeLogStreams", input, context),

  async handle(input, context) {
    const { logStreamNamePrefix: prefix, orderBy = "LogStreamName" } = input;
    if (orderBy === "LastEventTime" && prefix !== undefined) throw orderWithPrefix();
    const group = await requireGroup(namedGroup(input, context), context);
    const tx = homeOf(group, context.tx);
    const { rows, next } =
      orderBy === "LastEventTime" ? await byTime(input, group, tx) : await byName(input, group, tx);
    const logStreams: ShownStream[] = [];
    for (const stream of rows) logStreams.push(await show(stream, group, context));
    return { logStreams, ...(next !== undefined && { nextToken: next }) };
  },
});

interface Listing {
  readonly logStreamNamePrefix?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly nextToken?: string | undefined;
  readonly limit?: number | undefined;
}

const asked = ({ descending = false, nextToken: token, limit }: Listing, group: LogGroup) => ({
  prefix: [group.id],
  token,
  limit,
  max: PAGE_MAX,
  descending,
  invalidToken,
});

const byName = (input: Listing, group: LogGroup, tx: Transaction): Promise<Page<LogStream>> =>
  page(tx, streams, { ...asked(input, group), startsWith: input.logStreamNamePrefix });

async function byTime(input: Listing, group: LogGroup, tx: Transaction): Promise<Page<LogStream>> {
  const { rows, next } = await page(tx, recencies, asked(input, group));
  const found: LogStream[] = [];
  for (const { name } of rows) {
    const stream = await tx.get(streams, group.id, name);
    if (stream !== undefined) found.push(stream);
  }
  return { rows: found, ...(next !== undefined && { next }) };
}

/**
 * The size of a stream is not told any more.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html (storedBytes)
 */
async function show(stream: LogStream, group: LogGroup, context: Context): Promise<ShownStream> {
  const tail = await tailOf(stream, homeOf(group, context.tx));
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAtMs,
    ...(tail && {
      firstEventTimestamp: tail.firstMs,
      lastEventTimestamp: tail.lastMs,
      lastIngestionTime: tail.ingestedMs,
      uploadSequenceToken: uploadToken(stream.id),
    }),
    arn: streamArn(group, group.name, stream.name),
    storedBytes: 0,
  };
}
