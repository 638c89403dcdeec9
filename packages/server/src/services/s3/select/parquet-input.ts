/**
 * The rows of a Parquet file, read group by group: of a large object only what is looked at.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ParquetInput.html
 */
import { gunzipSync } from "node:zlib";
import type { AsyncBuffer, ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from "hyparquet";
import { parquetParsing } from "./errors.ts";
import {
  HEADER_BYTES_MAX,
  ROW_GROUP_BYTES_MAX,
  ROW_GROUP_ROWS_MAX,
  ROW_GROUP_VALUES_MAX,
  SNAPPY_RATIO_MAX,
} from "./limits.ts";
import { rowOfAll } from "./output.ts";
import type { Budget } from "./parquet-page.ts";
import type { InputRecord } from "./records.ts";
import type { Value } from "./value.ts";

type Unpack = (packed: Uint8Array, bytes: number) => Uint8Array;
type Unsnap = (packed: Uint8Array, into: Uint8Array) => void;

/** The compressions that AWS reads, for one row group: what its pages say that they unpack to is counted. */
function unpackers(snappyUncompress: Unsnap, budget: Pick<Budget, "bytes">) {
  const counted =
    (unpack: Unpack): Unpack =>
    (packed, bytes) => {
      budget.bytes -= bytes;
      if (budget.bytes < 0) throw parquetParsing();
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
  const { parquetMetadata, parquetReadObjects, snappyUncompress } = await import("hyparquet");
  try {
    const metadata = parquetMetadata(await footerOf(file));
    for (const group of metadata.row_groups) {
      const rows = Number(group.num_rows);
      if (!(rows <= ROW_GROUP_ROWS_MAX && rows * group.columns.length <= ROW_GROUP_VALUES_MAX)) throw parquetParsing();
      if (rows <= 0) continue;
      const part = await readPart(file, group);
      await requireSound(part, metadata, snappyUncompress);
      const compressors = unpackers(snappyUncompress, { bytes: ROW_GROUP_BYTES_MAX });
      const own = { ...metadata, row_groups: [group] };
      yield await parquetReadObjects({ file: part.file, compressors, metadata: own, rowStart: 0, rowEnd: rows });
    }
  } catch {
    throw parquetParsing();
  }
}

/** The end of each file: its length, and a mark. */
const MARK_BYTES = 8;

/** What a file says of itself, with its end. */
async function footerOf(file: AsyncBuffer): Promise<ArrayBuffer> {
  const { readHeader } = await import("./parquet-header.ts");
  const end = await file.slice(Math.max(0, file.byteLength - MARK_BYTES), file.byteLength);
  const bytes = new DataView(end).getUint32(0, true) + MARK_BYTES;
  if (bytes > Math.min(file.byteLength, HEADER_BYTES_MAX)) throw parquetParsing();
  const footer = await file.slice(file.byteLength - bytes, file.byteLength);
  readHeader(new Uint8Array(footer, 0, bytes - MARK_BYTES), 0);
  return footer;
}

interface Part {
  /** The file, of which this part alone is there. */
  readonly file: AsyncBuffer;
  readonly columns: readonly { readonly meta: ColumnMetaData; readonly bytes: Uint8Array }[];
}

async function readPart(file: AsyncBuffer, group: RowGroup): Promise<Part> {
  const columns = group.columns.map(({ meta_data: meta }) => {
    if (meta === undefined) throw parquetParsing();
    const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
    const end = start + Number(meta.total_compressed_size);
    if (!(start >= 0 && start <= end && end <= file.byteLength)) throw parquetParsing();
    return { meta, start, end };
  });
  const start = columns.reduce((least, column) => Math.min(least, column.start), file.byteLength);
  const end = columns.reduce((most, column) => Math.max(most, column.end), start);
  const together = columns.reduce((sum, column) => sum + column.end - column.start, 0);
  if (Math.max(end - start, together) > ROW_GROUP_BYTES_MAX) throw parquetParsing();
  const bytes = await file.slice(start, end);
  return {
    file: { byteLength: file.byteLength, slice: (from, to = end) => bytes.slice(from - start, to - start) },
    columns: columns.map((column) => ({
      meta: column.meta,
      bytes: new Uint8Array(bytes, column.start - start, column.end - column.start),
    })),
  };
}

async function requireSound(part: Part, metadata: FileMetaData, snappyUncompress: Unsnap): Promise<void> {
  const { parquetSchema } = await import("hyparquet");
  const { requirePages } = await import("./parquet-page.ts");
  const budget = { values: ROW_GROUP_VALUES_MAX, bytes: ROW_GROUP_BYTES_MAX };
  const known: Readonly<Record<string, Unpack>> = unpackers(snappyUncompress, budget);
  const tree = parquetSchema(metadata);
  for (const { meta, bytes } of part.columns) {
    const unpack = meta.codec === "UNCOMPRESSED" ? (packed: Uint8Array) => packed : known[meta.codec];
    if (unpack === undefined) throw parquetParsing();
    requirePages(bytes, { path: pathTo(tree, meta.path_in_schema), unpack, budget });
  }
}

/** The elements from the root to the one of that name. */
function pathTo(root: SchemaTree, names: readonly string[]): readonly SchemaTree[] {
  const path = [root];
  for (const name of names) {
    const child = path.at(-1)?.children.find(({ element }) => element.name === name);
    if (child === undefined) throw parquetParsing();
    path.push(child);
  }
  return path;
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
