/**
 * The rows of a Parquet file, read group by group: of a large object only what is looked at.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
 */
import { gunzipSync } from "node:zlib";
import type { AsyncBuffer } from "hyparquet";
import { parquetParsing } from "./errors.ts";
import { ROW_GROUP_BYTES_MAX } from "./limits.ts";
import { rowOfAll } from "./output.ts";
import type { InputRecord } from "./records.ts";
import type { Value } from "./value.ts";

/** The compressions that AWS reads, besides Snappy. */
const COMPRESSORS = {
  GZIP: (packed: Uint8Array): Uint8Array => gunzipSync(packed, { maxOutputLength: ROW_GROUP_BYTES_MAX }),
};

/** @throws {AwsError} `ParquetParsingError` */
export async function* parquetRecords(file: AsyncBuffer): AsyncGenerator<InputRecord> {
  for await (const rows of rowGroups(file)) {
    for (const row of rows) {
      const value = toValue(row);
      yield { value, all: () => rowOfAll(value) };
    }
  }
}

async function* rowGroups(file: AsyncBuffer): AsyncGenerator<readonly unknown[]> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const reading = { file, compressors: COMPRESSORS };
  try {
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const { num_rows: rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(rows);
      yield await parquetReadObjects({ ...reading, metadata, rowStart, rowEnd });
      rowStart = rowEnd;
    }
  } catch {
    throw parquetParsing();
  }
}

function toValue(read: unknown): Value {
  if (typeof read === "bigint") return Number.isSafeInteger(Number(read)) ? Number(read) : String(read);
  if (typeof read === "string" || typeof read === "number" || typeof read === "boolean") return read;
  if (read === null || read === undefined) return null;
  if (read instanceof Date) return read;
  if (read instanceof Uint8Array) return Buffer.from(read).toString("utf8");
  if (Array.isArray(read)) return read.map((element) => toValue(element));
  return Object.fromEntries(Object.entries(read).map(([name, member]) => [name, toValue(member)]));
}
