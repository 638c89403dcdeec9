/** The two fields of a cron expression that name days. */
import { parseField, parseNumber, type FieldBounds } from "./cron-field.ts";

/** A day, and what has to be known of its month. */
export interface CivilDay {
  readonly day: number;
  /** 1 is Sunday. */
  readonly weekday: number;
  readonly daysInMonth: number;
}

export type IsDay = (day: CivilDay) => boolean;

const DAYS: FieldBounds = { min: 1, max: 31 };
const WEEKDAYS: FieldBounds = { min: 1, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };
const SUNDAY = 1;
const SATURDAY = 7;
const WEEK_DAYS = 7;
const WEEKS_MAX = 5;

/**
 * Exactly one of the two is `?`.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseDays(ofMonth = "?", ofWeek = "?"): IsDay | undefined {
  if ((ofMonth === "?") === (ofWeek === "?")) return undefined;
  return ofMonth === "?" ? anyOf(ofWeek, parseWeekday) : anyOf(ofMonth, parseDay);
}

function anyOf(field: string, parse: (part: string) => IsDay | undefined): IsDay | undefined {
  const parts = field.split(",").map(parse);
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : (day) => known.some((isDay) => isDay(day));
}

/** `L`: the last; `15W`: the weekday nearest to the fifteenth; `LW`: the last weekday. */
function parseDay(part: string): IsDay | undefined {
  const text = part.toUpperCase();
  if (text === "L") return ({ day, daysInMonth }) => day === daysInMonth;
  if (text === "LW") return (civil) => isNearestWeekday(civil, civil.daysInMonth);
  if (text.endsWith("W")) {
    const number = parseNumber(text.slice(0, -1), DAYS);
    return number === undefined ? undefined : (civil) => isNearestWeekday(civil, number);
  }
  const numbers = parseField(text, DAYS);
  return numbers && (({ day }) => numbers.has(day));
}

/** Never in another month: the first, where it is a Saturday, becomes the third. */
function isNearestWeekday({ day, weekday, daysInMonth }: CivilDay, wanted: number): boolean {
  if (wanted > daysInMonth || weekday === SUNDAY || weekday === SATURDAY) return false;
  const wantedWeekday = ((weekday - 1 + wanted - day + 5 * WEEK_DAYS) % WEEK_DAYS) + 1;
  if (wantedWeekday === SATURDAY) return day === (wanted === 1 ? 3 : wanted - 1);
  if (wantedWeekday === SUNDAY) return day === (wanted === daysInMonth ? wanted - 2 : wanted + 1);
  return day === wanted;
}

/** `L`: Saturday; `6L`: the last Friday; `6#3`: the third. */
function parseWeekday(part: string): IsDay | undefined {
  const text = part.toUpperCase();
  if (text === "L") return ({ weekday }) => weekday === SATURDAY;
  const [, name = "", nth, last] = /^([A-Z]{3}|\d)(?:#(\d)|(L))$/.exec(text) ?? [];
  if (nth === undefined && last === undefined) {
    const numbers = parseField(text, WEEKDAYS);
    return numbers && (({ weekday }) => numbers.has(weekday));
  }
  const wanted = parseNumber(name, WEEKDAYS);
  if (wanted === undefined) return undefined;
  if (last !== undefined) {
    return ({ day, weekday, daysInMonth }) => weekday === wanted && day > daysInMonth - WEEK_DAYS;
  }
  const week = Number(nth);
  if (week < 1 || week > WEEKS_MAX) return undefined;
  return ({ day, weekday }) => weekday === wanted && Math.ceil(day / WEEK_DAYS) === week;
}
