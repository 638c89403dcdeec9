/**
 * Rows as files in Parquet's form, whose columns carry the ids of a table's fields.
 * Source: https://iceberg.apache.org/spec/#parquet
 */
import type { SchemaElement } from "hyparquet";
import { findOwn } from "../../../../kernel/lookup.ts";
import type { Field, Schema } from "./table-metadata.ts";

/** What a column of a row may be: times in microseconds. */
export type Cell = string | bigint | boolean | Readonly<Record<string, string>> | undefined;

export type Row = Readonly<Record<string, Cell>>;

export async function writeParquet(schema: Schema, rows: readonly Row[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = schema.fields.map(({ name }) => ({ name, data: rows.map((row) => row[name]) }));
  const elements = schema.fields.flatMap((field) => elementsOf(field));
  const root: SchemaElement = { name: "table", num_children: schema.fields.length };
  return new Uint8Array(parquetWriteBuffer({ columnData, schema: [root, ...elements] }));
}

const BASIC: Readonly<Record<string, Partial<SchemaElement>>> = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  long: { type: "INT64" },
  boolean: { type: "BOOLEAN" },
  timestamp: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" } },
};

function elementsOf({ id, name, required, type }: Field): readonly SchemaElement[] {
  const repetition_type = required ? "REQUIRED" : "OPTIONAL";
  if (typeof type === "string") return [{ name, repetition_type, field_id: id, ...findOwn(BASIC, type) }];
  const { "key-id": keyId, "value-id": valueId } = mapIdsOf(type);
  return [
    { name, repetition_type, field_id: id, converted_type: "MAP", num_children: 1 },
    { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
    { name: "key", repetition_type: "REQUIRED", field_id: keyId, ...BASIC["string"] },
    { name: "value", repetition_type: "REQUIRED", field_id: valueId, ...BASIC["string"] },
  ];
}

interface MapIds {
  readonly "key-id": number;
  readonly "value-id": number;
}

const isMap = (type: unknown): type is MapIds =>
  typeof type === "object" && type !== null && "key-id" in type && "value-id" in type;

function mapIdsOf(type: unknown): MapIds {
  if (!isMap(type)) throw new TypeError("a column of a row is primitive, or a map of texts");
  return type;
}
