/**
 * Values of queries: those of JSON, times, and `undefined` where there is nothing at all (`MISSING`).
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-data-types.html
 */
import { parseDecimal } from "../../../kernel/decimal.ts";
import { castFailed } from "./errors.ts";
import type { Step } from "./query.ts";

export type Value = string | number | boolean | null | undefined | Date | readonly Value[] | Members;

export interface Members {
  readonly [name: string]: Value;
}

export const isMembers = (value: Value): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** What lies there; a step that leads nowhere leads to nothing. */
export function follow(value: Value, steps: readonly Step[]): Value {
  let place = value;
  for (const step of steps) {
    if (step.kind === "member") place = isMembers(place) ? memberOf(place, step) : undefined;
    else if (step.kind === "element") place = isList(place) ? place[step.index] : undefined;
  }
  return place;
}

/** Names in quotes are exact, others are not. */
function memberOf(members: Members, { name, exact }: Extract<Step, { readonly kind: "member" }>): Value {
  if (Object.hasOwn(members, name)) return members[name];
  if (exact) return undefined;
  const wanted = name.toLowerCase();
  const found = Object.keys(members).find((each) => each.toLowerCase() === wanted);
  return found === undefined ? undefined : members[found];
}

/** Less than, equal to or greater than zero; `undefined` where the two cannot be compared. */
export function compare(left: Value, right: Value): number | undefined {
  if (typeof left === "number" || typeof right === "number") return order(numberIn(left), numberIn(right));
  if (left instanceof Date || right instanceof Date) return order(timeIn(left)?.getTime(), timeIn(right)?.getTime());
  if (typeof left === "string" && typeof right === "string") return order(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return order(Number(left), Number(right));
  return undefined;
}

function order<T extends string | number>(left: T | undefined, right: T | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Texts of CSV files count as the numbers that they are. */
export function numberIn(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? parseDecimal(value.trim()) : undefined;
}

const TIME = /^\d{4}(?:T|-\d\d(?:T|-\d\d(?:T(?:\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:\d\d))?)?)?)$/;

export function timeIn(value: Value): Date | undefined {
  if (value instanceof Date) return value;
  if (typeof value !== "string" || !TIME.test(value)) return undefined;
  const time = new Date(value.replace(/T$/, ""));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export function textOf(value: Value): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const WHOLE = new Set(["INT", "INTEGER"]);
const FRACTIONS = new Set(["FLOAT", "DECIMAL", "NUMERIC"]);
const TEXTS = new Set(["STRING", "CHAR", "VARCHAR"]);

/** @throws {AwsError} `CastFailed` */
export function cast(value: Value, type: string): Value {
  if (value === null || value === undefined) return value;
  const made = castTo(type, value);
  if (made === undefined) throw castFailed(textOf(value), type);
  return made;
}

function castTo(type: string, value: Value): Value {
  if (TEXTS.has(type)) return textOf(value);
  if (type === "TIMESTAMP") return timeIn(value);
  if (type === "BOOL" || type === "BOOLEAN") return truthIn(value);
  const number = typeof value === "boolean" ? Number(value) : numberIn(value);
  if (number === undefined) return undefined;
  if (WHOLE.has(type)) return Math.trunc(number);
  return FRACTIONS.has(type) ? number : undefined;
}

function truthIn(value: Value): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  const word = textOf(value).toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
}
