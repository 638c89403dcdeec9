/**
 * The functions of queries.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-sql-functions.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { dateAdd, dateDiff, extract, toText } from "./dates.ts";
import { invalidArguments } from "./errors.ts";
import { compare, numberIn, textOf, timeIn, type Value } from "./value.ts";

interface Surroundings {
  readonly now: Date;
}

interface SqlFunction {
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  readonly of: (given: readonly Value[], around: Surroundings) => Value;
}

/** Nothing comes of nothing. */
const ofText = (make: (text: string) => Value): SqlFunction => ({
  least: 1,
  most: 1,
  of: ([value]) => (value === null || value === undefined ? value : make(textOf(value))),
});

const length = ofText((text) => Array.from(text).length);

export const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  LOWER: ofText((text) => text.toLowerCase()),
  UPPER: ofText((text) => text.toUpperCase()),
  CHAR_LENGTH: length,
  CHARACTER_LENGTH: length,
  COALESCE: { least: 1, most: Infinity, of: (given) => given.find((value) => value !== null && value !== undefined) },
  NULLIF: { least: 2, most: 2, of: ([one, other]) => (compare(one, other) === 0 ? null : one) },
  SUBSTRING: { least: 2, most: 3, of: substring },
  TRIM: { least: 2, most: 3, of: trim },
  UTCNOW: { least: 0, most: 0, of: (_given, { now }) => now },
  DATE_ADD: { least: 3, most: 3, of: dateAdd },
  DATE_DIFF: { least: 3, most: 3, of: dateDiff },
  EXTRACT: { least: 2, most: 2, of: extract },
  TO_STRING: { least: 2, most: 2, of: toText },
  TO_TIMESTAMP: { least: 1, most: 1, of: ([value]) => timeIn(value) ?? null },
};

/** @throws {AwsError} `EvaluatorInvalidArguments` */
export function callFunction(name: string, given: readonly Value[], around: Surroundings): Value {
  const called = findOwn(FUNCTIONS, name);
  if (!called || given.length < called.least || given.length > called.most) throw invalidArguments(name);
  return called.of(given, around);
}

/** Counts from one; what lies before counts, too. */
function substring([value, from, count]: readonly Value[]): Value {
  if (value === null || value === undefined) return value;
  const start = numberIn(from) ?? 1;
  const end = count === undefined ? Infinity : start + (numberIn(count) ?? 0);
  return Array.from(textOf(value))
    .slice(Math.max(0, start - 1), Math.max(0, end - 1))
    .join("");
}

/** The side, the characters where any are named, and the text. */
function trim(given: readonly Value[]): Value {
  const [side, characters, value] = given.length === 3 ? given : [given[0], " ", given[1]];
  if (value === null || value === undefined) return value;
  const cut = new Set(textOf(characters));
  const text = Array.from(textOf(value));
  let [start, end] = [0, text.length];
  if (side !== "TRAILING") while (start < end && cut.has(text[start] ?? "")) start++;
  if (side !== "LEADING") while (end > start && cut.has(text[end - 1] ?? "")) end--;
  return text.slice(start, end).join("");
}
