/**
 * What an analysis exports each night: how much is stored, by storage class and age, a file that grows by a day.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html
 */
import type { AnalyticsConfiguration } from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { walkKeys } from "../listing/key-walk.ts";
import { objects, type StoredObject } from "../object/object.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { ageGroupOf, formatDay, HEADER, type Sum } from "./analysis-line.ts";
import { hasTags, toReportFilter } from "./filter.ts";
import { namedTable, type Named } from "./named.ts";
import { writeReport, type ReportPlace } from "./report-file.ts";

const JOB = "analysis";
/** Objects that one step looks at. */
const STEP_ROWS = 5000;
/** Days that the file has. */
const DAYS_MAX = 365;

export const analyses = namedTable<AnalyticsConfiguration>("s3.analytics");

type Analysis = Named<AnalyticsConfiguration>;

/** A day that is waited for, or under way, and those before. */
interface AnalysisRun {
  readonly bucket: string;
  readonly id: string;
  readonly startsAtMs: number;
  readonly sums: readonly Sum[];
  /** The last key that was looked at. */
  readonly after?: string;
  /** The lines of each day so far. */
  readonly days: readonly string[];
}

export const analysisRuns = table<AnalysisRun>("s3.analysis-run", "global", ({ bucket, id }) => [bucket, id]);

/** Has the analysis exported in the night to come, where it is to be exported at all; what was exported so far goes on. */
export async function scheduleAnalysis({ bucket, id, configuration }: Analysis, context: Context): Promise<void> {
  if (!configuration.StorageClassAnalysis?.DataExport) return context.tx.delete(analysisRuns, bucket, id);
  const before = await context.tx.get(analysisRuns, bucket, id);
  wait({ bucket, id, days: before?.days ?? [] }, context);
}

function wait(run: Pick<AnalysisRun, "bucket" | "id" | "days">, context: Context): void {
  const startsAtMs = (Math.floor(context.now().getTime() / DAY_MS) + 1) * DAY_MS;
  context.tx.put(analysisRuns, { ...run, startsAtMs, sums: [] });
  context.at(startsAtMs, JOB, `${run.bucket}/${run.id}`);
}

/** The job: one step of a day. */
export const runAnalysis: Job = async (context, key) => {
  const [name = "", ...rest] = key.split("/");
  const id = rest.join("/");
  const run = await context.tx.get(analysisRuns, name, id);
  const found = await context.tx.get(analyses, name, id);
  const bucket = await context.tx.get(buckets, name);
  if (!run || !found || !bucket || run.startsAtMs > context.now().getTime()) return;
  const { configuration } = found;
  const next = await look(run, configuration, context);
  if (next.after !== undefined) {
    context.tx.put(analysisRuns, next);
    return context.at(context.now().getTime(), JOB, key);
  }
  const days = [...run.days, formatDay(next, configuration)].slice(-DAYS_MAX);
  await exportDays(days, { configuration, bucket }, context);
  wait({ ...run, days }, context);
};

async function look(run: AnalysisRun, { Filter }: AnalyticsConfiguration, { tx }: Context): Promise<AnalysisRun> {
  const { prefix, tags } = toReportFilter(Filter);
  const after = run.after === undefined ? undefined : ({ kind: "key", key: run.after } as const);
  const walk = { table: objects, bucket: run.bucket, prefix, delimiter: undefined, after, limit: STEP_ROWS };
  const { entries, more } = await walkKeys(tx, walk);
  const rows = entries.flatMap((entry) => (entry.kind === "row" ? [entry.row] : []));
  const sums = rows.filter((row) => hasTags(row.tags, tags)).reduce((all, row) => add(all, row, run), run.sums);
  const last = more ? rows.at(-1)?.key : undefined;
  const { after: _before, ...rest } = run;
  return { ...rest, sums, ...(last !== undefined && { after: last }) };
}

function add(sums: readonly Sum[], object: StoredObject, { startsAtMs }: AnalysisRun): readonly Sum[] {
  const ageDays = Math.floor((startsAtMs - object.modifiedAtMs) / DAY_MS);
  const place = { storageClass: storageClassOf(object), group: ageGroupOf(ageDays) };
  const isOf = (sum: Sum): boolean => sum.storageClass === place.storageClass && sum.group === place.group;
  const before = sums.find(isOf) ?? { ...place, count: 0, bytes: 0, uploadedBytes: 0 };
  const uploadedBytes = before.uploadedBytes + (ageDays < 1 ? object.size : 0);
  const sum = { ...before, count: before.count + 1, bytes: before.bytes + object.size, uploadedBytes };
  return [...sums.filter((each) => !isOf(each)), sum];
}

/** Assumed: where in its bucket the file lies; AWS documents the bucket and the prefix. */
async function exportDays(
  days: readonly string[],
  { configuration, bucket }: { readonly configuration: AnalyticsConfiguration; readonly bucket: Bucket },
  context: Context,
): Promise<void> {
  const destination = configuration.StorageClassAnalysis?.DataExport?.Destination?.S3BucketDestination;
  const place: ReportPlace = {
    bucket: parseArn(destination?.Bucket ?? "")?.resource ?? "",
    source: bucket,
    expectedOwner: destination?.BucketAccountId,
  };
  const prefix = destination?.Prefix ? `${destination.Prefix}/` : "";
  const body = Buffer.from(HEADER + days.join(""), "utf8");
  const key = `${prefix}${bucket.name}/${configuration.Id}.csv`;
  await writeReport({ key, body, contentType: "text/csv" }, place, context);
}
