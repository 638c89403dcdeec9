/**
 * The lists themselves: made in steps, a file each, so that large buckets have theirs as well; a manifest ends them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 */
import type { InventoryConfiguration } from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { rulesOf } from "../lifecycle/rule.ts";
import { walkVersions, type ListedVersion } from "../version/walk.ts";
import { columnsOf } from "./inventory-column.ts";
import { inventoryFormat, type InventoryFormat } from "./inventory-format.ts";
import { inventories, inventoryRuns, type InventoryFile, type InventoryRun } from "./inventory-row.ts";
import type { Named } from "./named.ts";
import { md5Of, writeReport, type ReportPlace } from "./report-file.ts";

const JOB = "inventory";
/** Versions that one step looks at. */
const STEP_ROWS = 5000;

type Inventory = Named<InventoryConfiguration>;

/** Has the first list made in the night to come, or on Sunday; a disabled one has none. */
export function scheduleInventory({ bucket, id, configuration }: Inventory, context: Context): void {
  if (!configuration.IsEnabled) return context.tx.delete(inventoryRuns, bucket, id);
  const startsAtMs = nextStart(configuration, context.now().getTime());
  context.tx.put(inventoryRuns, { bucket, id, startsAtMs, files: [] });
  context.at(startsAtMs, JOB, keyOf({ bucket, id }));
}

const keyOf = ({ bucket, id }: Pick<Inventory, "bucket" | "id">): string => `${bucket}/${id}`;

/** 1 January 1970 was a Thursday. */
const SUNDAY = 3;

/** Differs: lists are made at midnight, UTC, the first one in the night to come; AWS takes up to two days for it. */
function nextStart({ Schedule }: InventoryConfiguration, nowMs: number): number {
  const tomorrow = Math.floor(nowMs / DAY_MS) + 1;
  if (Schedule?.Frequency !== "Weekly") return tomorrow * DAY_MS;
  return (tomorrow + ((SUNDAY - (tomorrow % 7) + 7) % 7)) * DAY_MS;
}

/** The job: one step of a list. */
export const runInventory: Job = async (context, key) => {
  const [name = "", ...rest] = key.split("/");
  const id = rest.join("/");
  const run = await context.tx.get(inventoryRuns, name, id);
  const found = await context.tx.get(inventories, name, id);
  const bucket = await context.tx.get(buckets, name);
  // another timer has the list: its configuration was put anew, by somebody else
  if (!run || !found || !bucket || run.startsAtMs > context.now().getTime()) return;
  const step: Step = { run, configuration: found.configuration, bucket };
  const next = await writeStep(step, context);
  if (next === undefined) return scheduleInventory(found, context);
  context.tx.put(inventoryRuns, next);
  context.at(context.now().getTime(), JOB, key);
};

interface Step {
  readonly run: InventoryRun;
  readonly configuration: InventoryConfiguration;
  readonly bucket: Bucket;
}

/** Writes one file. What is to be done next; `undefined`: the list is whole, or the bucket it goes to does not take it. */
async function writeStep(step: Step, context: Context): Promise<InventoryRun | undefined> {
  const { run, configuration } = step;
  const { rows, after } = await rowsOf(step, context);
  const columns = columnsOf(configuration);
  const around = { bucket: step.bucket, rules: await rulesOf(step.bucket, context) };
  const format = formatOf(configuration);
  const body = await format.write(
    columns,
    rows.map((row) => ({ ...row, ...around })),
  );
  const key = `${rootOf(step)}/data/${context.newId()}.${format.extension}`;
  const place = placeOf(step);
  const isTaken = await writeReport({ key, body, contentType: "application/octet-stream" }, place, context);
  if (!isTaken) return undefined;
  const files = [...run.files, { key, size: body.byteLength, md5: md5Of(body) }];
  if (after !== undefined) return { ...run, files, after };
  await writeManifest({ ...step, run: { ...run, files } }, context);
  return undefined;
}

async function rowsOf(
  { run, configuration, bucket }: Step,
  { tx }: Context,
): Promise<{ readonly rows: readonly ListedVersion[]; readonly after: InventoryRun["after"] }> {
  const prefix = configuration.Filter?.Prefix ?? "";
  const walk = { bucket: bucket.name, prefix, delimiter: undefined, marker: run.after, limit: STEP_ROWS };
  const { entries, more } = await walkVersions(tx, walk);
  const rows = entries.flatMap((entry) => (entry.kind === "row" ? [entry.row] : []));
  const last = rows.at(-1);
  const after = more && last ? { key: last.key, versionId: last.version.versionId ?? "null" } : undefined;
  const listsAll = configuration.IncludedObjectVersions === "All";
  return { rows: listsAll ? rows : rows.filter((row) => isCurrentObject(row)), after };
}

const isCurrentObject = ({ isLatest, version }: ListedVersion): boolean =>
  isLatest && version.deleteMarker === undefined;

function formatOf({ Destination }: InventoryConfiguration): InventoryFormat {
  const format = inventoryFormat(Destination?.S3BucketDestination?.Format);
  assert(format, "an inventory has a format that was taken");
  return format;
}

/** `prefix/photos/weekly` */
function rootOf({ configuration, bucket }: Step): string {
  const prefix = configuration.Destination?.S3BucketDestination?.Prefix;
  return [...(prefix ? [prefix] : []), bucket.name, configuration.Id].join("/");
}

function placeOf({ configuration, bucket }: Step): ReportPlace {
  const { Bucket: target, AccountId, Encryption } = configuration.Destination?.S3BucketDestination ?? {};
  const kms = Encryption?.SSEKMS;
  return {
    bucket: parseArn(target ?? "")?.resource ?? "",
    source: bucket,
    expectedOwner: AccountId,
    ...(Encryption?.SSES3 && { encryption: { ServerSideEncryption: "AES256" } }),
    ...(kms && { encryption: { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kms.KeyId } }),
  };
}

async function writeManifest(step: Step, context: Context): Promise<void> {
  const { configuration, bucket, run } = step;
  const place = placeOf(step);
  const manifest = {
    sourceBucket: bucket.name,
    destinationBucket: configuration.Destination?.S3BucketDestination?.Bucket,
    version: "2016-11-30",
    creationTimestamp: String(run.startsAtMs),
    fileFormat: formatOf(configuration).name,
    fileSchema: formatOf(configuration).schemaOf(columnsOf(configuration)),
    files: run.files.map(({ key, size, md5 }) => ({ key, size, MD5checksum: md5 })),
  };
  const body = Buffer.from(JSON.stringify(manifest, undefined, 2), "utf8");
  const root = rootOf(step);
  const minute = new Date(run.startsAtMs).toISOString().slice(0, "2016-11-06T21:32".length).replaceAll(":", "-");
  const folder = `${root}/${minute}Z`;
  const sum = Buffer.from(md5Of(body), "utf8");
  await writeReport({ key: `${folder}/manifest.json`, body, contentType: "application/json" }, place, context);
  await writeReport({ key: `${folder}/manifest.checksum`, body: sum, contentType: "text/plain" }, place, context);
  const symlink = Buffer.from(symlinkOf(run.files, place), "utf8");
  const dated = `${root}/hive/dt=${minute.replace("T", "-")}/symlink.txt`;
  await writeReport({ key: dated, body: symlink, contentType: "text/plain" }, place, context);
}

const symlinkOf = (files: readonly InventoryFile[], { bucket }: ReportPlace): string =>
  files.map(({ key }) => `s3://${bucket}/${key}`).join("\n");
