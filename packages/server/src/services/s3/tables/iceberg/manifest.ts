/**
 * The files that say which data files a snapshot has: manifests, and the list of them.
 * Source: https://iceberg.apache.org/spec/#manifests, https://iceberg.apache.org/spec/#manifest-lists
 */
import { writeAvro, type AvroRecord } from "./avro.ts";
import type { PartitionSpec, Schema, Snapshot } from "./table-metadata.ts";

/** A file of rows, in Parquet's form. */
export interface DataFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** With which snapshot it came. */
  readonly snapshotId: number;
  readonly sequence: number;
}

/** A manifest as a list has it. */
export interface Manifest {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  readonly rows: number;
  /** That of the snapshot that it was written with. */
  readonly snapshotId: number;
  readonly sequence: number;
  /** The lowest of its files. */
  readonly fromSequence: number;
  /** Files that came with the same snapshot. */
  readonly addedFiles: number;
  readonly addedRows: number;
}

const DATA_FILE: AvroRecord = {
  type: "record",
  name: "r2",
  fields: [
    { name: "content", type: "int", "field-id": 134 },
    { name: "file_path", type: "string", "field-id": 100 },
    { name: "file_format", type: "string", "field-id": 101 },
    { name: "partition", type: { type: "record", name: "r102", fields: [] }, "field-id": 102 },
    { name: "record_count", type: "long", "field-id": 103 },
    { name: "file_size_in_bytes", type: "long", "field-id": 104 },
  ],
};

const ENTRY: AvroRecord = {
  type: "record",
  name: "manifest_entry",
  fields: [
    { name: "status", type: "int", "field-id": 0 },
    { name: "snapshot_id", type: "long", "field-id": 1 },
    { name: "sequence_number", type: "long", "field-id": 3 },
    { name: "file_sequence_number", type: "long", "field-id": 4 },
    { name: "data_file", type: DATA_FILE, "field-id": 2 },
  ],
};

const STATUS = { existing: 0, added: 1 } as const;

/** What a file is written with beside its rows. */
interface Around {
  readonly schema: Schema;
  readonly spec: PartitionSpec;
  readonly snapshotId: number;
  readonly sync: Uint8Array;
}

export function writeManifest(files: readonly DataFile[], { schema, spec, snapshotId, sync }: Around): Uint8Array {
  return writeAvro({
    schema: ENTRY,
    facts: {
      schema: JSON.stringify(schema),
      "schema-id": String(schema["schema-id"]),
      "partition-spec": JSON.stringify(spec.fields),
      "partition-spec-id": String(spec["spec-id"]),
      "format-version": "2",
      content: "data",
    },
    rows: files.map((file) => ({
      status: file.snapshotId === snapshotId ? STATUS.added : STATUS.existing,
      snapshot_id: file.snapshotId,
      sequence_number: file.sequence,
      file_sequence_number: file.sequence,
      data_file: {
        content: 0,
        file_path: file.path,
        file_format: "PARQUET",
        record_count: file.rows,
        file_size_in_bytes: file.bytes,
      },
    })),
    sync,
  });
}

/** A manifest that was written, as lists have it. */
export function manifestOf(
  files: readonly DataFile[],
  written: { readonly path: string; readonly bytes: number; readonly snapshotId: number; readonly sequence: number },
): Manifest {
  const added = files.filter(({ snapshotId }) => snapshotId === written.snapshotId);
  return {
    ...written,
    files: files.length,
    rows: rowsIn(files),
    fromSequence: Math.min(written.sequence, ...files.map(({ sequence }) => sequence)),
    addedFiles: added.length,
    addedRows: rowsIn(added),
  };
}

export const rowsIn = (files: readonly { readonly rows: number }[]): number =>
  files.reduce((sum, { rows }) => sum + rows, 0);

const LISTED: AvroRecord = {
  type: "record",
  name: "manifest_file",
  fields: [
    { name: "manifest_path", type: "string", "field-id": 500 },
    { name: "manifest_length", type: "long", "field-id": 501 },
    { name: "partition_spec_id", type: "int", "field-id": 502 },
    { name: "content", type: "int", "field-id": 517 },
    { name: "sequence_number", type: "long", "field-id": 515 },
    { name: "min_sequence_number", type: "long", "field-id": 516 },
    { name: "added_snapshot_id", type: "long", "field-id": 503 },
    { name: "added_files_count", type: "int", "field-id": 504 },
    { name: "existing_files_count", type: "int", "field-id": 505 },
    { name: "deleted_files_count", type: "int", "field-id": 506 },
    { name: "added_rows_count", type: "long", "field-id": 512 },
    { name: "existing_rows_count", type: "long", "field-id": 513 },
    { name: "deleted_rows_count", type: "long", "field-id": 514 },
  ],
};

type Listing = Pick<Snapshot, "snapshot-id" | "parent-snapshot-id" | "sequence-number">;

export function writeManifestList(
  manifests: readonly Manifest[],
  snapshot: Listing,
  { spec, sync }: Pick<Around, "spec" | "sync">,
): Uint8Array {
  const { "snapshot-id": id, "parent-snapshot-id": parent, "sequence-number": sequence } = snapshot;
  return writeAvro({
    schema: LISTED,
    facts: {
      "snapshot-id": String(id),
      "parent-snapshot-id": parent === undefined ? "null" : String(parent),
      "sequence-number": String(sequence),
      "format-version": "2",
    },
    rows: manifests.map((manifest) => ({
      manifest_path: manifest.path,
      manifest_length: manifest.bytes,
      partition_spec_id: spec["spec-id"],
      content: 0,
      sequence_number: manifest.sequence,
      min_sequence_number: manifest.fromSequence,
      added_snapshot_id: manifest.snapshotId,
      added_files_count: manifest.addedFiles,
      existing_files_count: manifest.files - manifest.addedFiles,
      deleted_files_count: 0,
      added_rows_count: manifest.addedRows,
      existing_rows_count: manifest.rows - manifest.addedRows,
      deleted_rows_count: 0,
    })),
    sync,
  });
}
