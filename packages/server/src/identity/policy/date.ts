/**
 * Dates as policies write them: ISO 8601 with as many parts as one likes, or seconds of the epoch.
 * Years are not those of JavaScript's `Date`: `01T` and `-292275054` are taken too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */

const DAY_SECONDS = 86_400;
/** Beyond nine digits a number is taken for seconds, not for a year. */
const YEAR_DIGITS_MAX = 9;
const EPOCH_SECONDS_MAX = 9_223_372_036_854_775_807n;

const DATE = /^([+-]?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?|-(\d{3}))?(?:T(.*))?$/is;
const TIME = /^(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?)?(.*)$/s;
const OFFSET = /^([+-])(\d{2})(?::?(\d{2}))?$/;

/** Seconds since the epoch, parts of them included; `undefined` where the text is no date. */
export function parseDate(text: string): number | undefined {
  if (/^[+-]?\d+$/.test(text) && text.replace(/^[+-]/, "").length > YEAR_DIGITS_MAX) return parseEpoch(text);
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year = "", month, day, dayOfYear, time] = match;
  const days =
    dayOfYear === undefined
      ? dayOf({ year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) })
      : dayInYear(Number(year), Number(dayOfYear));
  const seconds = time === undefined ? 0 : parseTime(time);
  return days === undefined || seconds === undefined ? undefined : days * DAY_SECONDS + seconds;
}

function parseEpoch(text: string): number | undefined {
  const seconds = BigInt(text.replace(/^\+/, ""));
  return seconds > EPOCH_SECONDS_MAX || seconds < -EPOCH_SECONDS_MAX - 1n ? undefined : Number(seconds);
}

/** The time of day with its offset, in seconds of UTC's day; either may be left out. */
function parseTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, hour = "0", minute = "0", second = "0", fraction = "0", zone = ""] = match;
  const offset = parseOffset(zone);
  if (offset === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return Number(hour) * 3600 + Number(minute) * 60 + Number(`${second}.${fraction}`) - offset;
}

function parseOffset(zone: string): number | undefined {
  if (zone === "" || zone.toUpperCase() === "Z") return 0;
  const match = OFFSET.exec(zone);
  if (match === null) return undefined;
  const [, sign, hours = "0", minutes = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function dayOf({ year, month, day }: CalendarDay): number | undefined {
  if (month < 1 || month > 12 || day < 1) return undefined;
  const length = month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day > length ? undefined : daysSinceEpoch({ year, month, day });
}

function dayInYear(year: number, day: number): number | undefined {
  if (day < 1 || day > (isLeap(year) ? 366 : 365)) return undefined;
  return daysSinceEpoch({ year, month: 1, day: 1 }) + day - 1;
}

/** Days from 1970-01-01, in the Gregorian calendar of all years: counts by years that begin in March. */
function daysSinceEpoch({ year, month, day }: CalendarDay): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
