/**
 * The files of a journal's table: each write adds one, with a manifest of its own; manifests are merged before there are
 * many, and files whose records have expired are left out.
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { commit, draftOf, putManifest, type Draft } from "../tables/iceberg/commit.ts";
import type { DataFile, Manifest } from "../tables/iceberg/manifest.ts";
import { writeParquet } from "../tables/iceberg/parquet.ts";
import { toCells } from "./cells.ts";
import { noteExpired } from "./expiration.ts";
import type { JournalRecord } from "./journal-record.ts";
import { publish, type OpenTable } from "./writer.ts";

/** By the sequence of its snapshot, of which each adds one file at the most. */
interface JournalFile extends DataFile {
  readonly tableId: string;
  /** The time of its last record. */
  readonly lastMs: number;
}

export const journalFiles = table<JournalFile>("s3.journal-file", "global", ({ tableId, sequence }) => [
  tableId,
  sequence,
]);

/** Adds the records, and leaves out what has expired. Nothing is written where there is neither. */
export async function appendRecords(
  open: OpenTable,
  records: readonly JournalRecord[],
  days: number | undefined,
  context: Context,
): Promise<void> {
  const { written } = open;
  const expired = await expiredFiles(open, days, context);
  if (records.length === 0 && expired.length === 0) {
    if (open.isNew) await publish(open, written, [], context);
    return;
  }
  const draft = draftOf(written, open.desk);
  const kept = await withoutExpired(open, { draft, expired }, context);
  const added = records.length === 0 ? [] : [await addFile(open, draft, records, context)];
  const operation = records.length === 0 ? "delete" : expired.length === 0 ? "append" : "overwrite";
  const merged = await merge(open, { draft, manifests: [...kept, ...added] }, context);
  const next = await commit(written, draft, { operation, ...merged }, open.desk);
  for (const { tableId, sequence } of expired) context.tx.delete(journalFiles, tableId, sequence);
  await publish(
    open,
    next,
    expired.map(({ path }) => path),
    context,
  );
  await noteExpired(open.stored, expired, context);
}

async function addFile(
  { stored, desk }: OpenTable,
  draft: Draft,
  records: readonly JournalRecord[],
  context: Context,
): Promise<Manifest> {
  const body = await writeParquet(
    draft.schema,
    records.map((record) => toCells(record)),
  );
  const path = await desk.write(`data/${desk.newId()}.parquet`, body);
  const { snapshotId, sequence } = draft;
  const file: DataFile = { path, rows: records.length, bytes: body.byteLength, snapshotId, sequence };
  const lastMs = Math.max(...records.map((record) => record.record_timestamp));
  context.tx.put(journalFiles, { ...file, tableId: stored.id, lastMs });
  return putManifest([file], draft, desk);
}

const EXPIRED_AT_ONCE = 1000;

async function expiredFiles(
  { stored, desk }: OpenTable,
  days: number | undefined,
  { tx }: Context,
): Promise<readonly JournalFile[]> {
  if (days === undefined) return [];
  const beforeMs = desk.nowMs - days * DAY_MS;
  const [oldest] = await tx.scan(journalFiles, { prefix: [stored.id], limit: 1 });
  if (oldest === undefined || oldest.lastMs >= beforeMs) return [];
  const files = await tx.scan(journalFiles, { prefix: [stored.id], limit: EXPIRED_AT_ONCE });
  const fresh = files.findIndex(({ lastMs }) => lastMs >= beforeMs);
  return fresh === -1 ? files : files.slice(0, fresh);
}

interface Shedding {
  readonly draft: Draft;
  readonly expired: readonly JournalFile[];
}

/** The manifests that remain; the one that has expired files and others is written anew. */
async function withoutExpired(
  open: OpenTable,
  { draft, expired }: Shedding,
  context: Context,
): Promise<readonly Manifest[]> {
  const { manifests } = open.written;
  const last = expired.at(-1)?.sequence;
  if (last === undefined) return manifests;
  const ranges = rangesOf(manifests);
  const whole = ranges.filter(({ from }) => from > last).map(({ manifest }) => manifest);
  const cut = ranges.find(({ from, to }) => from <= last && to > last + 1);
  const files = cut === undefined ? [] : await filesIn(open, { from: last + 1, to: cut.to }, context);
  return files.length === 0 ? whole : [await putManifest(files, draft, open.desk), ...whole];
}

interface FileRange {
  readonly from: number;
  /** Where the next one begins. */
  readonly to: number;
}

/** Which sequences each manifest is about: they follow each other. */
const rangesOf = (manifests: readonly Manifest[]): readonly (FileRange & { readonly manifest: Manifest })[] =>
  manifests.map((manifest, at) => ({
    manifest,
    from: manifest.fromSequence,
    to: manifests[at + 1]?.fromSequence ?? Number.MAX_SAFE_INTEGER,
  }));

const FILES_AT_ONCE = 5000;

const filesIn = async ({ stored }: OpenTable, { from, to }: FileRange, { tx }: Context): Promise<JournalFile[]> =>
  tx.scan(journalFiles, {
    prefix: [stored.id],
    from: [stored.id, from],
    before: [stored.id, to],
    limit: FILES_AT_ONCE,
  });

/** How many manifests with fewer files are one, and with how many they are. */
const MERGES = [
  { below: 32, from: 32 },
  { below: 1024, from: 64 },
] as const;

interface Merging {
  readonly draft: Draft;
  readonly manifests: readonly Manifest[];
}

async function merge(
  open: OpenTable,
  { draft, manifests }: Merging,
  context: Context,
): Promise<{ readonly kept: readonly Manifest[]; readonly added: readonly Manifest[] }> {
  const isNew = ({ snapshotId }: Manifest): boolean => snapshotId === draft.snapshotId;
  for (const { below, from } of MERGES) {
    const start = manifests.findLastIndex(({ files }) => files >= below) + 1;
    const run = manifests.slice(start);
    const [first] = run;
    if (first === undefined || run.length < from) continue;
    const files = await filesIn(open, { from: first.fromSequence, to: Number.MAX_SAFE_INTEGER }, context);
    return { kept: manifests.slice(0, start), added: [await putManifest(files, draft, open.desk)] };
  }
  return { kept: manifests.filter((each) => !isNew(each)), added: manifests.filter((each) => isNew(each)) };
}
