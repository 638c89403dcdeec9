/** Values of the type `json`. Source: https://trino.io/docs/current/functions/json.html */
import { parseBounded } from "../../../../kernel/bounded-json.ts";
import { parsePath, valueAt } from "../../../../kernel/json-path.ts";
import { formatInstant } from "./time.ts";
import { Instant, isList, isMap, Json, QueryFailure, Struct, typeNameOf, type Value } from "./value.ts";

/** @throws {QueryFailure} where the text is no JSON */
export function parseJson(text: string): Json {
  const parsed = tryParse(text);
  if (parsed === undefined) throw new QueryFailure(`Cannot convert value to JSON: '${text.slice(0, 100)}'`);
  return parsed;
}

function tryParse(text: string): Json | undefined {
  try {
    return new Json(parseBounded(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A text counts as JSON where functions take either; `undefined`: it is none. */
export function jsonOf(value: Value): Json | undefined {
  if (value instanceof Json) return value;
  if (typeof value === "string") return tryParse(value);
  throw new QueryFailure(`Unexpected type: ${typeNameOf(value)} where json is expected`);
}

/** `$.items[0]["name"]` @throws {QueryFailure} */
export function extracted(given: Value, path: string): Json | undefined {
  const steps = parsePath(path.replaceAll(/\["([^"]+)"\]/g, "['$1']"));
  if (steps === undefined) throw new QueryFailure(`Invalid JSON path: '${path}'`);
  const json = jsonOf(given);
  const found = json && valueAt(json.value, steps);
  return found === undefined ? undefined : new Json(found);
}

/** `null`: it is no single value. */
export function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

export const listOf = (given: Value): readonly unknown[] | undefined => {
  const value = jsonOf(given)?.value;
  return Array.isArray(value) ? value : undefined;
};

/** Any value as JSON has it. */
export function toJson(value: Value): unknown {
  if (value instanceof Json) return value.value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Instant) return formatInstant(value);
  if (isList(value)) return value.map(toJson);
  if (isMap(value) || value instanceof Struct) {
    const entries = value instanceof Struct ? value.fields : value;
    return Object.fromEntries([...entries].map(([name, member]) => [name, toJson(member)]));
  }
  return typeof value === "object" && value !== null ? null : value;
}
