/** The passes over what a listing is to say anew: a stretch of keys at a time, and then the snapshot that has them all. */
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { commit, draftOf, putManifest, type Draft } from "../tables/iceberg/commit.ts";
import type { DataFile, Manifest } from "../tables/iceberg/manifest.ts";
import { writeParquet, type Row } from "../tables/iceberg/parquet.ts";
import type { Schema } from "../tables/iceberg/table-metadata.ts";
import type { StoredVersion } from "../version/row.ts";
import { walkVersions, type ListedVersion } from "../version/walk.ts";
import { FAILURES } from "./errors.ts";
import { LISTING_CHARACTERS_PER_FILE, LISTING_ROWS_PER_FILE } from "./limits.ts";
import { LISTING_ROWS, type ListingName, type Pass } from "./listing-row.ts";
import { metadataConfigurations, type ListedTable, type MetadataConfiguration } from "./row.ts";
import { failureOf, openTable, publish, type OpenTable } from "./writer.ts";

/** Whose rows they are. */
interface Watched {
  readonly bucket: Bucket;
  readonly configuration: MetadataConfiguration;
}

/** What a table says of what there is under keys. */
export interface Listing {
  readonly name: ListingName;
  readonly schema: Schema;
  /** How many a version has, about. */
  rowsOf(version: StoredVersion): number;
  /** Makes rows of versions. @throws {AwsError} where what they are made of may not be read */
  open(watched: Watched, context: Context): Promise<(listed: ListedVersion) => AsyncIterable<Row>>;
}

/** A table that is written, and what of. */
interface Work {
  readonly listing: Listing;
  readonly open: OpenTable;
  readonly read: (listed: ListedVersion) => AsyncIterable<Row>;
}

/** The job: the files of a stretch, or the snapshot that has them all. */
export const writeListing =
  (listing: Listing): Job =>
  async (context, name) => {
    const { tx } = context;
    const [bucket, configuration] = [await tx.get(buckets, name), await tx.get(metadataConfigurations, name)];
    const kept = configuration?.[listing.name];
    if (bucket?.metadata?.[listing.name] !== true || configuration === undefined || kept === undefined) return;
    const progress = await progressOf(listing, { bucket, configuration, kept }, context);
    tx.put(metadataConfigurations, { ...configuration, [listing.name]: { ...kept, ...progress } });
    if (progress.status === "FAILED") stopListing(listing, bucket, context);
  };

type Progress = Pick<ListedTable, "status" | "failure">;

async function progressOf(
  listing: Listing,
  { kept, ...watched }: Watched & { readonly kept: ListedTable },
  context: Context,
): Promise<Progress> {
  try {
    const open = await openTable(kept, { source: watched.bucket, schema: listing.schema }, context);
    if (open === undefined) return { status: "FAILED", failure: FAILURES.gone };
    const isThrough = await step({ listing, open, read: await listing.open(watched, context) }, context);
    if (isThrough) return { status: "ACTIVE" };
    context.at(context.now().getTime(), LISTING_ROWS[listing.name].job, watched.bucket.name);
    return { status: kept.status === "CREATING" ? "BACKFILLING" : kept.status };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return { status: "FAILED", failure };
  }
}

/** What cannot be written any more is not noted either. */
function stopListing({ name }: Listing, bucket: Bucket, { tx }: Context): void {
  const { [name]: _on, ...metadata } = bucket.metadata ?? {};
  tx.put(buckets, { ...bucket, metadata });
}

/** Whether nothing is left to be done. @throws {AwsError} */
async function step(work: Work, context: Context): Promise<boolean> {
  const { tx } = context;
  const { open, listing } = work;
  const { changes, passes } = LISTING_ROWS[listing.name];
  const bucket = open.source.name;
  const [change] = await tx.scan(changes, { prefix: [bucket], limit: 1 });
  const pass = (await tx.get(passes, bucket)) ?? { bucket, draft: draftOf(open.written, open.desk), retired: [] };
  if (change === undefined) {
    await finish(work, pass, context);
    return true;
  }
  const retired = await renew(work, { draft: pass.draft, key: change.key }, context);
  tx.put(passes, { ...pass, retired: [...pass.retired, ...retired] });
  return false;
}

interface Renewal {
  readonly draft: Draft;
  readonly key: string;
}

/** Writes the stretch anew that has the key. Gives the files that it had. */
async function renew(work: Work, { draft, key }: Renewal, context: Context): Promise<readonly string[]> {
  const { tx } = context;
  const { changes, stretches } = LISTING_ROWS[work.listing.name];
  const bucket = work.open.source.name;
  const [old = { bucket, after: "", files: [] }] = await tx.scan(stretches, {
    prefix: [bucket],
    before: [bucket, key],
    reverse: true,
    limit: 1,
  });
  const { after } = old;
  const [following] = await tx.scan(stretches, { prefix: [bucket], after: [bucket, after], limit: 1 });
  const whole = await versionsBehind(after, { bucket, last: following?.after }, context);
  const { versions, end } = asFileTakes(whole, work.listing);
  const files = await writeFiles(work, { versions, draft });
  if (versions.length === 0 && after !== "") tx.delete(stretches, bucket, after);
  else tx.put(stretches, { bucket, after, files });
  const upTo = end === undefined ? following && behind(following.after) : behind(end);
  await clearChanges(work.listing, { bucket, after, before: upTo }, context);
  if (end !== undefined) {
    tx.put(stretches, { bucket, after: end, files: [] });
    tx.put(changes, { bucket, key: behind(end) });
  }
  return old.files.map(({ path }) => path);
}

/** The first text that comes after. */
const behind = (key: string): string => `${key}\u0000`;

interface Versions {
  readonly versions: readonly ListedVersion[];
  /** The last key that they are about, where the stretch has more than one file takes. */
  readonly end: string | undefined;
}

interface Bounds {
  readonly bucket: string;
  readonly last: string | undefined;
}

/** Those of keys behind `after`, up to `last`: as many as a file takes, but all of each key. */
async function versionsBehind(after: string, { bucket, last }: Bounds, { tx }: Context): Promise<Versions> {
  const versions: ListedVersion[] = [];
  for (let marker = after === "" ? undefined : { key: after, versionId: undefined as string | undefined }; ;) {
    const walk = { bucket, prefix: "", delimiter: undefined, marker, limit: LISTING_ROWS_PER_FILE };
    const { entries, more } = await walkVersions(tx, walk);
    const found = entries.flatMap((entry) => (entry.kind === "row" ? [entry.row] : []));
    const inside = found.filter(({ key }) => last === undefined || compareKeys(key, last) <= 0);
    versions.push(...inside);
    const newest = versions.at(-1);
    if (!more || inside.length < found.length || newest === undefined) return { versions, end: undefined };
    const whole = versions.filter(({ key }) => key !== newest.key);
    const end = whole.at(-1)?.key;
    if (end !== undefined) return { versions: whole, end };
    marker = { key: newest.key, versionId: newest.version.versionId ?? "null" };
  }
}

const compareKeys = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Fewer keys, where their versions have many rows each. */
function asFileTakes({ versions, end }: Versions, listing: Listing): Versions {
  let rows = 0;
  let before: string | undefined;
  let fitting: { readonly count: number; readonly end: string } | undefined;
  for (const [at, { key, version }] of versions.entries()) {
    if (before !== undefined && key !== before) fitting = { count: at, end: before };
    rows += listing.rowsOf(version);
    if (rows > LISTING_ROWS_PER_FILE && fitting)
      return { versions: versions.slice(0, fitting.count), end: fitting.end };
    before = key;
  }
  return { versions, end };
}

interface Writing {
  readonly versions: readonly ListedVersion[];
  readonly draft: Draft;
}

/** One file, but where its texts are long. */
async function writeFiles({ open, read }: Work, { versions, draft }: Writing): Promise<readonly DataFile[]> {
  const files: DataFile[] = [];
  let rows: Row[] = [];
  let characters = 0;
  for (const listed of versions) {
    for await (const row of read(listed)) {
      rows.push(row);
      characters += charactersIn(row);
      if (characters < LISTING_CHARACTERS_PER_FILE) continue;
      files.push(await writeRows(open, { rows, draft }));
      [rows, characters] = [[], 0];
    }
  }
  return rows.length === 0 ? files : [...files, await writeRows(open, { rows, draft })];
}

const charactersIn = (row: Row): number =>
  Object.values(row).reduce((sum: number, cell) => sum + (typeof cell === "string" ? cell.length : 0), 0);

async function writeRows(
  { desk }: OpenTable,
  { rows, draft }: { readonly rows: readonly Row[]; readonly draft: Draft },
): Promise<DataFile> {
  const body = await writeParquet(draft.schema, rows);
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

async function clearChanges({ name }: Listing, { bucket, after, before }: ChangesOf, { tx }: Context): Promise<void> {
  const range = {
    prefix: [bucket],
    ...(after !== "" && { after: [bucket, after] }),
    ...(before !== undefined && { before: [bucket, before] }),
    limit: CLEARED_AT_ONCE,
  };
  while ((await tx.clear(LISTING_ROWS[name].changes, range)) === CLEARED_AT_ONCE);
}

const STRETCHES_PER_MANIFEST = 1000;

/** The snapshot that has all files. @throws {AwsError} */
async function finish({ listing, open }: Work, { bucket, draft, retired }: Pass, context: Context): Promise<void> {
  const { tx } = context;
  const { stretches, passes, clocks } = LISTING_ROWS[listing.name];
  const added: Manifest[] = [];
  for (let after = ""; ;) {
    const bounds = after === "" ? {} : { after: [bucket, after] };
    const some = await tx.scan(stretches, { prefix: [bucket], ...bounds, limit: STRETCHES_PER_MANIFEST });
    const files = some.flatMap((stretch) => stretch.files);
    if (files.length > 0) added.push(await putManifest(files, draft, open.desk));
    const last = some.at(-1);
    if (last === undefined || some.length < STRETCHES_PER_MANIFEST) break;
    ({ after } = last);
  }
  const next = await commit(open.written, draft, { operation: "overwrite", kept: [], added }, open.desk);
  tx.delete(passes, bucket);
  tx.delete(clocks, bucket);
  await publish(open, next, retired, context);
}
