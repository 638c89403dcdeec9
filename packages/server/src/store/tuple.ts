/**
 * Keys as byte strings that sort like the tuples they stand for: FoundationDB's tuple layer, one
 * latin1 character per byte, so that JavaScript's `<` and a database's memcmp agree.
 *
 * Bytes sort before strings, strings before numbers, numbers before booleans. Every number is
 * written as a double: the layer's integers would sort before all fractions, and numbers here are
 * ordered by value.
 * Source: https://github.com/apple/foundationdb/blob/main/design/tuple.md
 */
import { assert } from "../kernel/assert.ts";
import type { Key, KeyPart } from "../kernel/table.ts";

const BYTES = "\x01";
const STRING = "\x02";
const DOUBLE = "\x21";
const FALSE = "\x26";
const TRUE = "\x27";
const END = "\x00";
const ESCAPED_NUL = "\x00\xff";
/** Greater than every type code and than every byte of UTF-8. */
const ABOVE = "\xff";

/** `key` as a byte string. */
export function pack(key: Key): string {
  let packed = "";
  for (const part of key) packed += packPart(part);
  return packed;
}

/** The least byte string greater than `packed` itself. */
export function successor(packed: string): string {
  return packed + END;
}

/** Greater than all keys that begin with the whole parts of `packed`, less than all others that follow. */
export function endOfPrefix(packed: string): string {
  return packed + ABOVE;
}

/** What all keys begin with whose next part, after those of `packed`, is a string beginning with `text`. */
export function openString(packed: string, text: string): string {
  return packed + STRING + stringBytes(text);
}

/** @throws {InvariantError} where `packed` was not made by `pack`. */
export function unpack(packed: string): KeyPart[] {
  const parts: KeyPart[] = [];
  for (let at = 0; at < packed.length;) {
    const { part, next } = unpackPart(packed, at);
    parts.push(part);
    at = next;
  }
  return parts;
}

function packPart(part: KeyPart): string {
  if (typeof part === "string") return STRING + stringBytes(part) + END;
  if (typeof part === "number") return DOUBLE + packDouble(part);
  if (typeof part === "boolean") return part ? TRUE : FALSE;
  return BYTES + escape(latin1(part)) + END;
}

interface Unpacked {
  readonly part: KeyPart;
  readonly next: number;
}

function unpackPart(packed: string, at: number): Unpacked {
  const code = packed.charAt(at);
  const start = at + 1;
  if (code === FALSE || code === TRUE) return { part: code === TRUE, next: start };
  if (code === DOUBLE) {
    assert(start + 8 <= packed.length, "a packed number is cut off");
    return { part: unpackDouble(packed.slice(start, start + 8)), next: start + 8 };
  }
  assert(code === STRING || code === BYTES, "a packed key has an unknown type code");
  const { text, next } = readEscaped(packed, start);
  const bytes = Buffer.from(text, "latin1");
  return { part: code === STRING ? bytes.toString("utf8") : new Uint8Array(bytes), next };
}

function readEscaped(packed: string, start: number): { readonly text: string; readonly next: number } {
  let end = packed.indexOf(END, start);
  while (end >= 0 && packed[end + 1] === ABOVE) end = packed.indexOf(END, end + 2);
  assert(end >= 0, "a packed string is cut off");
  return { text: packed.slice(start, end).replaceAll(ESCAPED_NUL, END), next: end + 1 };
}

/** A zero byte inside a part, so that it is not taken for the part's end and still sorts lowest. */
function escape(bytes: string): string {
  return bytes.includes(END) ? bytes.replaceAll(END, ESCAPED_NUL) : bytes;
}

/** Anything but ASCII without NUL, which stands for itself. */
const SPECIAL = /[\0\u0080-\uffff]/;

function stringBytes(text: string): string {
  return SPECIAL.test(text) ? escape(utf8(text)) : text;
}

function utf8(text: string): string {
  assert(text.isWellFormed(), "a key holds half of a surrogate pair");
  return Buffer.from(text, "utf8").toString("latin1");
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

const SIGN = 0x80;

const ZERO = "\x80\0\0\0\0\0\0\0";

/** Big-endian IEEE 754; the sign bit of a positive number and all bits of a negative one are flipped. */
function packDouble(value: number): string {
  if (value === 0) return ZERO;
  assert(!Number.isNaN(value), "a key holds NaN");
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return flip(bytes, (bytes[0] ?? 0) < SIGN).toString("latin1");
}

function unpackDouble(packed: string): number {
  const bytes = Buffer.from(packed, "latin1");
  return flip(bytes, (bytes[0] ?? 0) >= SIGN).readDoubleBE(0);
}

function flip(bytes: Buffer, positive: boolean): Buffer {
  if (positive) bytes[0] = (bytes[0] ?? 0) ^ SIGN;
  else for (const [index, byte] of bytes.entries()) bytes[index] = byte ^ 0xff;
  return bytes;
}
