/** Holds what a handler gave to what the model promised; a difference is our own mistake. */
import { assert } from "../kernel/assert.ts";
import type { ByteStream } from "../kernel/bytes.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function fieldsOf(value: unknown): Fields {
  assert(isFields(value), "a structure or map is an object");
  return value;
}

export function listOf(value: unknown): readonly unknown[] {
  assert(Array.isArray(value), "a list is an array");
  return value;
}

export function textOf(value: unknown): string {
  assert(typeof value === "string", "a string is a string");
  return value;
}

export function numberOf(value: unknown): number {
  assert(typeof value === "number", "a number is a number");
  return value;
}

export function dateOf(value: unknown): Date {
  assert(value instanceof Date, "a timestamp is a date");
  return value;
}

/** Bytes; text stands for its UTF-8. */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value === "string") return Buffer.from(value);
  assert(value instanceof Uint8Array, "a blob is bytes");
  return value;
}

export const isByteStream = (value: unknown): value is ByteStream =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Sets `name` as an own entry, whatever it is called. */
export function setEntry(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    record[name] = value;
  }
}
