/**
 * AWS's cron expressions: `minutes hours day-of-month month day-of-week year`. Libraries that know all of its signs run
 * what falls into a skipped hour behind it, which AWS leaves out.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-cron-expressions
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../duration.ts";
import { parseDays, type IsDay } from "./cron-day.ts";
import { parseField } from "./cron-field.ts";
import type { Zone } from "./zone.ts";

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly isDay: IsDay;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

const MINUTES = { min: 0, max: 59 };
const HOURS = { min: 0, max: 23 };
const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const MONTHS = { min: 1, max: 12, names: MONTH_NAMES };
const SIX_FIELDS = /^(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$/;
const YEARS = { min: 1970, max: 2199 };

/** What stands between the parentheses of `cron(…)`; `undefined`: it is not valid. */
export function parseCron(text: string): Cron | undefined {
  const [, minute, hour, ofMonth, month, ofWeek, year] = SIX_FIELDS.exec(text) ?? [];
  const minutes = parseField(minute, MINUTES);
  const hours = parseField(hour, HOURS);
  const isDay = parseDays(ofMonth, ofWeek);
  if (!minutes || !hours || !isDay) return undefined;
  const months = parseField(month, MONTHS);
  const years = parseField(year, YEARS);
  return months && years && { minutes: ordered(minutes), hours: ordered(hours), isDay, months, years };
}

const ordered = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].toSorted((one, two) => one - two);

/**
 * The first time after `afterMs`; `undefined`: never again. What the zone's clock shows twice counts once, what it skips
 * not at all. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function nextOfCron(cron: Cron, afterMs: number, zone: Zone): number | undefined {
  const from = zone.civilAt(afterMs);
  for (const dayMs of daysOf(cron, from)) {
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const civil = dayMs + hour * HOUR_MS + minute * MINUTE_MS;
        const epochMs = civil < from - HOUR_MS ? undefined : zone.epochOf(civil);
        if (epochMs !== undefined && epochMs > afterMs) return epochMs;
      }
    }
  }
  return undefined;
}

/** The days that the expression names, from that of `civilMs` on. */
function* daysOf(cron: Cron, civilMs: number): Generator<number> {
  const start = new Date(civilMs - HOUR_MS);
  let [month, first] = [start.getUTCMonth(), start.getUTCDate()];
  for (let year = start.getUTCFullYear(); year <= YEARS.max; year++, month = 0, first = 1) {
    if (!cron.years.has(year)) continue;
    for (; month < MONTHS.max; month++, first = 1) {
      if (cron.months.has(month + 1)) yield* daysOfMonth(cron, { year, month, first });
    }
  }
}

function* daysOfMonth(
  { isDay }: Cron,
  { year, month, first }: { year: number; month: number; first: number },
): Generator<number> {
  const startMs = Date.UTC(year, month, 1);
  const daysInMonth = (Date.UTC(year, month + 1, 1) - startMs) / DAY_MS;
  const weekdayOfFirst = new Date(startMs).getUTCDay();
  for (let day = first; day <= daysInMonth; day++) {
    if (isDay({ day, weekday: ((weekdayOfFirst + day - 1) % 7) + 1, daysInMonth })) yield startMs + (day - 1) * DAY_MS;
  }
}
