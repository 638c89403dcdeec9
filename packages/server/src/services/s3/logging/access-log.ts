/**
 * Requests on their way into the logs: kept until it is time to write them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
import type { LoggingEnabled } from "@aws-sdk/client-s3";
import type { AccountId, Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Afterword } from "../../../service/answered.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { accessPointOf } from "../access-point/passage.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { removalsOf } from "./removal.ts";
import { formatEntry, formatOwnAction, type Logged, type OwnAction } from "./entry.ts";
import { operationNameOf, sourceNameOf, visitNameOf } from "./operation-name.ts";

export interface LogEntry {
  readonly bucket: string;
  readonly owner: AccountId;
  readonly region: Region;
  /** When its delivery is due. */
  readonly dueMs: number;
  readonly atMs: number;
  readonly id: string;
  readonly line: string;
  /** Where logs went when the request came. */
  readonly to: Validated<LoggingEnabled>;
}

export const logEntries = table<LogEntry>("s3.log-entry", "global", ({ bucket, dueMs, atMs, id }) => [
  bucket,
  dueMs,
  atMs,
  id,
]);

/** Entries whose delivery is arranged: so that requests at the same time do not all arrange it. */
interface LogWindow {
  readonly bucket: string;
  readonly dueMs: number;
}

export const logWindows = table<LogWindow>("s3.log-window", "global", ({ bucket, dueMs }) => [bucket, dueMs]);

/** The timer's name. */
export const DELIVER = "deliver-log";

/** Differs: AWS delivers within a few hours, as well as it can; here a log is complete and comes every ten minutes. */
const EVERY_MS = 600_000;

/** Has the call logged for a bucket that it goes to, or copies the key `copied` from. */
export function noteAccess(bucket: Bucket, copied: string | undefined, context: Context): void {
  const point = copied === undefined ? accessPointOf(context) : undefined;
  context.onceAnswered(`${copied === undefined ? "log" : "source log"} of ${bucket.name}`, (answered, later) => {
    const operation = copied === undefined ? operationNameOf(answered) : sourceNameOf(answered.operation);
    const key = copied ?? answered.labels["Key"];
    return keepEntries({ bucket, operation, key, answered, point, requestId: answered.requestId }, later);
  });
}

/** That of the request, and where it removes several objects, one for each. */
async function keepEntries(logged: Logged, context: Context): Promise<void> {
  await keepEntry(logged, context);
  for (const each of removalsOf(logged)) await keepEntry(each, context);
}

/** Whoever it was that signed falsely, or asked in advance for a page: the bucket's log has it, where it has one. */
export const logStranger: Afterword = async (answered, context) => {
  const { requestId, labels } = answered;
  const bucket = await context.tx.get(buckets, labels["Bucket"] ?? "");
  if (bucket?.logging === undefined) return;
  await keepEntry({ bucket, operation: operationNameOf(answered), key: labels["Key"], answered, requestId }, context);
};

/** Website visits have other names. */
export const websiteAccess = (
  visit: Pick<Logged, "bucket" | "key" | "requestId">,
  answered: Logged["answered"],
  context: Context,
): Promise<void> => keepEntry({ ...visit, answered, operation: visitNameOf(answered.method) }, context);

/** What the bucket's own rules do has no request. */
export const lifecycleAction = (action: OwnAction, context: Context): Promise<void> =>
  keepLine(action.bucket, { atMs: action.atMs, line: formatOwnAction(action) }, context);

const keepEntry = (logged: Logged, context: Context): Promise<void> =>
  keepLine(logged.bucket, { atMs: logged.answered.atMs, line: formatEntry(logged, context) }, context);

async function keepLine(
  logged: Bucket,
  { atMs, line }: Pick<LogEntry, "atMs" | "line">,
  context: Context,
): Promise<void> {
  const { name: bucket, owner, region, logging: to } = logged;
  if (to === undefined) return;
  const dueMs = (Math.floor(atMs / EVERY_MS) + 1) * EVERY_MS;
  context.tx.put(logEntries, { bucket, owner, region, dueMs, atMs, id: context.newId(), line, to });
  if ((await context.tx.get(logWindows, bucket, dueMs)) !== undefined) return;
  context.tx.put(logWindows, { bucket, dueMs });
  context.at(dueMs, DELIVER, `${bucket}/${dueMs}`);
}
