/**
 * Snapshots of tables that a service writes: it knows what it has written, so that it reads no file of the table again.
 * Source: https://iceberg.apache.org/spec/#snapshots
 */
import { manifestOf, rowsIn, writeManifest, writeManifestList, type DataFile, type Manifest } from "./manifest.ts";
import { metadataKey, type PartitionSpec, type Schema, type Snapshot, type TableMetadata } from "./table-metadata.ts";

/** A table as its writer left it. Plain JSON. */
export interface Written {
  readonly metadata: TableMetadata;
  /** Where that is. */
  readonly location: string;
  /** How often it was written. */
  readonly version: number;
  readonly manifests: readonly Manifest[];
}

/** What a writer has to have. */
export interface Desk {
  readonly nowMs: number;
  newId(): string;
  /** Gives where the file is. */
  write(key: string, body: Uint8Array): Promise<string>;
}

/** How long snapshots are kept, the newest apart. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-restrictions.html (a minimum of 1 snapshot for a maximum of 24 hours) */
const SNAPSHOT_AGE_MS_MAX = 24 * 60 * 60 * 1000;
const SNAPSHOTS_MAX = 100;
const LOGGED_METADATA_MAX = 100;

/** What a snapshot changes: the manifests that stay, and those that are new. */
export interface Change {
  readonly operation: "append" | "overwrite" | "delete";
  readonly kept: readonly Manifest[];
  readonly added: readonly Manifest[];
}

/** The snapshot that is being made. */
export interface Draft {
  readonly snapshotId: number;
  readonly sequence: number;
  readonly schema: Schema;
  readonly spec: PartitionSpec;
}

const RANDOM_DIGITS = 12;

export function draftOf({ metadata }: Written, desk: Desk): Draft {
  const schema = metadata.schemas.find((each) => each["schema-id"] === metadata["current-schema-id"]);
  const spec = metadata["partition-specs"].find((each) => each["spec-id"] === metadata["default-spec-id"]);
  if (schema === undefined || spec === undefined)
    throw new TypeError("a table has a schema and a way to be partitioned");
  return {
    snapshotId: Number.parseInt(desk.newId().replaceAll("-", "").slice(0, RANDOM_DIGITS), 16),
    sequence: metadata["last-sequence-number"] + 1,
    schema,
    spec,
  };
}

export async function putManifest(files: readonly DataFile[], draft: Draft, desk: Desk): Promise<Manifest> {
  const { snapshotId, sequence } = draft;
  const body = writeManifest(files, { ...draft, sync: syncOf(desk) });
  const path = await desk.write(`metadata/${desk.newId()}-m0.avro`, body);
  return manifestOf(files, { path, bytes: body.byteLength, snapshotId, sequence });
}

const SYNC_BYTES = 16;

const syncOf = (desk: Desk): Uint8Array => Buffer.from(desk.newId().replaceAll("-", ""), "hex").subarray(0, SYNC_BYTES);

/** Writes the list of manifests and the table's metadata. */
export async function commit(before: Written, draft: Draft, change: Change, desk: Desk): Promise<Written> {
  const manifests = [...change.kept, ...change.added];
  const parent = before.metadata["current-snapshot-id"];
  const bare = {
    "snapshot-id": draft.snapshotId,
    ...(parent !== -1 && { "parent-snapshot-id": parent }),
    "sequence-number": draft.sequence,
  };
  const list = writeManifestList(manifests, bare, { spec: draft.spec, sync: syncOf(desk) });
  const snapshot: Snapshot = {
    ...bare,
    "timestamp-ms": desk.nowMs,
    "manifest-list": await desk.write(`metadata/snap-${draft.snapshotId}-1-${desk.newId()}.avro`, list),
    summary: summaryOf(change, manifests),
    "schema-id": draft.schema["schema-id"],
  };
  const metadata = withSnapshot(before, snapshot, desk.nowMs);
  const version = before.version + 1;
  const body = Buffer.from(JSON.stringify(metadata), "utf8");
  const location = await desk.write(metadataKey(version, desk.newId()), body);
  return { metadata, location, version, manifests };
}

function summaryOf({ operation, added }: Change, manifests: readonly Manifest[]): Snapshot["summary"] {
  return {
    operation,
    "added-data-files": String(added.reduce((sum, { addedFiles }) => sum + addedFiles, 0)),
    "added-records": String(added.reduce((sum, { addedRows }) => sum + addedRows, 0)),
    "total-data-files": String(manifests.reduce((sum, { files }) => sum + files, 0)),
    "total-records": String(rowsIn(manifests)),
    "total-delete-files": "0",
  };
}

function withSnapshot({ metadata, location }: Written, snapshot: Snapshot, nowMs: number): TableMetadata {
  const id = snapshot["snapshot-id"];
  const young = metadata.snapshots.filter((each) => nowMs - each["timestamp-ms"] < SNAPSHOT_AGE_MS_MAX);
  const snapshots = [...young, snapshot].slice(-SNAPSHOTS_MAX);
  const known = new Set(snapshots.map((each) => each["snapshot-id"]));
  const log = [...metadata["snapshot-log"], { "snapshot-id": id, "timestamp-ms": nowMs }];
  const earlier = { "metadata-file": location, "timestamp-ms": metadata["last-updated-ms"] };
  return {
    ...metadata,
    "last-sequence-number": snapshot["sequence-number"],
    "last-updated-ms": nowMs,
    "current-snapshot-id": id,
    refs: { main: { "snapshot-id": id, type: "branch" } },
    snapshots,
    "snapshot-log": log.filter((each) => known.has(each["snapshot-id"])),
    "metadata-log": [...metadata["metadata-log"], earlier].slice(-LOGGED_METADATA_MAX),
  };
}
