import { gzipSync } from "node:zlib";
import { PutObjectCommand, SelectObjectContentCommand } from "@aws-sdk/client-s3";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const ROWS = 12_500;
const COLUMN = {
  name: "n",
  type: "INT64" as const,
  encoding: "PLAIN" as const,
  data: new BigInt64Array(ROWS).fill(1n),
};

async function countRows(Body: Uint8Array): Promise<string> {
  const { s3, bucket: Bucket } = await s3World();
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body }));
  const { Payload = [] } = await s3.send(
    new SelectObjectContentCommand({
      Bucket,
      Key: "k",
      Expression: "SELECT SUM(n) FROM S3Object",
      ExpressionType: "SQL",
      InputSerialization: { Parquet: {} },
      OutputSerialization: { CSV: {} },
    }),
  );
  let text = "";
  for await (const { Records } of Payload) text += Buffer.from(Records?.Payload ?? []).toString();
  return text;
}

/** A number as Parquet's headers have it: seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The file, whose first page says that it unpacks to `bytes`; as many digits as it had. */
function withPageOf(bytes: number, file: Uint8Array): Uint8Array {
  const before = Buffer.from([0x15, 0x06, 0x15]);
  const at = Buffer.from(file).indexOf(Buffer.concat([before, varint(ROWS * 8)])) + before.byteLength;
  return Buffer.concat([file.subarray(0, at), varint(bytes), file.subarray(at + varint(bytes).byteLength)]);
}

/** The file, whose one part says that it has `rows`. */
function withRows(rows: number, file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const footerAt = bytes.byteLength - 8 - bytes.readUInt32LE(bytes.byteLength - 8);
  // that of the part comes after those of the file and of the column
  const at = bytes.lastIndexOf(varint(ROWS));
  const rest = bytes.subarray(at + varint(ROWS).byteLength, bytes.byteLength - 8);
  const footer = Buffer.concat([bytes.subarray(footerAt, at), varint(rows), rest]);
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
