/** Values of queries: how they compare, and how they look. */
import { parseDecimal } from "../../../kernel/decimal.ts";
import type { Value } from "./syntax.ts";

/** `undefined` for what is no number. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "object") return undefined;
  if (typeof value !== "string") return value;
  return parseDecimal(value);
}

export function textOf(value: Value): string {
  if (typeof value === "object") return JSON.stringify(value.json);
  return value === undefined ? "" : String(value);
}

/** A condition's value: what is there, and neither zero nor false. */
export const isTrue = (value: Value): boolean =>
  value !== undefined && value !== 0 && value !== "" && value !== "false" && value !== "0";

export const truth = (is: boolean): Value => (is ? 1 : 0);

/** As conditions compare: numbers by value where both are; `undefined` where one is not there. */
export function compareValues(one: Value, other: Value): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  const [left, right] = [numberOf(one), numberOf(other)];
  if (left !== undefined && right !== undefined) return left - right;
  return compareTexts(textOf(one), textOf(other));
}

const compareTexts = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

/**
 * As `sort` orders: what is there not first, then texts, in which digits count as numbers, then numbers.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
 */
export function compareNaturally(one: Value, other: Value): number {
  const kinds = rankOf(one) - rankOf(other);
  if (kinds !== 0) return kinds;
  const [left, right] = [numberOf(one), numberOf(other)];
  return left !== undefined && right !== undefined ? left - right : compareChunks(textOf(one), textOf(other));
}

function rankOf(value: Value): number {
  if (value === undefined) return 0;
  return numberOf(value) === undefined ? 1 : 2;
}

function compareChunks(one: string, other: string): number {
  const [left, right] = [chunksOf(one), chunksOf(other)];
  for (const [at, chunk] of left.entries()) {
    const against = right[at];
    if (against === undefined) return 1;
    const [number, counted] = [numberOf(chunk), numberOf(against)];
    const order = number !== undefined && counted !== undefined ? number - counted : compareTexts(chunk, against);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const chunksOf = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];

const DECIMALS = 10_000;

/** As results show it. */
export function formatValue(value: NonNullable<Value>): string {
  if (typeof value !== "number") return textOf(value);
  return Number.isInteger(value) ? String(value) : String(Math.round(value * DECIMALS) / DECIMALS);
}

/** `2026-01-31 13:45:30.123`, in UTC. */
export const formatTime = (atMs: number): string =>
  Number.isFinite(atMs) && Math.abs(atMs) <= TIME_MS_MAX
    ? new Date(atMs).toISOString().replace("T", " ").replace("Z", "")
    : "";

/** The last time that there is a date for. */
const TIME_MS_MAX = 8_640_000_000_000_000;
