import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { selectParquet, varint } from "../../../../test/parquet.ts";
import { refusal } from "../../../../test/s3-world.ts";

const ROWS = 12_500;
const COLUMN = {
  name: "n",
  type: "INT64" as const,
  encoding: "PLAIN" as const,
  data: new BigInt64Array(ROWS).fill(1n),
};

const countRows = (file: Uint8Array): Promise<string> => selectParquet(file, "SELECT SUM(n) FROM S3Object");

/** A signed number as Parquet's headers have it. */
const int = (value: number): Buffer => varint(value * 2);

/** The file, whose first page says that it unpacks to `bytes`; as many digits as it had. */
function withPageOf(bytes: number, file: Uint8Array): Uint8Array {
  const before = Buffer.from([0x15, 0x06, 0x15]);
  const at = Buffer.from(file).indexOf(Buffer.concat([before, int(ROWS * 8)])) + before.byteLength;
  return Buffer.concat([file.subarray(0, at), int(bytes), file.subarray(at + int(bytes).byteLength)]);
}

/** The file, whose one part says that it has `rows`. */
function withRows(rows: number, file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const footerAt = bytes.byteLength - 8 - bytes.readUInt32LE(bytes.byteLength - 8);
  // that of the part comes after those of the file and of the column
  const at = bytes.lastIndexOf(int(ROWS));
  const rest = bytes.subarray(at + int(ROWS).byteLength, bytes.byteLength - 8);
  const footer = Buffer.concat([bytes.subarray(footerAt, at), int(rows), rest]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.byteLength);
  return Buffer.concat([bytes.subarray(0, footerAt), footer, length, Buffer.from("PAR1")]);
}

test("pages are unpacked to as many bytes as Snappy can have packed, and no more", async () => {
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [COLUMN], codec: "SNAPPY", statistics: false, rowGroupSize: ROWS }),
  );
  expect(await countRows(file)).toBe(`${ROWS}\n`);
  const claiming = withPageOf(1_048_575, file);
  expect(await refusal(countRows(claiming))).toMatchObject({ code: "ParquetParsingError", status: 400 });
});

test("pages that are packed by GZIP are unpacked to as many bytes as they say", async () => {
  const compressors = { GZIP: (page: Uint8Array) => new Uint8Array(gzipSync(page)) };
  const written = { columnData: [COLUMN], codec: "GZIP" as const, compressors, statistics: false, rowGroupSize: ROWS };
  const file = new Uint8Array(parquetWriteBuffer(written));
  expect(await countRows(file)).toBe(`${ROWS}\n`);
  expect(await refusal(countRows(withPageOf(99_999, file)))).toMatchObject({ code: "ParquetParsingError" });
});

test("a part of a file has no more rows than can be read at once", async () => {
  const file = new Uint8Array(parquetWriteBuffer({ columnData: [COLUMN], statistics: false, rowGroupSize: ROWS }));
  expect(await countRows(withRows(ROWS - 1, file))).toBe(`${ROWS - 1}\n`);
  expect(await refusal(countRows(withRows(20_000_000, file)))).toMatchObject({ code: "ParquetParsingError" });
});
