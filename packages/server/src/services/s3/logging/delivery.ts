/**
 * Logs as objects of the bucket that they are kept in.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { arn, type S3Sdk } from "../kit.ts";
import { DELIVER, logEntries, logWindows, type LogEntry } from "./access-log.ts";

/** At once: what is more comes in the next object. */
const ENTRIES_MAX = 10_000;

export const deliverLog: Job = async (context, key) => {
  const [bucket = "", due = ""] = key.split("/");
  const entries = await context.tx.scan(logEntries, { prefix: [bucket, Number(due)], limit: ENTRIES_MAX });
  for (const group of Map.groupBy(entries, placeOf).values()) await write(group, context);
  for (const { dueMs, atMs, id } of entries) context.tx.delete(logEntries, bucket, dueMs, atMs, id);
  if (entries.length === ENTRIES_MAX) context.at(context.now().getTime(), DELIVER, key);
  else context.tx.delete(logWindows, bucket, Number(due));
};

/** Entries that go into one object. */
const placeOf = (entry: LogEntry): string => JSON.stringify([entry.to, isByEvent(entry) && dayOf(entry.atMs)]);

const isByEvent = ({ to }: LogEntry): boolean =>
  to.TargetObjectKeyFormat?.PartitionedPrefix?.PartitionDateSource === "EventTime";

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Where the bucket refuses its log, the log is lost; why is on record. */
async function write(entries: readonly LogEntry[], context: Context): Promise<void> {
  const [first] = entries;
  if (first === undefined) return;
  const { bucket, owner, region, to } = first;
  try {
    await context.call<S3Sdk, "PutObject">({
      service: "s3",
      operation: "PutObject",
      input: { Bucket: to.TargetBucket, Key: keyOf(first, context), ContentType: "text/plain", ...grantsOf(to) },
      body: Buffer.from(entries.map(({ line }) => `${line}\n`).join("")),
      as: { type: "service", service: "logging.s3.amazonaws.com" },
      source: { arn: arn(context, bucket), account: owner },
      account: owner,
      region,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** `logs/2026-11-22-12-10-00-0123456789ABCDEF` */
function keyOf(entry: LogEntry, context: Context): string {
  const { to, owner, region, bucket, atMs } = entry;
  const unique = context.newId().replaceAll("-", "").slice(0, 16).toUpperCase();
  const now = context.now().toISOString();
  const stamp = `${now.slice(0, 10)}-${now.slice(11, 19).replaceAll(":", "-")}`;
  if (to.TargetObjectKeyFormat?.PartitionedPrefix === undefined) return `${to.TargetPrefix}${stamp}-${unique}`;
  const day = isByEvent(entry) ? dayOf(atMs) : now.slice(0, 10);
  // of the day of an event no time is told
  const time = isByEvent(entry) ? `${day}-00-00-00` : stamp;
  return `${to.TargetPrefix}${owner}/${region}/${bucket}/${day.replaceAll("-", "/")}/${time}-${unique}`;
}

/** Who else may read the log, as `PutObject` takes it. */
function grantsOf({ TargetGrants: grants = [] }: LogEntry["to"]) {
  const to = (permission: string): string | undefined => {
    const grantees = grants
      .filter(({ Permission }) => Permission === permission)
      .map(({ Grantee }) => {
        if (Grantee?.ID !== undefined) return `id="${Grantee.ID}"`;
        return Grantee?.URI === undefined ? `emailAddress="${Grantee?.EmailAddress ?? ""}"` : `uri="${Grantee.URI}"`;
      });
    return grantees.length === 0 ? undefined : grantees.join(", ");
  };
  const [GrantFullControl, GrantRead] = [to("FULL_CONTROL"), to("READ")];
  return {
    ...(GrantFullControl !== undefined && { GrantFullControl }),
    ...(GrantRead !== undefined && { GrantRead }),
  };
}
