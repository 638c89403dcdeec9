/** Values of the model as CBOR holds them: as JSON does, but for bytes, timestamps and special numbers. */
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
import { CborDouble } from "./cbor.ts";
import { holdsDoubles, writeDoubles } from "./double.ts";
import { Malformed } from "./malformed.ts";
import { bytesOf, dateOf, fieldsOf, isFields, listOf, setEntry, type Fields } from "./value.ts";

/** @throws {Malformed} where a value is of another type. */
export function decodeCborMembers({ members }: StructureShape | UnionShape, value: unknown): Record<string, unknown> {
  const fields = expectFields(value);
  const decoded: Record<string, unknown> = {};
  for (const { name, shape } of members) {
    const item = findOwn(fields, name);
    if (item !== undefined && item !== null) decoded[name] = decodeCbor(shape, item);
  }
  return decoded;
}

function decodeCbor(shape: Shape, value: unknown): unknown {
  if (isSimple(shape)) return decodeSimple(shape, value);
  switch (shape.kind) {
    case "list":
      return decodeList(shape, value);
    case "map":
      return decodeMap(shape, value);
    case "structure":
    case "union":
      return decodeCborMembers(shape, value);
  }
}

function decodeSimple(shape: SimpleShape, value: unknown): unknown {
  switch (shape.kind) {
    case "string":
      return typeof value === "string" ? value : refuse("a string");
    case "number":
      return typeof value === "number" ? value : refuse("a number");
    case "boolean":
      return typeof value === "boolean" ? value : refuse("a boolean");
    case "timestamp":
      return value instanceof Date ? value : refuse("a timestamp");
    case "blob":
      return value instanceof Uint8Array ? value : refuse("a blob");
    case "document":
      return value;
  }
}

function decodeList({ member }: ListShape, value: unknown): unknown[] {
  if (!Array.isArray(value)) return refuse("a list");
  return value.map((item) => (item === null ? null : decodeCbor(member.shape, item)));
}

function decodeMap({ value: member }: MapShape, value: unknown): Fields {
  const decoded: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(expectFields(value))) {
    setEntry(decoded, key, item === null ? null : decodeCbor(member.shape, item));
  }
  return decoded;
}

function expectFields(value: unknown): Fields {
  const isEntries = isFields(value) && !(value instanceof Date) && !(value instanceof Uint8Array);
  return isEntries ? value : refuse("a structure or map");
}

// Differs: AWS's words for this are unknown.
function refuse(wanted: string): never {
  throw new Malformed(`A value of another type was found in place of ${wanted}.`);
}

export function encodeCborMembers(
  { members }: StructureShape | UnionShape,
  value: Fields,
  skip?: (member: Member) => boolean,
): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const member of members) {
    const item = value[member.name];
    if (item === undefined || item === null || skip?.(member)) continue;
    encoded[member.name] = holdsDoubles(member.limits)
      ? writeDoubles(item, (number) => new CborDouble(number))
      : encodeCbor(member.shape, item);
  }
  return encoded;
}

/** `value` as `formatCbor` takes it. */
export function encodeCbor(shape: Shape, value: unknown): unknown {
  if (shape.kind === "timestamp") return dateOf(value);
  if (shape.kind === "blob") return bytesOf(value);
  if (isSimple(shape)) return value;
  switch (shape.kind) {
    case "list":
      return listOf(value).map((item) => encodeCbor(shape.member.shape, item));
    case "map":
      return encodeMap(shape, fieldsOf(value));
    case "structure":
    case "union":
      return encodeCborMembers(shape, fieldsOf(value));
  }
}

function encodeMap({ value: member }: MapShape, value: Fields): Fields {
  const encoded: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) setEntry(encoded, key, encodeCbor(member.shape, item));
  return encoded;
}
