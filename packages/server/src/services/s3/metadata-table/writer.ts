/**
 * Writes metadata tables as S3 Metadata's own principal, whom the policy of each table lets. What it has written it keeps
 * in rows, and takes away what no snapshot needs any more.
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import { table, type Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { arn as bucketArn } from "../kit.ts";
import type { Bucket } from "../bucket/row.ts";
import { CURRENT, objects } from "../object/object.ts";
import { endVersion } from "../version/succession.ts";
import type { Desk, Written } from "../tables/iceberg/commit.ts";
import { metadataKey, newTableMetadata, type Schema } from "../tables/iceberg/table-metadata.ts";
import type { S3TablesSdk } from "../tables/kit.ts";
import { METADATA_SERVICE } from "../tables/managed.ts";
import { findByArn, tableBucketArn, type StoredTable } from "../tables/table-row.ts";
import { locationOf, writeFile } from "../tables/warehouse.ts";
import { FAILURES, type Failure } from "./errors.ts";
import type { KeptTable } from "./row.ts";

/** A table as it was written last. */
interface WrittenTable extends Written {
  readonly id: string;
}

const writtenTables = table<WrittenTable>("s3.metadata-table", "global", ({ id }) => [id]);

/** A file that is not needed from some time on. */
interface Leftover {
  readonly tableId: string;
  readonly dueMs: number;
  readonly key: string;
}

const leftovers = table<Leftover>("s3.metadata-table-leftover", "global", ({ tableId, dueMs, key }) => [
  tableId,
  dueMs,
  key,
]);

/** A metadata table that is open to be written. */
export interface OpenTable {
  readonly stored: StoredTable;
  readonly written: Written;
  readonly desk: Desk;
  readonly source: Bucket;
  /** Nobody has published it yet. */
  readonly isNew: boolean;
}

/** The table, begun where nobody has written it yet. @throws {AwsError} */
export async function openTable(
  kept: KeptTable,
  { source, schema }: { readonly source: Bucket; readonly schema: Schema },
  context: Context,
): Promise<OpenTable | undefined> {
  const stored = kept.arn === undefined ? undefined : await findByArn(kept.arn, context);
  if (stored === undefined) return undefined;
  const desk = deskFor(stored, source, context);
  const before = await context.tx.get(writtenTables, stored.id);
  return { stored, written: before ?? (await begin(stored, schema, desk)), desk, source, isNew: before === undefined };
}

function deskFor(stored: StoredTable, source: Bucket, context: Context): Desk {
  const by = { service: METADATA_SERVICE, arn: bucketArn(context, source.name) };
  return {
    nowMs: context.now().getTime(),
    newId: () => context.newId(),
    write: (key, body) => writeFile(stored, { key, body }, context, by),
  };
}

async function begin(stored: StoredTable, schema: Schema, desk: Desk): Promise<Written> {
  const location = locationOf(stored);
  const metadata = newTableMetadata({ uuid: desk.newId(), location, nowMs: desk.nowMs, schema });
  const at = await desk.write(metadataKey(0, desk.newId()), Buffer.from(JSON.stringify(metadata), "utf8"));
  return { metadata, location: at, version: 0, manifests: [] };
}

/** Makes what was written what the table is; `files` are those that only snapshots of before have. @throws {AwsError} */
export async function publish(
  open: OpenTable,
  written: Written,
  files: readonly string[],
  context: Context,
): Promise<void> {
  const { stored, written: before, source, desk } = open;
  const { namespace, name, versionToken } = stored;
  await context.call<S3TablesSdk, "UpdateTableMetadataLocation">({
    service: "s3tables",
    operation: "UpdateTableMetadataLocation",
    input: {
      tableBucketARN: tableBucketArn(stored),
      namespace,
      name,
      versionToken,
      metadataLocation: written.location,
    },
    as: { type: "service", service: METADATA_SERVICE },
    source: { arn: bucketArn(context, source.name), account: source.owner },
    account: stored.account,
    region: stored.region,
  });
  context.tx.put(writtenTables, { ...written, id: stored.id });
  const laterMs = desk.nowMs + LEFTOVER_MS;
  for (const path of supersededBy(before, written)) leave(path, { stored, dueMs: desk.nowMs }, context);
  const manifests = new Set(written.manifests.map((manifest) => manifest.path));
  const old = before.manifests.filter((manifest) => !manifests.has(manifest.path));
  for (const path of [...old.map((manifest) => manifest.path), ...files])
    leave(path, { stored, dueMs: laterMs }, context);
  await sweep(stored, desk.nowMs, context);
}

/** Longer than any snapshot is kept, so that none needs what is taken away then. */
const LEFTOVER_MS = DAY_MS + HOUR_MS;
const SWEPT_AT_ONCE = 200;

/** What the metadata named that is named no more. */
function supersededBy({ metadata: before, location }: Written, { metadata: after }: Written): readonly string[] {
  const named = new Set([
    ...after["metadata-log"].map((entry) => entry["metadata-file"]),
    ...after.snapshots.map((snapshot) => snapshot["manifest-list"]),
    location,
  ]);
  const all = [
    ...before["metadata-log"].map((entry) => entry["metadata-file"]),
    ...before.snapshots.map((snapshot) => snapshot["manifest-list"]),
  ];
  return all.filter((path) => !named.has(path));
}

function leave(
  path: string,
  { stored, dueMs }: { readonly stored: StoredTable; readonly dueMs: number },
  { tx }: Context,
): void {
  const key = path.slice(`${locationOf(stored)}/`.length);
  tx.put(leftovers, { tableId: stored.id, dueMs, key });
}

async function sweep({ id, warehouse }: StoredTable, nowMs: number, context: Context): Promise<void> {
  const due = await context.tx.scan(leftovers, {
    prefix: [id],
    before: [id, nowMs + 1],
    limit: SWEPT_AT_ONCE,
  });
  for (const { dueMs, key } of due) {
    const file = await context.tx.get(objects, warehouse, key, CURRENT);
    if (file !== undefined) await endVersion(file, context);
    context.tx.delete(leftovers, id, dueMs, key);
  }
}

/** What a write that failed says of its table; `undefined`: nothing that its owner could mend. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof AwsError)) return undefined;
  return error.code === "NotFoundException" || error.code === "NoSuchBucket" ? FAILURES.gone : FAILURES.writing;
}

/** What is kept of tables while they are written, by the ids of these. */
export const WRITING_TABLES: readonly Table<never>[] = [writtenTables, leftovers];
