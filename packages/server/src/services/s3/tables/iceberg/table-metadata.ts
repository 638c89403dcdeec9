/**
 * What a table is, as the file says that its catalog points to.
 * Source: https://iceberg.apache.org/spec/#table-metadata-fields
 */

export interface TableMetadata {
  readonly "format-version": 2;
  readonly "table-uuid": string;
  /** `s3://…`, without a slash at its end. */
  readonly location: string;
  readonly "last-sequence-number": number;
  readonly "last-updated-ms": number;
  readonly "last-column-id": number;
  readonly "current-schema-id": number;
  readonly schemas: readonly Schema[];
  readonly "default-spec-id": number;
  readonly "partition-specs": readonly PartitionSpec[];
  readonly "last-partition-id": number;
  readonly "default-sort-order-id": number;
  readonly "sort-orders": readonly SortOrder[];
  readonly properties: Readonly<Record<string, string>>;
  /** -1: there is none yet. */
  readonly "current-snapshot-id": number;
  readonly refs: Readonly<Record<string, SnapshotRef>>;
  readonly snapshots: readonly Snapshot[];
  readonly "snapshot-log": readonly { readonly "snapshot-id": number; readonly "timestamp-ms": number }[];
  readonly "metadata-log": readonly { readonly "metadata-file": string; readonly "timestamp-ms": number }[];
}

export interface Schema {
  readonly type: "struct";
  readonly "schema-id": number;
  readonly "identifier-field-ids"?: readonly number[];
  readonly fields: readonly Field[];
}

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  /** The name of a primitive type, or a struct, a list or a map. */
  readonly type: unknown;
  readonly doc?: string;
}

export interface PartitionSpec {
  readonly "spec-id": number;
  readonly fields: readonly {
    readonly name: string;
    readonly transform: string;
    readonly "source-id": number;
    readonly "field-id": number;
  }[];
}

export interface SortOrder {
  readonly "order-id": number;
  readonly fields: readonly {
    readonly transform: string;
    readonly "source-id": number;
    readonly direction: string;
    readonly "null-order": string;
  }[];
}

interface SnapshotRef {
  readonly "snapshot-id": number;
  readonly type: "branch" | "tag";
}

export interface Snapshot {
  readonly "snapshot-id": number;
  readonly "parent-snapshot-id"?: number;
  readonly "sequence-number": number;
  readonly "timestamp-ms": number;
  readonly "manifest-list": string;
  readonly summary: Readonly<Record<string, string>>;
  readonly "schema-id": number;
}

/** What a table is from its beginning. */
export interface NewTable {
  readonly uuid: string;
  readonly location: string;
  readonly nowMs: number;
  readonly schema: Schema;
  readonly spec?: PartitionSpec | undefined;
  readonly order?: SortOrder | undefined;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

const UNPARTITIONED: PartitionSpec = { "spec-id": 0, fields: [] };
const UNSORTED: SortOrder = { "order-id": 0, fields: [] };

/** Ids of partition fields begin above. */
const PARTITION_IDS_FROM = 999;

export function newTableMetadata(made: NewTable): TableMetadata {
  const { uuid, location, nowMs, schema, spec = UNPARTITIONED, order = UNSORTED, properties = {} } = made;
  return {
    "format-version": 2,
    "table-uuid": uuid,
    location,
    "last-sequence-number": 0,
    "last-updated-ms": nowMs,
    "last-column-id": Math.max(0, ...idsIn(schema)),
    "current-schema-id": schema["schema-id"],
    schemas: [schema],
    "default-spec-id": spec["spec-id"],
    "partition-specs": [spec],
    "last-partition-id": Math.max(PARTITION_IDS_FROM, ...spec.fields.map((field) => field["field-id"])),
    "default-sort-order-id": order["order-id"],
    "sort-orders": [order],
    properties,
    "current-snapshot-id": -1,
    refs: {},
    snapshots: [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** Of all fields, those inside of others included. */
function idsIn(type: unknown): readonly number[] {
  if (typeof type !== "object" || type === null) return [];
  return Object.entries(type).flatMap(([name, value]: [string, unknown]) => {
    const isId = name === "id" || name.endsWith("-id");
    return isId && name !== "schema-id" && typeof value === "number" ? [value] : idsIn(value);
  });
}

/** `00002-….metadata.json` */
export const metadataKey = (version: number, uuid: string): string =>
  `metadata/${String(version).padStart(5, "0")}-${uuid}.metadata.json`;
