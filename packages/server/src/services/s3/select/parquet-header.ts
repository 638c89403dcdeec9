/**
 * What a Parquet file says of itself, walked before anything is made of it: a list that claims more than there is, or
 * a number without an end, is refused.
 * Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { parquetParsing } from "./errors.ts";
import { HEADER_BYTES_MAX } from "./limits.ts";

const DEPTH_MAX = 32;
const NUMBER_BYTES_MAX = 10;

/** The types of fields and elements, as numbers of the protocol. */
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const INT_16 = 4;
const INT_32 = 5;
const INT_64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Bytes that are read one after the other. @throws {AwsError} `ParquetParsingError` at their end */
export class ByteWalk {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.byteLength - this.at;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw parquetParsing();
    return byte;
  }

  skip(bytes: number): void {
    if (bytes > this.left) throw parquetParsing();
    this.at += bytes;
  }

  /** Seven bits a byte, the lowest first. */
  number(): number {
    let number = 0;
    for (let at = 0; at < NUMBER_BYTES_MAX; at++) {
      const byte = this.byte();
      number += (byte & 0x7f) * 2 ** (7 * at);
      if (byte < 0x80) return number;
    }
    throw parquetParsing();
  }

  /** The same, of no more bits than the library reads. */
  size(): number {
    const size = this.number();
    if (size >= 2 ** 32) throw parquetParsing();
    return size;
  }
}

/** What a structure has of numbers, of what is so or not, and of such structures, by the numbers of its fields. */
export interface Fields extends ReadonlyMap<number, number | boolean | Fields> {}

interface Header {
  readonly fields: Fields;
  readonly endsAt: number;
}

/** The structure that begins at `at`. @throws {AwsError} `ParquetParsingError` */
export function readHeader(bytes: Uint8Array, at: number): Header {
  const walk = new ByteWalk(bytes.subarray(0, at + HEADER_BYTES_MAX), at);
  const fields = readStruct(walk, 0);
  return { fields, endsAt: walk.at };
}

/** Those below zero stand between the others. */
export const signed = (number: number): number => (number % 2 === 0 ? number / 2 : -(number + 1) / 2);

function readStruct(walk: ByteWalk, depth: number): Fields {
  if (depth > DEPTH_MAX) throw parquetParsing();
  const fields = new Map<number, number | boolean | Fields>();
  let id = 0;
  for (;;) {
    const head = walk.byte();
    const type = head & 0x0f;
    if (type === STOP) return fields;
    id = head >> 4 === 0 ? signed(walk.size()) : id + (head >> 4);
    const value = type === TRUE || type === FALSE ? type === TRUE : readElement(walk, type, depth);
    if (value === undefined) fields.delete(id);
    else fields.set(id, value);
  }
}

function readElement(walk: ByteWalk, type: number, depth: number): number | Fields | undefined {
  if (type === STRUCT) return readStruct(walk, depth + 1);
  if (type === INT_16 || type === INT_32) return signed(walk.size());
  if (type === LIST) skipList(walk, depth + 1);
  else if (type === BINARY) walk.skip(walk.size());
  else if (type === DOUBLE) walk.skip(8);
  else if (type === TRUE || type === FALSE || type === BYTE) walk.skip(1);
  else if (type === INT_64) walk.number();
  else throw parquetParsing();
  return undefined;
}

function skipList(walk: ByteWalk, depth: number): void {
  if (depth > DEPTH_MAX) throw parquetParsing();
  const head = walk.byte();
  const size = head >> 4 === 15 ? walk.size() : head >> 4;
  if (size > walk.left) throw parquetParsing();
  for (let at = 0; at < size; at++) readElement(walk, head & 0x0f, depth);
}
