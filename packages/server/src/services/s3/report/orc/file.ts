/**
 * Files of Apache ORC, compressed with ZLIB: one stripe, no indexes.
 * Source: https://orc.apache.org/specification/ORCv1/
 */
import { deflateRawSync } from "node:zlib";
import { assert } from "../../../../kernel/assert.ts";
import { streamsOf, TYPE_KINDS, type OrcColumn } from "./column.ts";
import { encodeMessage, type Field } from "./message.ts";

const MAGIC = "ORC";
const BLOCK_BYTES = 256 * 1024;
/** As postscripts name it. */
const ZLIB = 1;
/** What readers of Hive 0.12 and later read. */
const FORMAT_VERSION = [0, 12];
/** Times in statistics are in UTC; writers that are none of Apache's begin with it. */
const WRITER_VERSION = 6;

export function writeOrc(columns: readonly OrcColumn[]): Uint8Array {
  const rows = columns[0]?.values.length ?? 0;
  const header = Buffer.from(MAGIC, "latin1");
  const stripe = rows === 0 ? undefined : stripeOf(columns, { rows, offset: header.byteLength });
  const content = stripe === undefined ? [header] : [header, stripe.bytes];
  const contentLength = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const footer = compressed(
    encodeMessage([
      [1, header.byteLength],
      [2, contentLength],
      ...(stripe === undefined ? [] : [[3, stripe.information] as const]),
      ...typesOf(columns),
      [6, rows],
      ...statisticsOf(columns, rows),
      [8, 0],
    ]),
  );
  const postscript = encodeMessage([
    [1, footer.byteLength],
    [2, ZLIB],
    [3, BLOCK_BYTES],
    [4, FORMAT_VERSION],
    [5, 0],
    [6, WRITER_VERSION],
    [8000, MAGIC],
  ]);
  assert(postscript.byteLength < 256, "the postscript's length is a byte");
  return Buffer.concat([...content, footer, postscript, Uint8Array.of(postscript.byteLength)]);
}

interface StripePlace {
  readonly rows: number;
  readonly offset: number;
}

/** The streams of all columns, and what tells them apart. */
function stripeOf(columns: readonly OrcColumn[], { rows, offset }: StripePlace) {
  const streams = columns.flatMap((column, at) =>
    streamsOf(column).map(({ kind, bytes }) => ({ kind, column: at + 1, bytes: compressed(bytes) })),
  );
  const directly = encodeMessage([[1, 0]]);
  const footer = compressed(
    encodeMessage([
      ...streams.map(({ kind, column, bytes }): Field => [
        1,
        encodeMessage([
          [1, kind],
          [2, column],
          [3, bytes.byteLength],
        ]),
      ]),
      // the row itself is a column too
      ...[undefined, ...columns].map((): Field => [2, directly]),
      [3, "UTC"],
    ]),
  );
  const body = Buffer.concat(streams.map(({ bytes }) => bytes));
  const information = encodeMessage([
    [1, offset],
    [2, 0],
    [3, body.byteLength],
    [4, footer.byteLength],
    [5, rows],
  ]);
  return { bytes: Buffer.concat([body, footer]), information };
}

/** The row, then its columns. */
function typesOf(columns: readonly OrcColumn[]): readonly Field[] {
  const row = encodeMessage([
    [1, TYPE_KINDS.struct],
    [2, columns.map((_column, at) => at + 1)],
    ...columns.map(({ name }): Field => [3, name]),
  ]);
  return [row, ...columns.map(({ type }) => encodeMessage([[1, TYPE_KINDS[type]]]))].map((type): Field => [4, type]);
}

/** How many values there are, and whether some are missing. */
function statisticsOf(columns: readonly OrcColumn[], rows: number): readonly Field[] {
  const counts = columns.map(({ values }) => values.filter((value) => value !== undefined).length);
  return [rows, ...counts].map((count): Field => [
    7,
    encodeMessage([
      [1, count],
      [10, count < rows ? 1 : 0],
    ]),
  ]);
}

/** In blocks, each with its length before it; one that would only grow is left as it is. */
function compressed(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const deflated = deflateRawSync(block);
    const isSmaller = deflated.byteLength < block.byteLength;
    const kept = isSmaller ? deflated : block;
    blocks.push(headOf(kept.byteLength * 2 + (isSmaller ? 0 : 1)), kept);
  }
  return Buffer.concat(blocks);
}

/** Three bytes, the lowest first; the lowest bit says that the block was left as it is. */
const headOf = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff);
