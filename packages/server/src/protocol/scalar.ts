/** Simple values as text: in forms, headers, queries, paths and XML. */
import { parseDecimal } from "../kernel/decimal.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { SimpleShape, TimestampFormat } from "../model/shape.ts";
import { Malformed } from "./malformed.ts";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";
import { bytesOf, dateOf } from "./value.ts";

/** @throws {Malformed} where `text` does not say such a value. */
export function parseScalar(shape: SimpleShape, text: string): unknown {
  switch (shape.kind) {
    case "string":
    case "document":
      return text;
    case "number":
      return parseNumber(text);
    case "boolean":
      return parseBoolean(text);
    case "timestamp":
      return parseTimestamp(text.trim());
    case "blob":
      return parseBase64(text);
  }
}

/** `format` is what the place has where the model says nothing. */
export function formatScalar(shape: SimpleShape, value: unknown, format: TimestampFormat): string {
  switch (shape.kind) {
    case "string":
    case "number":
    case "boolean":
    case "document":
      return String(value);
    case "timestamp":
      return formatTimestamp(dateOf(value), shape.format ?? format);
    case "blob":
      return formatBase64(bytesOf(value));
  }
}

const SPECIAL_NUMBERS: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };

function parseNumber(text: string): number {
  const trimmed = text.trim();
  const number = parseDecimal(trimmed) ?? findOwn(SPECIAL_NUMBERS, trimmed);
  // AWS's words for this in forms and XML are unknown here; those of its JSON protocols stand in.
  if (number === undefined) throw new Malformed("STRING_VALUE can not be converted to an Integer");
  return number;
}

// Source: https://github.com/boto/boto/issues/309 (the message)
function parseBoolean(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "1") return true;
  if (trimmed === "false" || trimmed === "0") return false;
  throw new Malformed("boolean must follow xsd1.1 definition");
}

export function parseBase64(text: string): Uint8Array {
  const plain = /\s/.test(text) ? text.replaceAll(/\s+/g, "") : text;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) throw new Malformed("The value is not valid base64.");
  return Buffer.from(plain, "base64");
}

export const formatBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
