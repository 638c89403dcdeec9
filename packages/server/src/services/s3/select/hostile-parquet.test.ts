/** Small files that claim much. */
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { selectParquet, varint } from "../../../../test/parquet.ts";
import { refusal } from "../../../../test/s3-world.ts";

const REFUSED = { code: "ParquetParsingError", status: 400 };

/** A value as the headers have it. Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md */
interface Element {
  readonly type: number;
  readonly bytes: Buffer;
}
const int = (value: number): Element => ({ type: 5, bytes: varint(value * 2) });
const long = (value: number): Element => ({ type: 6, bytes: varint(value * 2) });
const text = (value: string): Element => ({
  type: 8,
  bytes: Buffer.concat([varint(value.length), Buffer.from(value)]),
});
const list = (type: number, elements: readonly Element[]): Element => ({
  type: 9,
  bytes: Buffer.concat([Buffer.from([elements.length * 16 + type]), ...elements.map(({ bytes }) => bytes)]),
});
function struct(fields: Readonly<Record<number, Element>>): Element {
  let last = 0;
  const parts = Object.entries(fields).map(([id, { type, bytes }]) => {
    const head = Buffer.from([(Number(id) - last) * 16 + type]);
    last = Number(id);
    return Buffer.concat([head, bytes]);
  });
  return { type: 12, bytes: Buffer.concat([...parts, Buffer.from([0])]) };
}

interface Draft {
  /** As numbers of the format. Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
  readonly type: number;
  readonly isOptional: boolean;
  readonly encoding: number;
  readonly values: number;
  readonly rows: number;
  readonly columns?: number;
  readonly body: Buffer;
  readonly header?: Element;
}

/** A file of one part, whose columns are all the same bytes. */
function fileOf({ type, isOptional, encoding, values, rows, columns = 1, body, header }: Draft): Buffer {
  const usual = struct({
    1: int(0),
    2: int(body.byteLength),
    3: int(body.byteLength),
    5: struct({ 1: int(values), 2: int(encoding), 3: int(3), 4: int(3) }),
  });
  const page = Buffer.concat([(header ?? usual).bytes, body]);
  const names = Array.from({ length: columns }, (_, at) => `c${at}`);
  const leaves = names.map((name) => struct({ 1: int(type), 3: int(isOptional ? 1 : 0), 4: text(name) }));
  const chunks = names.map((name) => {
    const usually = { 1: int(type), 2: list(5, [int(encoding)]), 3: list(8, [text(name)]), 4: int(0), 5: long(values) };
    const size = long(page.byteLength);
    return struct({ 2: long(4), 3: struct({ ...usually, 6: size, 7: size, 9: long(4) }) });
  });
  const group = struct({ 1: list(12, chunks), 2: long(page.byteLength), 3: long(rows) });
  const schema = list(12, [struct({ 4: text("root"), 5: int(columns) }), ...leaves]);
  const footer = struct({ 1: int(1), 2: schema, 3: long(rows), 4: list(12, [group]) }).bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.byteLength);
  return Buffer.concat([Buffer.from("PAR1"), page, footer, length, Buffer.from("PAR1")]);
}

/** Numbers, all of which are none: as many as one run says. */
function nones(run: number, more: Partial<Draft> = {}): Buffer {
  const levels = Buffer.concat([varint(run * 2), Buffer.from([0])]);
  const body = Buffer.concat([Buffer.from([levels.byteLength, 0, 0, 0]), levels]);
  return fileOf({ type: 1, isOptional: true, encoding: 0, values: 8, rows: 8, body, ...more });
}

test("a run has no more values than its page", async () => {
  expect(await selectParquet(nones(8))).toBe("8\n");
  expect(await refusal(selectParquet(nones(20_000_000)))).toMatchObject(REFUSED);
});

/** Two numbers as differences. */
const differences = (first: number, delta: number): Buffer =>
  Buffer.concat([varint(128), varint(4), varint(2), varint(first * 2), varint(delta * 2), Buffer.alloc(4)]);

/** Two texts, of which the second begins with so many bytes of the first. */
function texts(prefix: number): Buffer {
  const body = Buffer.concat([differences(0, prefix), differences(3, 0), Buffer.from("abcdef")]);
  return fileOf({ type: 6, isOptional: false, encoding: 7, values: 2, rows: 2, body });
}

test("a text begins with no more of the one before it than that has", async () => {
  expect(await selectParquet(texts(2), "SELECT c0 FROM S3Object")).toBe("abc\nabdef\n");
  expect(await refusal(selectParquet(texts(100_000_000)))).toMatchObject(REFUSED);
});

test("a part has no more values in all its columns than can be held", async () => {
  const rows = 6_000_000;
  expect(await refusal(selectParquet(nones(rows, { values: rows, rows, columns: 12 })))).toMatchObject(REFUSED);
});

test("a page that does not say how long it is has no end, and is refused", async () => {
  const header = struct({ 1: int(0), 2: int(6), 5: struct({ 1: int(8), 2: int(0), 3: int(3), 4: int(3) }) });
  expect(await refusal(selectParquet(nones(8, { header })))).toMatchObject(REFUSED);
});

test("a list in a header has no more elements than bytes follow", async () => {
  const claiming = { type: 9, bytes: Buffer.concat([Buffer.from([0xf9]), varint(30_000_000)]) };
  const header = struct({ 1: int(0), 2: int(6), 3: int(6), 9: claiming });
  expect(await refusal(selectParquet(nones(8, { header })))).toMatchObject(REFUSED);
});

test("numbers and texts are read however they are encoded", async () => {
  const squares = BigInt64Array.from({ length: 1000 }, (_, at) => BigInt(at * at));
  const names = Array.from({ length: 1000 }, (_, at) => `name ${at % 10} of ${at}`);
  const some = Array.from({ length: 1000 }, (_, at) => (at % 3 === 0 ? null : at));
  const columnData = [
    { name: "d", type: "INT64" as const, encoding: "DELTA_BINARY_PACKED" as const, data: squares },
    { name: "s", type: "INT64" as const, encoding: "BYTE_STREAM_SPLIT" as const, data: squares },
    { name: "l", type: "STRING" as const, encoding: "DELTA_LENGTH_BYTE_ARRAY" as const, data: names },
    { name: "b", type: "STRING" as const, encoding: "DELTA_BYTE_ARRAY" as const, data: names },
    {
      name: "k",
      type: "STRING" as const,
      encoding: "RLE_DICTIONARY" as const,
      data: names.map((name) => name.slice(0, 6)),
    },
    { name: "t", type: "BOOLEAN" as const, encoding: "RLE" as const, data: names.map((_, at) => at % 2 === 0) },
    { name: "o", type: "INT32" as const, data: some, nullable: true },
  ];
  const file = new Uint8Array(parquetWriteBuffer({ columnData, codec: "SNAPPY" }));
  const sums = "SELECT SUM(d), SUM(s), SUM(o), COUNT(o) FROM S3Object";
  expect(await selectParquet(file, sums)).toBe(`332833500,332833500,${sumOf(some)},666\n`);
  const chosen = "SELECT d, s, l, b, k, t, o FROM S3Object WHERE d = 998001 OR d = 994009";
  expect(await selectParquet(file, chosen)).toBe(
    "994009,994009,name 7 of 997,name 7 of 997,name 7,false,997\n" +
      "998001,998001,name 9 of 999,name 9 of 999,name 9,false,\n",
  );
});

const sumOf = (numbers: readonly (number | null)[]): number =>
  numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);
