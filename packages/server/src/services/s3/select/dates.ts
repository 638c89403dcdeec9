/**
 * The functions of times. All are in UTC.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-date.html
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { unsupportedSyntax } from "./errors.ts";
import { numberIn, textOf, timeIn, type Value } from "./value.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

interface Part {
  readonly of: (time: Date) => number;
  readonly add: (time: Date, count: number) => Date;
  /** How many whole ones lie between two times. */
  readonly between: (from: Date, to: Date) => number;
}

const ofLength = (ms: number, of: Part["of"]): Part => ({
  of,
  add: (time, count) => new Date(time.getTime() + count * ms),
  between: (from, to) => Math.trunc((to.getTime() - from.getTime()) / ms),
});

const ofMonths = (months: number, of: Part["of"]): Part => ({
  of,
  add: (time, count) => addMonths(time, count * months),
  between: (from, to) => Math.trunc(monthsBetween(from, to) / months),
});

const PARTS: Readonly<Record<string, Part>> = {
  YEAR: ofMonths(12, (time) => time.getUTCFullYear()),
  MONTH: ofMonths(1, (time) => time.getUTCMonth() + 1),
  DAY: ofLength(DAY_MS, (time) => time.getUTCDate()),
  HOUR: ofLength(HOUR_MS, (time) => time.getUTCHours()),
  MINUTE: ofLength(MINUTE_MS, (time) => time.getUTCMinutes()),
  SECOND: ofLength(SECOND_MS, (time) => time.getUTCSeconds()),
};

/** The last day of a month stands for those that it has not. */
function addMonths(time: Date, months: number): Date {
  const moved = new Date(time);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(time.getUTCDate(), last));
  return moved;
}

function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const [sign, reached] = [Math.sign(to.getTime() - from.getTime()), addMonths(from, months)];
  return sign * (reached.getTime() - to.getTime()) > 0 ? months - sign : months;
}

function requirePart(name: Value): Part {
  const part = findOwn(PARTS, textOf(name).toUpperCase());
  if (part === undefined) throw unsupportedSyntax(`the part ${textOf(name)} of a time`);
  return part;
}

export function dateAdd([name, count, value]: readonly Value[]): Value {
  const [number, time] = [numberIn(count), timeIn(value)];
  if (number === undefined || time === undefined) return null;
  const moved = requirePart(name).add(time, number);
  // there is no such time
  return Number.isNaN(moved.getTime()) ? null : moved;
}

export function dateDiff([name, first, second]: readonly Value[]): Value {
  const [from, to] = [timeIn(first), timeIn(second)];
  return from === undefined || to === undefined ? null : requirePart(name).between(from, to);
}

export function extract([name, value]: readonly Value[]): Value {
  const zone = textOf(name).toUpperCase();
  if (zone === "TIMEZONE_HOUR" || zone === "TIMEZONE_MINUTE") return 0;
  const time = timeIn(value);
  return time === undefined ? null : requirePart(name).of(time);
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

const padded = (value: number, digits: number): string => String(value).padStart(digits, "0");

const FORMATS: Readonly<Record<string, (time: Date) => string>> = {
  yy: (time) => padded(time.getUTCFullYear() % 100, 2),
  y: (time) => String(time.getUTCFullYear()),
  yyyy: (time) => padded(time.getUTCFullYear(), 4),
  M: (time) => String(time.getUTCMonth() + 1),
  MM: (time) => padded(time.getUTCMonth() + 1, 2),
  MMM: (time) => (MONTHS[time.getUTCMonth()] ?? "").slice(0, 3),
  MMMM: (time) => MONTHS[time.getUTCMonth()] ?? "",
  d: (time) => String(time.getUTCDate()),
  dd: (time) => padded(time.getUTCDate(), 2),
  a: (time) => (time.getUTCHours() < 12 ? "AM" : "PM"),
  h: (time) => String(time.getUTCHours() % 12 || 12),
  hh: (time) => padded(time.getUTCHours() % 12 || 12, 2),
  H: (time) => String(time.getUTCHours()),
  HH: (time) => padded(time.getUTCHours(), 2),
  m: (time) => String(time.getUTCMinutes()),
  mm: (time) => padded(time.getUTCMinutes(), 2),
  s: (time) => String(time.getUTCSeconds()),
  ss: (time) => padded(time.getUTCSeconds(), 2),
  S: (time) => padded(Math.floor(time.getUTCMilliseconds() / 100), 1),
  SSS: (time) => padded(time.getUTCMilliseconds(), 3),
  X: () => "Z",
  x: () => "+00",
  XXX: () => "Z",
};

/** Signs of the pattern; what is in single quotes stands for itself. */
const PATTERN = /'([^']*)'|([A-Za-z])\2*/g;

export function toText([value, pattern]: readonly Value[]): Value {
  const time = timeIn(value);
  if (time === undefined) return null;
  return textOf(pattern).replace(PATTERN, (sign: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    const format = findOwn(FORMATS, sign);
    if (format === undefined) throw unsupportedSyntax(`the sign ${sign} in the form of a time`);
    return format(time);
  });
}
