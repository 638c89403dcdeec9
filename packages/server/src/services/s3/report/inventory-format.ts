/**
 * How the files of an inventory are written.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 */
import { gzipSync } from "node:zlib";
import type { ColumnSource } from "hyparquet-writer";
import { quotedValue } from "../../../kernel/csv.ts";
import type { Column, Listed } from "./inventory-column.ts";

export interface InventoryFormat {
  /** As manifests name it. */
  readonly name: "CSV" | "ORC" | "Parquet";
  readonly extension: string;
  readonly schemaOf: (columns: readonly Column[]) => string;
  readonly write: (columns: readonly Column[], rows: readonly Listed[]) => Promise<Uint8Array>;
}

const CSV: InventoryFormat = {
  name: "CSV",
  extension: "csv.gz",
  schemaOf: (columns) => columns.map(({ name }) => name).join(", "),
  write: async (columns, rows) => gzipSync(rows.map((row) => formatLine(columns, row)).join("")),
};

/** All values in quotes; keys as URLs have them. */
const formatLine = (columns: readonly Column[], row: Listed): string =>
  `${columns.map((column) => quotedValue(formatValue(column, row))).join(",")}\n`;

function formatValue({ name, valueOf }: Column, row: Listed): string {
  const value = valueOf(row);
  if (value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return name === "Key" ? encodeURIComponent(value).replaceAll("%2F", "/") : String(value);
}

const ORC: InventoryFormat = {
  name: "ORC",
  extension: "orc",
  schemaOf: (columns) =>
    `struct<${columns.map(({ name, type }) => `${snakeCase(name)}:${ORC_TYPES[type]}`).join(",")}>`,
  async write(columns, rows) {
    const { writeOrc } = await import("./orc/file.ts");
    return writeOrc(
      columns.map((column) => ({
        name: snakeCase(column.name),
        type: ORC_TYPES[column.type],
        values: rows.map((row) => column.valueOf(row)),
      })),
    );
  },
};

const ORC_TYPES = { text: "string", number: "bigint", flag: "boolean", time: "timestamp" } as const;

const PARQUET: InventoryFormat = {
  name: "Parquet",
  extension: "parquet",
  schemaOf: (columns) => `message s3.inventory { ${columns.map((column) => fieldOf(column)).join(" ")} }`,
  async write(columns, rows) {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const columnData = columns.map((column): ColumnSource => ({
      name: snakeCase(column.name),
      type: PARQUET_TYPES[column.type].basic,
      nullable: !isRequired(column),
      data: rows.map((row) => toParquet(column, row)),
    }));
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  },
};

const PARQUET_TYPES = {
  text: { basic: "STRING", field: (name: string) => `binary ${name} (UTF8);` },
  number: { basic: "INT64", field: (name: string) => `int64 ${name};` },
  flag: { basic: "BOOLEAN", field: (name: string) => `boolean ${name};` },
  time: { basic: "TIMESTAMP", field: (name: string) => `int64 ${name} (TIMESTAMP_MILLIS);` },
} as const;

const isRequired = ({ name }: Column): boolean => name === "Bucket" || name === "Key";

const fieldOf = (column: Column): string =>
  `${isRequired(column) ? "required" : "optional"} ${PARQUET_TYPES[column.type].field(snakeCase(column.name))}`;

/** `ETag` is `e_tag`. */
const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter, at) => (at === 0 ? "" : "_") + letter.toLowerCase());

function toParquet({ valueOf }: Column, row: Listed) {
  const value = valueOf(row);
  return typeof value === "number" ? BigInt(value) : value;
}

const FORMATS: readonly InventoryFormat[] = [CSV, ORC, PARQUET];

export const inventoryFormat = (name: string | undefined): InventoryFormat | undefined =>
  FORMATS.find((format) => format.name === name);
