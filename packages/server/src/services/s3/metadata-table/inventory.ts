/**
 * The live inventory of a bucket: what objects and versions there are. Each of its files has the rows of a stretch of
 * keys, and is written anew when something in that stretch changed, so that a change costs one file and not all of them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html
 */
import { table } from "../../../kernel/table.ts";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket-row.ts";
import { commit, draftOf, putManifest, type Draft } from "../tables/iceberg/commit.ts";
import type { DataFile, Manifest } from "../tables/iceberg/manifest.ts";
import { writeParquet } from "../tables/iceberg/parquet.ts";
import { sequencerAt } from "../notification/notify.ts";
import { walkVersions, type ListedVersion } from "../version-walk.ts";
import { toCells } from "./cells.ts";
import { FAILURES } from "./errors.ts";
import { INVENTORY_JOB, inventoryChanges, inventoryClocks } from "./inventory-change.ts";
import { INVENTORY_ROWS_PER_FILE } from "./limits.ts";
import { objectRow } from "./object-row.ts";
import { metadataConfigurations, type InventoryTable } from "./row.ts";
import { INVENTORY } from "./schema.ts";
import { failureOf, openTable, publish, type OpenTable } from "./writer.ts";

/** A stretch of keys, behind one and up to where the next begins, and the file that has its rows. */
interface Stretch {
  readonly bucket: string;
  /** Empty: from the first key on. */
  readonly after: string;
  readonly file?: DataFile;
}

export const stretches = table<Stretch>("s3.inventory-stretch", "global", ({ bucket, after }) => [bucket, after]);

/** A pass over what changed, which ends with a snapshot. */
interface Run {
  readonly bucket: string;
  readonly draft: Draft;
  /** Files that are not in it any more. */
  readonly retired: readonly string[];
}

export const inventoryPasses = table<Run>("s3.inventory-pass", "global", ({ bucket }) => [bucket]);

/** Has all of a bucket listed, in a minute. */
export function beginInventory({ name }: Bucket, context: Context): void {
  const { tx } = context;
  tx.put(stretches, { bucket: name, after: "" });
  tx.put(inventoryChanges, { bucket: name, key: FIRST_KEY });
  tx.put(inventoryClocks, { bucket: name });
  context.at(context.now().getTime() + MINUTE_MS, INVENTORY_JOB, name);
}

/** No key comes before it. */
const FIRST_KEY = "\u0000";

/** The job: one file, or the snapshot that has them all. */
const writeInventory: Job = async (context, name) => {
  const { tx } = context;
  const [bucket, configuration] = [await tx.get(buckets, name), await tx.get(metadataConfigurations, name)];
  const { inventory } = configuration ?? {};
  if (bucket?.metadata?.inventory !== true || configuration === undefined || inventory === undefined) return;
  const next = await stepOf(bucket, inventory, context);
  tx.put(metadataConfigurations, { ...configuration, inventory: next });
  if (next.status === "FAILED") stopInventory(bucket, context);
};

async function stepOf(bucket: Bucket, inventory: InventoryTable, context: Context): Promise<InventoryTable> {
  try {
    const open = await openTable(inventory, { source: bucket, schema: INVENTORY }, context);
    if (open === undefined) return { ...inventory, status: "FAILED", failure: FAILURES.gone };
    const isThrough = await step(open, context);
    if (isThrough) return { ...inventory, status: "ACTIVE" };
    context.at(context.now().getTime(), INVENTORY_JOB, bucket.name);
    return inventory.status === "CREATING" ? { ...inventory, status: "BACKFILLING" } : inventory;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return { ...inventory, status: "FAILED", failure };
  }
}

/** What cannot be written any more is not noted either. */
function stopInventory(bucket: Bucket, { tx }: Context): void {
  const { inventory: _on, ...metadata } = bucket.metadata ?? {};
  tx.put(buckets, { ...bucket, metadata });
}

/** Whether nothing is left to be done. @throws {AwsError} */
async function step(open: OpenTable, context: Context): Promise<boolean> {
  const { tx } = context;
  const bucket = open.source.name;
  const [change] = await tx.scan(inventoryChanges, { prefix: [bucket], limit: 1 });
  const run = (await tx.get(inventoryPasses, bucket)) ?? {
    bucket,
    draft: draftOf(open.written, open.desk),
    retired: [],
  };
  if (change === undefined) {
    await finish(open, run, context);
    return true;
  }
  const retired = await renew(open, { run, key: change.key }, context);
  tx.put(inventoryPasses, { ...run, retired: [...run.retired, ...retired] });
  return false;
}

interface Renewal {
  readonly run: Run;
  readonly key: string;
}

/** Writes the stretch anew that has the key. Gives the file that it had. */
async function renew(open: OpenTable, { run, key }: Renewal, context: Context): Promise<readonly string[]> {
  const { tx } = context;
  const bucket = open.source.name;
  const [old = { bucket, after: "" }] = await tx.scan(stretches, {
    prefix: [bucket],
    before: [bucket, key],
    reverse: true,
    limit: 1,
  });
  const [following] = await tx.scan(stretches, { prefix: [bucket], after: [bucket, old.after], limit: 1 });
  const { rows, end } = await rowsBehind(old.after, following?.after, open.source, context);
  const file = rows.length === 0 ? undefined : await writeRows(open, { rows, draft: run.draft });
  if (file === undefined && old.after !== "") tx.delete(stretches, bucket, old.after);
  else tx.put(stretches, { bucket, after: old.after, ...(file && { file }) });
  const upTo = end === undefined ? following && behind(following.after) : behind(end);
  await clearChanges({ bucket, after: old.after, before: upTo }, context);
  if (end !== undefined) {
    tx.put(stretches, { bucket, after: end });
    tx.put(inventoryChanges, { bucket, key: behind(end) });
  }
  return old.file === undefined ? [] : [old.file.path];
}

/** The first text that comes after. */
const behind = (key: string): string => `${key}\u0000`;

interface Rows {
  readonly rows: readonly ListedVersion[];
  /** The last key that they are about, where the stretch has more than one file takes. */
  readonly end: string | undefined;
}

/** The rows of keys behind `after`, up to `last`: as many as a file takes, but all of each key. */
async function rowsBehind(after: string, last: string | undefined, { name }: Bucket, { tx }: Context): Promise<Rows> {
  const rows: ListedVersion[] = [];
  for (let marker = after === "" ? undefined : { key: after, versionId: undefined as string | undefined }; ;) {
    const walk = { bucket: name, prefix: "", delimiter: undefined, marker, limit: INVENTORY_ROWS_PER_FILE };
    const { entries, more } = await walkVersions(tx, walk);
    const found = entries.flatMap((entry) => (entry.kind === "row" ? [entry.row] : []));
    const inside = found.filter(({ key }) => last === undefined || compareKeys(key, last) <= 0);
    rows.push(...inside);
    const newest = rows.at(-1);
    if (!more || inside.length < found.length || newest === undefined) return { rows, end: undefined };
    const whole = rows.filter(({ key }) => key !== newest.key);
    const end = whole.at(-1)?.key;
    if (end !== undefined) return { rows: whole, end };
    marker = { key: newest.key, versionId: newest.version.versionId ?? "null" };
  }
}

const compareKeys = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

interface Writing {
  readonly rows: readonly ListedVersion[];
  readonly draft: Draft;
}

async function writeRows({ source, desk }: OpenTable, { rows, draft }: Writing): Promise<DataFile> {
  const cells = rows.map(({ key, version }) =>
    toCells({ bucket: source.name, key, sequence_number: sequencerAt(version.modifiedAtMs), ...objectRow(version) }),
  );
  const body = await writeParquet(draft.schema, cells);
  const path = await desk.write(`data/${desk.newId()}.parquet`, body);
  const { snapshotId, sequence } = draft;
  return { path, rows: rows.length, bytes: body.byteLength, snapshotId, sequence };
}

interface ChangesOf {
  readonly bucket: string;
  readonly after: string;
  readonly before: string | undefined;
}

const CLEARED_AT_ONCE = 1000;

async function clearChanges({ bucket, after, before }: ChangesOf, { tx }: Context): Promise<void> {
  const range = {
    prefix: [bucket],
    ...(after !== "" && { after: [bucket, after] }),
    ...(before !== undefined && { before: [bucket, before] }),
    limit: CLEARED_AT_ONCE,
  };
  while ((await tx.clear(inventoryChanges, range)) === CLEARED_AT_ONCE);
}

const FILES_PER_MANIFEST = 1000;

/** The snapshot that has all files. @throws {AwsError} */
async function finish(open: OpenTable, { bucket, draft, retired }: Run, context: Context): Promise<void> {
  const { tx } = context;
  const added: Manifest[] = [];
  for (let after = ""; ;) {
    const bounds = after === "" ? {} : { after: [bucket, after] };
    const some = await tx.scan(stretches, { prefix: [bucket], ...bounds, limit: FILES_PER_MANIFEST });
    const files = some.flatMap(({ file }) => file ?? []);
    if (files.length > 0) added.push(await putManifest(files, draft, open.desk));
    const last = some.at(-1);
    if (last === undefined || some.length < FILES_PER_MANIFEST) break;
    ({ after } = last);
  }
  const next = await commit(open.written, draft, { operation: "overwrite", kept: [], added }, open.desk);
  tx.delete(inventoryPasses, bucket);
  tx.delete(inventoryClocks, bucket);
  await publish(open, next, retired, context);
}

export const INVENTORY_JOBS = { [INVENTORY_JOB]: writeInventory };
