/** Times of queries: in UTC, to the millisecond. Source: https://trino.io/docs/current/functions/datetime.html */
import { findOwn } from "../../../../kernel/lookup.ts";
import { Instant, type InstantKind } from "./value.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;

const FORM =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?\s*$/;

/** `2023-01-22`, `2023-01-22 16:53:53.000`, with a zone or without; `undefined`: it is no time. */
export function readInstant(text: string, kind?: InstantKind): Instant | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [days, clock, zone] = [dayMs(match), clockMs(match), match[8]];
  if (days === undefined || clock === undefined) return undefined;
  const ms = days + clock - offsetOf(zone);
  if (kind === "date") return new Instant(floorDay(ms), "date");
  return new Instant(ms, kind ?? (zone === undefined ? "timestamp" : "timestamp with time zone"));
}

function dayMs([, year, month, day]: readonly string[]): number | undefined {
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const at = new Date(ms);
  return at.getUTCDate() === Number(day) && at.getUTCMonth() === Number(month) - 1 ? ms : undefined;
}

/** Parts that are not written are none. */
function clockMs(match: readonly (string | undefined)[]): number | undefined {
  const [hour = "0", minute = "0", second = "0", part = "0"] = match.slice(4, 8);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const whole = Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS;
  return whole + Math.floor(Number(`0.${part}`) * SECOND_MS);
}

function offsetOf(zone = "Z"): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}

const floorDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

export const dateOf = ({ ms }: Instant): Instant => new Instant(floorDay(ms), "date");

export function formatInstant({ ms, kind }: Instant): string {
  if (!isTellable(ms)) return "";
  const text = new Date(ms).toISOString().replace("T", " ").replace("Z", "");
  if (kind === "date") return text.slice(0, 10);
  return kind === "timestamp" ? text : `${text} UTC`;
}

/** The last time that there is a date for. */
const TIME_MS_MAX = 8_640_000_000_000_000;

export const isTellable = (ms: number): boolean => Math.abs(ms) <= TIME_MS_MAX;

const UNITS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: SECOND_MS,
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
  week: WEEK_DAYS * DAY_MS,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

export const isUnit = (unit: string): boolean => Object.hasOwn(UNITS, unit) || Object.hasOwn(MONTHS, unit);

/** The 1st of January 1970 was a Thursday; weeks begin on Monday. */
const MONDAY_MS = 4 * DAY_MS;

export function truncated({ ms, kind }: Instant, unit: string): Instant {
  const months = findOwn(MONTHS, unit);
  if (months !== undefined) {
    const at = new Date(ms);
    const month = Math.floor(at.getUTCMonth() / months) * months;
    return new Instant(Date.UTC(at.getUTCFullYear(), month, 1), kind);
  }
  const size = findOwn(UNITS, unit) ?? 1;
  const from = unit === "week" ? MONDAY_MS : 0;
  return new Instant(Math.floor((ms - from) / size) * size + from, kind);
}

/** The last day of a month stays in it. */
export function addMonths(ms: number, count: number): number {
  const at = new Date(ms);
  const month = at.getUTCFullYear() * 12 + at.getUTCMonth() + count;
  const [year, inYear] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
  const last = new Date(Date.UTC(year, inYear + 1, 0)).getUTCDate();
  return Date.UTC(year, inYear, Math.min(at.getUTCDate(), last)) + (ms - floorDay(ms));
}

export function added({ ms, kind }: Instant, unit: string, count: number): Instant {
  const months = findOwn(MONTHS, unit);
  return new Instant(
    months === undefined ? ms + count * (findOwn(UNITS, unit) ?? 1) : addMonths(ms, count * months),
    kind,
  );
}

/** How many whole units lie between them. */
export function difference(from: Instant, to: Instant, unit: string): number {
  const months = findOwn(MONTHS, unit);
  if (months === undefined) return Math.trunc((to.ms - from.ms) / (findOwn(UNITS, unit) ?? 1));
  const [one, other] = [new Date(from.ms), new Date(to.ms)];
  let count = (other.getUTCFullYear() - one.getUTCFullYear()) * 12 + other.getUTCMonth() - one.getUTCMonth();
  const reached = addMonths(from.ms, count);
  if (count > 0 && reached > to.ms) count -= 1;
  if (count < 0 && reached < to.ms) count += 1;
  return Math.trunc(count / months);
}

/** ISO weeks: the first of a year has its first Thursday. */
function isoWeek(ms: number): { readonly year: number; readonly week: number } {
  const monday = truncated(new Instant(ms, "date"), "week").ms;
  const year = new Date(monday + 3 * DAY_MS).getUTCFullYear();
  const first = truncated(new Instant(Date.UTC(year, 0, 4), "date"), "week").ms;
  return { year, week: Math.round((monday - first) / (WEEK_DAYS * DAY_MS)) + 1 };
}

const dayOfYear = (ms: number): number => Math.floor((ms - Date.UTC(new Date(ms).getUTCFullYear(), 0, 1)) / DAY_MS) + 1;

/** Parts of times by the names of functions. */
export const PARTS: Readonly<Record<string, (ms: number) => number>> = {
  millisecond: (ms) => new Date(ms).getUTCMilliseconds(),
  second: (ms) => new Date(ms).getUTCSeconds(),
  minute: (ms) => new Date(ms).getUTCMinutes(),
  hour: (ms) => new Date(ms).getUTCHours(),
  day: (ms) => new Date(ms).getUTCDate(),
  day_of_month: (ms) => new Date(ms).getUTCDate(),
  day_of_week: (ms) => new Date(ms).getUTCDay() || WEEK_DAYS,
  dow: (ms) => new Date(ms).getUTCDay() || WEEK_DAYS,
  day_of_year: dayOfYear,
  doy: dayOfYear,
  week: (ms) => isoWeek(ms).week,
  week_of_year: (ms) => isoWeek(ms).week,
  month: (ms) => new Date(ms).getUTCMonth() + 1,
  quarter: (ms) => Math.floor(new Date(ms).getUTCMonth() / 3) + 1,
  year: (ms) => new Date(ms).getUTCFullYear(),
  year_of_week: (ms) => isoWeek(ms).year,
  yow: (ms) => isoWeek(ms).year,
};

const two = (part: number): string => String(part).padStart(2, "0");
const DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** As MySQL's `date_format` has them. */
const FORMATS: Readonly<Record<string, (at: Date) => string>> = {
  Y: (at) => String(at.getUTCFullYear()),
  y: (at) => two(at.getUTCFullYear() % 100),
  m: (at) => two(at.getUTCMonth() + 1),
  c: (at) => String(at.getUTCMonth() + 1),
  d: (at) => two(at.getUTCDate()),
  e: (at) => String(at.getUTCDate()),
  H: (at) => two(at.getUTCHours()),
  k: (at) => String(at.getUTCHours()),
  h: (at) => two(at.getUTCHours() % 12 || 12),
  I: (at) => two(at.getUTCHours() % 12 || 12),
  i: (at) => two(at.getUTCMinutes()),
  s: (at) => two(at.getUTCSeconds()),
  S: (at) => two(at.getUTCSeconds()),
  f: (at) => `${String(at.getUTCMilliseconds()).padStart(3, "0")}000`,
  p: (at) => (at.getUTCHours() < 12 ? "AM" : "PM"),
  j: (at) => String(dayOfYear(at.getTime())).padStart(3, "0"),
  W: (at) => DAY_NAMES[at.getUTCDay()] ?? "",
  a: (at) => (DAY_NAMES[at.getUTCDay()] ?? "").slice(0, 3),
  M: (at) => MONTH_NAMES[at.getUTCMonth()] ?? "",
  b: (at) => (MONTH_NAMES[at.getUTCMonth()] ?? "").slice(0, 3),
  T: (at) => at.toISOString().slice(11, 19),
  v: (at) => two(isoWeek(at.getTime()).week),
  x: (at) => String(isoWeek(at.getTime()).year),
};

/** `%Y-%m-%d` */
export const formatBy = ({ ms }: Instant, format: string): string =>
  format.replaceAll(/%(.)/gs, (_, letter: string) => findOwn(FORMATS, letter)?.(new Date(ms)) ?? letter);
