/**
 * Reads ORC files as far as tests have them: one stripe, ZLIB, columns encoded directly, version 1 of run lengths.
 * Source: https://orc.apache.org/specification/ORCv1/
 */
import { inflateRawSync } from "node:zlib";

export interface OrcFile {
  /** `key:string` */
  readonly columns: readonly string[];
  /** Times in milliseconds; `undefined`: nothing is said. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

type Message = Readonly<Record<number, readonly (number | Buffer)[]>>;

const KINDS: Readonly<Record<number, string>> = { 0: "boolean", 4: "bigint", 7: "string", 9: "timestamp" };

export function readOrc(bytes: Uint8Array): OrcFile {
  const file = Buffer.from(bytes);
  const postscriptFrom = file.length - 1 - (file.at(-1) ?? 0);
  const postscript = messageIn(file.subarray(postscriptFrom, -1));
  const footer = messageIn(inflated(file.subarray(postscriptFrom - numberIn(postscript, 1), postscriptFrom)));
  const [row, ...types] = messagesIn(footer, 4);
  const names = (row?.[3] ?? []).map(String);
  const kinds = types.map((type) => KINDS[numberIn(type, 1)] ?? "unknown");
  const columns = names.map((name, at) => `${name}:${kinds[at]}`);
  const rows = numberIn(footer, 6);
  const [stripe] = messagesIn(footer, 3);
  if (stripe === undefined) return { columns, rows: [] };
  const values = columnsOf(file, stripe, { kinds, rows });
  const rowAt = (at: number) => Object.fromEntries(names.map((name, column) => [name, values[column]?.[at]]));
  return { columns, rows: Array.from({ length: rows }, (_, at) => rowAt(at)) };
}

interface Shape {
  readonly kinds: readonly string[];
  readonly rows: number;
}

function columnsOf(file: Buffer, stripe: Message, { kinds, rows }: Shape): readonly (readonly unknown[])[] {
  let at = numberIn(stripe, 1);
  const footerFrom = at + numberIn(stripe, 3);
  const footer = messageIn(inflated(file.subarray(footerFrom, footerFrom + numberIn(stripe, 4))));
  const streams = new Map<string, Buffer>();
  for (const stream of messagesIn(footer, 1)) {
    const length = numberIn(stream, 3);
    streams.set(`${numberIn(stream, 2)}/${numberIn(stream, 1)}`, inflated(file.subarray(at, at + length)));
    at += length;
  }
  return kinds.map((kind, index) => {
    const stream = (of: number) => streams.get(`${index + 1}/${of}`);
    const present = stream(0);
    const there = present === undefined ? undefined : bitsIn(present, rows);
    const count = there?.filter(Boolean).length ?? rows;
    const values = valuesIn(kind, stream, count).values();
    return Array.from({ length: rows }, (_, row) => (there?.[row] === false ? undefined : values.next().value));
  });
}

function valuesIn(kind: string, stream: (of: number) => Buffer | undefined, count: number): readonly unknown[] {
  const [first = Buffer.alloc(0), lengths = Buffer.alloc(0), second = Buffer.alloc(0)] = [1, 2, 5].map(stream);
  switch (kind) {
    case "boolean":
      return bitsIn(first, count);
    case "bigint":
      return integersIn(first, unzigzag);
    case "string": {
      let from = 0;
      return integersIn(lengths).map((length) => first.toString("utf8", from, (from += length)));
    }
    default: {
      const nanos = integersIn(second).map(
        (packed) => Math.floor(packed / 8) * (packed % 8 ? 10 ** ((packed % 8) + 1) : 1),
      );
      const seconds = integersIn(first, unzigzag);
      return seconds.map((value, at) => Date.UTC(2015, 0, 1) + value * 1000 + (nanos[at] ?? 0) / 1_000_000);
    }
  }
}

const unzigzag = (value: number): number => (value % 2 ? -(value + 1) / 2 : value / 2);

function inflated(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = bytes.readUIntLE(at, 3);
    const block = bytes.subarray(at + 3, at + 3 + (head >> 1));
    blocks.push(head & 1 ? block : inflateRawSync(block));
    at += 3 + (head >> 1);
  }
  return Buffer.concat(blocks);
}

/** Reads on from where it stopped. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }
  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }
  varint(): number {
    for (let [value, factor] = [0, 1]; ; factor *= 128) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (next < 128) return value;
    }
  }
  take(count: number): Buffer {
    return this.#bytes.subarray(this.#at, (this.#at += count));
  }
}

function messageIn(bytes: Buffer): Message {
  const fields: Record<number, (number | Buffer)[]> = {};
  for (const cursor = new Cursor(bytes); !cursor.isAtEnd;) {
    const tag = cursor.varint();
    const value = tag % 8 === 2 ? cursor.take(cursor.varint()) : cursor.varint();
    (fields[Math.floor(tag / 8)] ??= []).push(value);
  }
  return fields;
}

const numberIn = (message: Message, field: number): number => Number(message[field]?.[0] ?? 0);

const messagesIn = (message: Message, field: number): readonly Message[] =>
  (message[field] ?? []).map((value) => messageIn(Buffer.isBuffer(value) ? value : Buffer.alloc(0)));

function runsIn(bytes: Buffer, read: (cursor: Cursor) => number, readDelta: (cursor: Cursor) => number): number[] {
  const values: number[] = [];
  for (const cursor = new Cursor(bytes); !cursor.isAtEnd;) {
    const head = cursor.byte();
    if (head >= 128) {
      for (let left = 256 - head; left > 0; left--) values.push(read(cursor));
      continue;
    }
    const delta = readDelta(cursor);
    const first = read(cursor);
    for (let at = 0; at < head + 3; at++) values.push(first + at * delta);
  }
  return values;
}

const integersIn = (bytes: Buffer, meant: (value: number) => number = (value) => value): number[] =>
  runsIn(
    bytes,
    (cursor) => meant(cursor.varint()),
    (cursor) => (cursor.byte() << 24) >> 24,
  );

const bitsIn = (bytes: Buffer, count: number): readonly boolean[] =>
  runsIn(
    bytes,
    (cursor) => cursor.byte(),
    () => 0,
  )
    .flatMap((byte) => Array.from({ length: 8 }, (_, at) => (byte & (0x80 >> at)) !== 0))
    .slice(0, count);
