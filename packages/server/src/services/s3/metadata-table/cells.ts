/** Rows of metadata tables as columns have them. */
import type { Cell, Row } from "../tables/iceberg/parquet.ts";
import type { JournalRecord } from "./journal-record.ts";
import type { ObjectRow } from "./object-row.ts";

interface InventoryRow extends ObjectRow {
  readonly bucket: string;
  readonly key: string;
  readonly sequence_number: string;
}

interface AnnotationRow {
  readonly bucket: string;
  readonly object_key: string;
  readonly object_version_id?: string;
  readonly object_join_key: string;
  readonly name: string;
  readonly sequence_number: string;
  readonly last_modified_date: number;
  readonly size: number;
  readonly e_tag: string;
  readonly checksum_algorithm: string;
  readonly replication_status?: string;
  readonly text_value: string;
}

const MICROSECONDS = 1000n;

/** Numbers of JSON are sizes, and times in milliseconds. */
export const toCells = (row: JournalRecord | InventoryRow | AnnotationRow): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]: [string, JsonCell]) => [name, toCell(name, value)]));

type JsonCell = string | number | boolean | Readonly<Record<string, string>> | undefined;

function toCell(name: string, value: JsonCell): Cell {
  if (typeof value !== "number") return value;
  return name === "size" ? BigInt(value) : BigInt(value) * MICROSECONDS;
}
