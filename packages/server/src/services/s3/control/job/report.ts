/**
 * What a job says of its tasks when it is through.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
 */
import { createHash } from "node:crypto";
import { formatCsvLine } from "../../../../kernel/csv.ts";
import { everyRow } from "../../../../kernel/every-row.ts";
import type { Context } from "../../../../service/context.ts";
import type { S3Sdk } from "../../kit.ts";
import { encodeKey } from "./csv.ts";
import type { Hand } from "./queue.ts";
import { bucketOf, orderOf, outcomeBatches, type Job, type Outcome } from "./row.ts";

interface ReportFile {
  readonly key: string;
  readonly text: string;
}

export async function writeJobReport(job: Job, hand: Hand): Promise<void> {
  const { Enabled, Bucket, Prefix, ReportScope } = orderOf(job).report;
  if (!Enabled) return;
  const outcomes = await readOutcomes(job, hand.context);
  if (outcomes.length === 0) return;
  const folder = `${Prefix === undefined ? "" : `${Prefix}/`}job-${job.id}`;
  const bucket = bucketOf(Bucket);
  const succeeded = ReportScope === "FailedTasksOnly" ? [] : outcomes.filter(({ error }) => error === undefined);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const sets = [
    { TaskExecutionStatus: "succeeded", chosen: succeeded },
    { TaskExecutionStatus: "failed", chosen: failed },
  ].filter(({ chosen }) => chosen.length > 0);
  const Results = [];
  for (const { TaskExecutionStatus, chosen } of sets) {
    const text = chosen.map(formatOutcome).join("");
    const key = `${folder}/results/${createHash("sha1").update(text).digest("hex")}.csv`;
    await put({ key, text }, { bucket, job }, hand);
    Results.push({ TaskExecutionStatus, Bucket: bucket, MD5Checksum: md5Of(text), Key: key });
  }
  const manifest = JSON.stringify({
    Format: "Report_CSV_20180820",
    ReportCreationDate: hand.context.now().toISOString(),
    Results,
    ReportSchema: "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage",
  });
  await put({ key: `${folder}/manifest.json`, text: manifest }, { bucket, job }, hand);
  await put({ key: `${folder}/manifest.json.md5`, text: md5Of(manifest) }, { bucket, job }, hand);
}

const md5Of = (text: string): string => createHash("md5").update(text).digest("hex");

/** As the examples have it: the status comes before the error's code. */
const formatOutcome = ({ bucket, key, versionId = "", status, error, message }: Outcome): string =>
  formatCsvLine([
    bucket,
    encodeKey(key),
    versionId,
    error === undefined ? "succeeded" : "failed",
    String(status),
    error ?? "",
    message,
  ]);

async function readOutcomes({ id }: Job, { tx }: Pick<Context, "tx">): Promise<readonly Outcome[]> {
  const all: Outcome[] = [];
  for await (const { outcomes } of everyRow(tx, outcomeBatches, { prefix: [id] })) all.push(...outcomes);
  return all;
}

async function put(
  { key, text }: ReportFile,
  { bucket, job }: { readonly bucket: string; readonly job: Job },
  { context, session }: Hand,
): Promise<void> {
  const { ExpectedBucketOwner } = orderOf(job).report;
  await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: { Bucket: bucket, Key: key, ...(ExpectedBucketOwner !== undefined && { ExpectedBucketOwner }) },
    body: Buffer.from(text),
    as: session,
  });
}
