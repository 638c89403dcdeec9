/**
 * Values as results show them.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/lake-console-queries.html (times), https://trino.io/docs/current/functions/conversion.html
 */
import { formatInstant } from "./time.ts";
import { Instant, Interval, isList, Json, Lambda, Struct, type Value } from "./value.ts";

/** Doubles that are larger, or smaller, are written with an exponent. */
const [PLAIN_MIN, PLAIN_MAX] = [0.001, 10_000_000];

function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= PLAIN_MIN && size < PLAIN_MAX)) return Number.isInteger(value) ? `${value}.0` : `${value}`;
  const [digits = "0", exponent = "+0"] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

/** What is not there has no text. */
export const formatCell = (value: Value): string | null => (value === null ? null : formatValue(value));

export function formatValue(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatDouble(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Instant) return formatInstant(value);
  if (value instanceof Interval) return formatInterval(value);
  if (value instanceof Json) return JSON.stringify(value.value);
  if (value instanceof Lambda) return "<function>";
  if (isList(value)) return `[${value.map(formatValue).join(", ")}]`;
  const entries = value instanceof Struct ? value.fields : value;
  return `{${[...entries].map(([name, member]) => `${name}=${formatValue(member)}`).join(", ")}}`;
}

const SECOND_MS = 1000;
const DAY_SECONDS = 86_400;

function formatInterval({ ms, months }: Interval): string {
  if (months !== 0) return `${Math.trunc(months / 12)}-${months % 12}`;
  const seconds = Math.trunc(ms / SECOND_MS);
  const clock = new Date((seconds % DAY_SECONDS) * SECOND_MS + (ms % SECOND_MS)).toISOString().slice(11, 23);
  return `${Math.trunc(seconds / DAY_SECONDS)} ${clock}`;
}
