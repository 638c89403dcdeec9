/** CBOR as Smithy's RPC protocol uses it. Source: https://www.rfc-editor.org/rfc/rfc8949 */
import { assert } from "../kernel/assert.ts";
import { checkDepth, Malformed } from "./malformed.ts";
import { dateOfSeconds } from "./timestamp.ts";
import { isFields, setEntry } from "./value.ts";

/** The three bits that begin every item. */
const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const;

const EPOCH_TAG = 1;
const INDEFINITE = 31;
const BREAK = 0xff;

/** @throws {Malformed} where `bytes` are not one CBOR item. */
export function parseCbor(bytes: Uint8Array): unknown {
  const reader = new CborReader(bytes);
  const value = reader.item(0);
  reader.expectEnd();
  return value;
}

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  expectEnd(): void {
    if (this.#at !== this.#bytes.byteLength) throw malformed();
  }

  item(depth: number): unknown {
    checkDepth(depth);
    const head = this.#bytes[this.#take(1)] ?? 0;
    const extra = head & 31;
    switch (head >> 5) {
      case MAJOR.unsigned:
        return plain(this.#argument(extra));
      case MAJOR.negative:
        return plain(-1n - BigInt(this.#argument(extra)));
      case MAJOR.bytes:
        return this.#string(extra, MAJOR.bytes);
      case MAJOR.text:
        return Buffer.from(this.#string(extra, MAJOR.text)).toString();
      case MAJOR.list:
        return this.#list(extra, depth + 1);
      case MAJOR.map:
        return this.#map(extra, depth + 1);
      case MAJOR.tag:
        return this.#tagged(this.#argument(extra), depth + 1);
      default:
        return this.#simple(extra);
    }
  }

  /** Steps over `count` bytes; gives where they begin. */
  #take(count: number): number {
    const start = this.#at;
    if (count > this.#bytes.byteLength - start) throw malformed();
    this.#at = start + count;
    return start;
  }

  #argument(extra: number): number | bigint {
    if (extra < 24) return extra;
    if (extra === 24) return this.#view.getUint8(this.#take(1));
    if (extra === 25) return this.#view.getUint16(this.#take(2));
    if (extra === 26) return this.#view.getUint32(this.#take(4));
    if (extra === 27) return this.#view.getBigUint64(this.#take(8));
    throw malformed();
  }

  /** A count of items, of which each takes at least one byte. */
  #count(extra: number): number {
    const count = Number(this.#argument(extra));
    if (count > this.#bytes.byteLength - this.#at) throw malformed();
    return count;
  }

  #string(extra: number, major: 2 | 3): Uint8Array {
    if (extra !== INDEFINITE) {
      const size = this.#count(extra);
      const start = this.#take(size);
      return this.#bytes.subarray(start, start + size);
    }
    const pieces: Uint8Array[] = [];
    while (!this.#atBreak()) {
      const head = this.#bytes[this.#take(1)] ?? 0;
      if (head >> 5 !== major || (head & 31) === INDEFINITE) throw malformed();
      pieces.push(this.#string(head & 31, major));
    }
    return Buffer.concat(pieces);
  }

  #list(extra: number, depth: number): unknown[] {
    const items: unknown[] = [];
    if (extra === INDEFINITE) while (!this.#atBreak()) items.push(this.item(depth));
    else for (let left = this.#count(extra); left > 0; left--) items.push(this.item(depth));
    return items;
  }

  #map(extra: number, depth: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    const add = (): void => {
      const key = this.item(depth);
      if (typeof key !== "string") throw malformed();
      setEntry(entries, key, this.item(depth));
    };
    if (extra === INDEFINITE) while (!this.#atBreak()) add();
    else for (let left = this.#count(extra); left > 0; left--) add();
    return entries;
  }

  #atBreak(): boolean {
    if (this.#at >= this.#bytes.byteLength) throw malformed();
    if (this.#bytes[this.#at] !== BREAK) return false;
    this.#at++;
    return true;
  }

  #tagged(tag: number | bigint, depth: number): unknown {
    const value = this.item(depth);
    if (tag !== EPOCH_TAG) return value;
    if (typeof value !== "number") throw malformed();
    return dateOfSeconds(value);
  }

  #simple(extra: number): unknown {
    switch (extra) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return this.#view.getFloat16(this.#take(2));
      case 26:
        return this.#view.getFloat32(this.#take(4));
      case 27:
        return this.#view.getFloat64(this.#take(8));
      default:
        throw malformed();
    }
  }
}

/** No operation has a number that JavaScript cannot hold. */
const plain = (value: number | bigint): number => Number(value);

// Differs: AWS's words for this are unknown.
const malformed = (): Malformed => new Malformed("The request body is not valid CBOR.");

/** A number that is written as a double, whole or not. */
export class CborDouble {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/** `value` of null, booleans, numbers, strings, bytes, dates, arrays and objects. */
export function formatCbor(value: unknown): Uint8Array {
  const writer = new CborWriter();
  writer.item(value);
  return writer.bytes();
}

class CborWriter {
  #bytes = Buffer.allocUnsafe(512);
  #at = 0;

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  item(value: unknown): void {
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "boolean") this.#head(MAJOR.simple, value ? 21 : 20);
    else if (typeof value === "object") this.#object(value);
    else assert(false, `CBOR has no ${typeof value} here`);
  }

  #object(value: object | null): void {
    if (value === null) this.#head(MAJOR.simple, 22);
    else if (value instanceof Uint8Array) this.#string(MAJOR.bytes, value);
    else if (value instanceof Date) this.#date(value);
    else if (value instanceof CborDouble) this.#double(value.number);
    else if (Array.isArray(value)) this.#list(value);
    else if (isFields(value)) this.#map(Object.entries(value));
  }

  /** Lists and maps end where they end, as AWS's do: their heads do not say how long they are. */
  #list(items: readonly unknown[]): void {
    this.#byte((MAJOR.list << 5) | INDEFINITE);
    for (const item of items) this.item(item);
    this.#byte(BREAK);
  }

  #map(entries: readonly [string, unknown][]): void {
    this.#byte((MAJOR.map << 5) | INDEFINITE);
    for (const [key, value] of entries) {
      if (value === undefined) continue;
      this.#text(key);
      this.item(value);
    }
    this.#byte(BREAK);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  #date(date: Date): void {
    this.#head(MAJOR.tag, EPOCH_TAG);
    this.#double(date.getTime() / 1000);
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.#double(value);
    else if (value >= 0) this.#head(MAJOR.unsigned, value);
    else this.#head(MAJOR.negative, -1 - value);
  }

  #double(value: number): void {
    this.#reserve(9);
    this.#bytes[this.#at] = (MAJOR.simple << 5) | 27;
    this.#bytes.writeDoubleBE(value, this.#at + 1);
    this.#at += 9;
  }

  #text(value: string): void {
    this.#string(MAJOR.text, Buffer.from(value));
  }

  #string(major: 2 | 3, bytes: Uint8Array): void {
    this.#head(major, bytes.byteLength);
    this.#reserve(bytes.byteLength);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  #head(major: number, argument: number): void {
    this.#reserve(9);
    const first = major << 5;
    if (argument < 24) {
      this.#bytes[this.#at++] = first | argument;
    } else if (argument < 2 ** 8) {
      this.#bytes[this.#at++] = first | 24;
      this.#at = this.#bytes.writeUInt8(argument, this.#at);
    } else if (argument < 2 ** 16) {
      this.#bytes[this.#at++] = first | 25;
      this.#at = this.#bytes.writeUInt16BE(argument, this.#at);
    } else if (argument < 2 ** 32) {
      this.#bytes[this.#at++] = first | 26;
      this.#at = this.#bytes.writeUInt32BE(argument, this.#at);
    } else {
      this.#bytes[this.#at++] = first | 27;
      this.#at = this.#bytes.writeBigUInt64BE(BigInt(argument), this.#at);
    }
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.byteLength) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.byteLength, this.#at + count));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
