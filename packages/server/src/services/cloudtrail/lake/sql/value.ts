/** Values of queries: what there is, how they compare, and what keys they make. */

export type Value =
  | null
  | boolean
  /** A whole number. */
  | bigint
  | number
  | string
  | Instant
  | Interval
  | Json
  | Lambda
  | Struct
  | readonly Value[]
  | ReadonlyMap<string, Value>;

export type InstantKind = "timestamp" | "timestamp with time zone" | "date";

/** A moment, in UTC. */
export class Instant {
  readonly ms: number;
  readonly kind: InstantKind;

  constructor(ms: number, kind: InstantKind) {
    this.ms = ms;
    this.kind = kind;
  }
}

export class Interval {
  readonly ms: number;
  readonly months: number;

  constructor({ ms, months }: { readonly ms: number; readonly months: number }) {
    this.ms = ms;
    this.months = months;
  }
}

/** A value of the type `json`. */
export class Json {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** What is given to functions that call it. */
export class Lambda {
  readonly call: (...given: readonly Value[]) => Value;

  constructor(call: (...given: readonly Value[]) => Value) {
    this.call = call;
  }
}

/** A row within a row, by the lowercase names of its fields. */
export class Struct {
  readonly fields: ReadonlyMap<string, Value>;

  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields;
  }
}

/** Ends a query that is running. */
export class QueryFailure extends Error {
  override readonly name = "QueryFailure";
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;

/** As messages call it. */
export function typeNameOf(value: Value): string {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "bigint") return "bigint";
  if (typeof value === "number") return "double";
  return typeof value === "string" ? "varchar" : objectTypeOf(value);
}

function objectTypeOf(value: Exclude<Value, boolean | bigint | number | string>): string {
  if (value === null) return "unknown";
  if (value instanceof Instant) return value.kind;
  if (value instanceof Interval) return "interval";
  if (value instanceof Json) return "json";
  if (value instanceof Struct) return "row";
  if (value instanceof Lambda) return "function";
  return isMap(value) ? "map" : "array";
}

export const isNumber = (value: Value): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

/** @throws {QueryFailure} where it is no number */
export function requireNumber(value: Value): number {
  if (!isNumber(value)) throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where a number is expected`);
  return Number(value);
}

/** @throws {QueryFailure} where it is no text */
export function requireText(value: Value): string {
  if (typeof value !== "string") {
    throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where varchar is expected`);
  }
  return value;
}

/** Source: https://trino.io/docs/current/functions/logical.html (`null` is neither) */
export function requireTruth(value: Value): boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where boolean is expected`);
}

/** What no other value has, but those that are equal. */
export function keyOf(value: Value): string {
  if (value === null) return "n";
  if (isNumber(value)) return `#${Number(value)}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Instant) return `@${value.ms}`;
  if (value instanceof Interval) return `i${value.months},${value.ms}`;
  if (value instanceof Json) return `j${JSON.stringify(value.value)}`;
  if (value instanceof Lambda) return "l";
  if (isList(value)) return `[${value.map(keyOf).join(",")}]`;
  const entries = value instanceof Struct ? value.fields : value;
  const keys = [...entries].map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`);
  return `{${keys.toSorted().join(",")}}`;
}

export const rowKey = (row: readonly Value[]): string => row.map(keyOf).join("|");
