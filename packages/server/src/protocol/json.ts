/** Values of the model as JSON. */
import { isAsWritten, jsonDouble, parseExactly } from "../kernel/json-double.ts";
import { findOwn } from "../kernel/lookup.ts";
import {
  isSimple,
  type ListShape,
  type MapShape,
  type Member,
  type Shape,
  type SimpleShape,
  type StructureShape,
  type UnionShape,
} from "../model/shape.ts";
import { holdsDoubles, writeDoubles } from "./double.ts";
import { checkDepth, DEPTH_MAX, Malformed } from "./malformed.ts";
import { formatBase64, parseBase64 } from "./scalar.ts";
import { dateOfSeconds, epochSeconds, formatTimestamp, parseTimestamp } from "./timestamp.ts";
import { bytesOf, dateOf, fieldsOf, isFields, listOf, setEntry, type Fields } from "./value.ts";

/** What a member is called: the AWS JSON protocols do not know `jsonName`. */
export type Naming = (member: Member) => string;

export const byMemberName: Naming = (member) => member.name;
export const byJsonName: Naming = (member) => member.traits.jsonName ?? member.name;

/**
 * `bytes` for `decodeJson`: whoever reads a document of `shape` may have to give its numbers back digit by digit.
 *
 * @throws {Malformed} where `bytes` are not JSON.
 */
export function parseJson(bytes: Uint8Array, shape: Shape): unknown {
  const parse = holdsDocuments(shape) ? parseExactly : JSON.parse;
  try {
    return parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    // Differs: AWS gives this error no message at all.
    throw new Malformed("The request body is not valid JSON.");
  }
}

const documentsInStructures = new WeakMap<StructureShape, boolean>();

/** Itself, or in its members and their lists. */
function holdsDocuments(shape: Shape): boolean {
  if (shape.kind !== "structure") return shape.kind === "document";
  const known = documentsInStructures.get(shape);
  if (known !== undefined) return known;
  const holds = shape.members.some(({ shape: of }) => (of.kind === "list" ? of.member.shape : of).kind === "document");
  documentsInStructures.set(shape, holds);
  return holds;
}

/** The members of `shape` that `naming` finds in `value`, but for those that `skip` names. */
export function decodeMembers(
  shape: StructureShape | UnionShape,
  value: unknown,
  { naming, depth = 0, skip }: { naming: Naming; depth?: number; skip?: (member: Member) => boolean },
): Record<string, unknown> {
  const fields = expectFields(value);
  checkDepth(depth);
  const decoded: Record<string, unknown> = {};
  for (const member of shape.members) {
    if (skip?.(member)) continue;
    const name = naming(member);
    const written = findOwn(fields, name);
    if (written === undefined || written === null) continue;
    decoded[member.name] = decodeJson(member.shape, written, naming, depth + 1);
  }
  return decoded;
}

/** @throws {Malformed} where `value` is of another type. */
export function decodeJson(shape: Shape, value: unknown, naming: Naming, depth = 0): unknown {
  if (isSimple(shape)) return decodeSimple(shape, value, depth);
  switch (shape.kind) {
    case "list":
      return decodeList(shape, value, naming, depth);
    case "map":
      return decodeMap(shape, value, naming, depth);
    case "structure":
    case "union":
      return decodeMembers(shape, value, { naming, depth });
  }
}

function decodeSimple(shape: SimpleShape, value: unknown, depth: number): unknown {
  switch (shape.kind) {
    case "string":
      return typeof value === "string" ? value : refuse(value, "a String");
    case "number":
      return typeof value === "number" ? value : specialNumber(value);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(value, "a Boolean");
    case "timestamp":
      return decodeTimestamp(value);
    case "blob":
      return typeof value === "string" ? parseBase64(value) : refuse(value, "a Blob");
    case "document":
      return checkDocument(value, depth);
  }
}

function decodeList({ member }: ListShape, value: unknown, naming: Naming, depth: number): unknown[] {
  // Source: https://github.com/aws/aws-cli/issues/2926 (the message)
  if (!Array.isArray(value)) throw new Malformed("Expected list or null");
  checkDepth(depth);
  return value.map((item) => (item === null ? null : decodeJson(member.shape, item, naming, depth + 1)));
}

function decodeMap({ value: member }: MapShape, value: unknown, naming: Naming, depth: number): Fields {
  const fields = expectFields(value);
  checkDepth(depth);
  const decoded: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const item = fields[key];
    setEntry(decoded, key, item === null ? null : decodeJson(member.shape, item, naming, depth + 1));
  }
  return decoded;
}

function decodeTimestamp(value: unknown): Date {
  if (typeof value === "number") return dateOfSeconds(value);
  return typeof value === "string" ? parseTimestamp(value) : refuse(value, "a Timestamp");
}

function specialNumber(value: unknown): number {
  if (isAsWritten(value)) return Number(value.rawJSON);
  return value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : refuse(value, "an Integer");
}

function expectFields(value: unknown): Fields {
  if (isFields(value)) return value;
  throw new Malformed(
    Array.isArray(value) ? "Start of list found where not expected" : "Unexpected token in place of a structure or map",
  );
}

function checkDocument(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) checkDepth(depth);
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) checkDocument(item, depth + 1);
  }
  return value;
}

/**
 * Source: https://github.com/async-aws/aws/issues/1667, https://github.com/aarondfrancis/sidecar/issues/148
 * @throws {Malformed}
 */
function refuse(value: unknown, wanted: string): never {
  if (Array.isArray(value)) throw new Malformed("Start of list found where not expected");
  if (typeof value === "object") throw new Malformed("Start of structure or map found where not expected.");
  const found =
    typeof value === "boolean" ? String(value).toUpperCase() : typeof value === "number" ? "NUMBER" : "STRING";
  throw new Malformed(`${found}_VALUE can not be converted to ${wanted}`);
}

export function encodeMembers(
  shape: StructureShape | UnionShape,
  value: Fields,
  naming: Naming,
  skip?: (member: Member) => boolean,
): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const member of shape.members) {
    const item = value[member.name];
    if (item === undefined || item === null || skip?.(member)) continue;
    encoded[naming(member)] = holdsDoubles(member.limits)
      ? writeDoubles(item, jsonDouble)
      : encodeJson(member.shape, item, naming);
  }
  return encoded;
}

/** `value` as `JSON.stringify` takes it. */
export function encodeJson(shape: Shape, value: unknown, naming: Naming): unknown {
  if (isSimple(shape)) return encodeSimple(shape, value);
  switch (shape.kind) {
    case "list":
      return listOf(value).map((item) => (item === null ? null : encodeJson(shape.member.shape, item, naming)));
    case "map":
      return encodeMap(shape, fieldsOf(value), naming);
    case "structure":
    case "union":
      return encodeMembers(shape, fieldsOf(value), naming);
  }
}

function encodeSimple(shape: SimpleShape, value: unknown): unknown {
  switch (shape.kind) {
    case "string":
    case "boolean":
    case "document":
      return value;
    case "number":
      return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    case "timestamp":
      return encodeTimestamp(dateOf(value), shape.format);
    case "blob":
      return formatBase64(bytesOf(value));
  }
}

function encodeMap({ value: member }: MapShape, value: Fields, naming: Naming): Fields {
  const encoded: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    setEntry(encoded, key, item === null ? null : encodeJson(member.shape, item, naming));
  }
  return encoded;
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.py (test_basic_operations_multiple_protocols, run against AWS: seconds are doubles) */
function encodeTimestamp(date: Date, format: "date-time" | "http-date" | "epoch-seconds" | undefined): unknown {
  return format === undefined || format === "epoch-seconds"
    ? jsonDouble(epochSeconds(date))
    : formatTimestamp(date, format);
}
