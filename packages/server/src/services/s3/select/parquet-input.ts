/**
 * The rows of a Parquet file, read group by group: of a large object only what is looked at.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
 */
import { gunzipSync } from "node:zlib";
import type { AsyncBuffer } from "hyparquet";
import { parquetParsing } from "./errors.ts";
import { ROW_GROUP_BYTES_MAX, ROW_GROUP_ROWS_MAX, SNAPPY_RATIO_MAX } from "./limits.ts";
import { rowOfAll } from "./output.ts";
import type { InputRecord } from "./records.ts";
import type { Value } from "./value.ts";

type Unpack = (packed: Uint8Array, bytes: number) => Uint8Array;

/** The compressions that AWS reads, for one row group: what its pages say that they unpack to is counted. */
function unpackers(snappyUncompress: (packed: Uint8Array, into: Uint8Array) => void) {
  let left = ROW_GROUP_BYTES_MAX;
  const counted =
    (unpack: Unpack): Unpack =>
    (packed, bytes) => {
      left -= bytes;
      if (left < 0) throw parquetParsing();
      return unpack(packed, bytes);
    };
  return {
    GZIP: counted((packed, bytes) => gunzipSync(packed, { maxOutputLength: Math.max(1, bytes) })),
    SNAPPY: counted((packed, bytes) => {
      if (bytes > packed.byteLength * SNAPPY_RATIO_MAX) throw parquetParsing();
      const page = new Uint8Array(bytes);
      snappyUncompress(packed, page);
      return page;
    }),
  };
}

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
  const { parquetMetadataAsync, parquetReadObjects, snappyUncompress } = await import("hyparquet");
  try {
    const metadata = await parquetMetadataAsync(file);
    let rowStart = 0;
    for (const { num_rows: rows } of metadata.row_groups) {
      if (rows > ROW_GROUP_ROWS_MAX) throw parquetParsing();
      const rowEnd = rowStart + Number(rows);
      const compressors = unpackers(snappyUncompress);
      yield await parquetReadObjects({ file, compressors, metadata, rowStart, rowEnd });
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
