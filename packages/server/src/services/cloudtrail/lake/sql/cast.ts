/** Conversions between types. Source: https://trino.io/docs/current/functions/conversion.html */
import { findOwn } from "../../../../kernel/lookup.ts";
import { formatValue } from "./format.ts";
import { scalarText, toJson } from "./json.ts";
import type { CastType } from "./syntax.ts";
import { dateOf, readInstant } from "./time.ts";
import { said } from "./token.ts";
import {
  Instant,
  type InstantKind,
  isList,
  isMap,
  isNumber,
  Json,
  QueryFailure,
  Struct,
  typeNameOf,
  type Value,
} from "./value.ts";

/** Longer ones are no number that fits, whatever they begin with. */
const WHOLE_TEXT = /^[+-]?\d{1,1000}$/;

type Cast = (value: Value) => Value;

const WHOLE: ReadonlySet<string> = new Set(["bigint", "integer", "int", "smallint", "tinyint"]);
const FRACTIONAL: ReadonlySet<string> = new Set(["double", "real", "decimal"]);
const TEXTUAL: ReadonlySet<string> = new Set(["varchar", "char", "string"]);

/** @throws {AwsError} `InvalidQueryStatementException` where there is no such type */
export function castTo(type: CastType): Cast {
  const plain = plainCast(type);
  return (value) => (value === null ? null : plain(value));
}

function plainCast(type: CastType): (value: Exclude<Value, null>) => Value {
  const { name, of } = type;
  if (TEXTUAL.has(name)) return textFrom;
  if (WHOLE.has(name)) return (value) => wholeFrom(value, name);
  if (FRACTIONAL.has(name)) return (value) => doubleFrom(value, name);
  const own = findOwn(CASTS, name);
  if (own !== undefined) return own;
  const [first, second] = of;
  if (name === "array" && first !== undefined) return arrayCast(castTo(first));
  if (name === "map" && second !== undefined) return mapCast(castTo(second));
  throw said(type, `Unknown type: ${name}`);
}

const instantCast =
  (kind: InstantKind): Cast =>
  (value) =>
    new Instant(instantFrom(value, kind).ms, kind);

const CASTS: Readonly<Record<string, Cast>> = {
  boolean: booleanFrom,
  json: (value) => new Json(toJson(value)),
  date: (value) => dateOf(instantFrom(value, "date")),
  timestamp: instantCast("timestamp"),
  "timestamp with time zone": instantCast("timestamp with time zone"),
};

const unfit = (value: Value, type: string): QueryFailure =>
  new QueryFailure(`Cannot cast ${typeof value === "string" ? `'${value}'` : typeNameOf(value)} to ${type}`);

/** What JSON holds, as values of our own. */
const unwrapped = (value: Value): Value => (value instanceof Json ? fromJson(value.value) : value);

function fromJson(value: unknown): Value {
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  return value === null ? null : new Json(value);
}

function textFrom(value: Value): Value {
  if (value instanceof Json) return value.value === null ? null : (scalarText(value.value) ?? formatValue(value));
  return formatValue(value);
}

function wholeFrom(given: Value, type: string): Value {
  const value = unwrapped(given);
  if (typeof value === "bigint" || value === null) return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.round(value));
  if (typeof value === "string" && WHOLE_TEXT.test(value.trim())) return BigInt(value.trim());
  throw unfit(value, type);
}

function doubleFrom(given: Value, type: string): Value {
  const value = unwrapped(given);
  if (value === null) return null;
  if (isNumber(value)) return Number(value);
  if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value);
  throw unfit(value, type);
}

function booleanFrom(given: Value): Value {
  const value = unwrapped(given);
  if (typeof value === "boolean" || value === null) return value;
  if (isNumber(value)) return Number(value) !== 0;
  const text = typeof value === "string" ? value.toLowerCase() : "";
  if (["true", "t", "1"].includes(text)) return true;
  if (["false", "f", "0"].includes(text)) return false;
  throw unfit(value, "boolean");
}

function instantFrom(given: Value, type: string): Instant {
  const value = unwrapped(given);
  if (value instanceof Instant) return value;
  const read = typeof value === "string" ? readInstant(value) : undefined;
  if (read === undefined) throw unfit(value, type);
  return read;
}

const arrayCast =
  (member: Cast): Cast =>
  (value) => {
    const held: unknown = value instanceof Json ? value.value : undefined;
    if (Array.isArray(held)) return held.map((one: unknown) => member(new Json(one)));
    if (isList(value)) return value.map(member);
    throw unfit(value, "array");
  };

const mapCast =
  (member: Cast): Cast =>
  (value) => {
    const held: unknown = value instanceof Json ? value.value : undefined;
    if (typeof held === "object" && held !== null && !Array.isArray(held)) {
      return new Map(Object.entries(held).map(([name, one]: [string, unknown]) => [name, member(new Json(one))]));
    }
    if (isMap(value)) return new Map([...value].map(([name, one]) => [name, member(one)]));
    if (value instanceof Struct) return new Map([...value.fields].map(([name, one]) => [name, member(one)]));
    throw unfit(value, "map");
  };
