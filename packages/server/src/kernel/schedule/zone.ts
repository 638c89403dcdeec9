/** Civil time in a time zone: the digits that a clock on the wall shows, read as if they were UTC. */
import { DAY_MS, MINUTE_MS } from "../duration.ts";

export interface Zone {
  /** What the wall shows at `epochMs`. */
  readonly civilAt: (epochMs: number) => number;
  /** When the wall first shows `civilMs`; `undefined`: it never does, since a change of the hour skips it. */
  readonly epochOf: (civilMs: number) => number | undefined;
}

const UTC: Zone = { civilAt: (epochMs) => epochMs, epochOf: (civilMs) => civilMs };
const IS_UTC = new Set(["UTC", "Etc/UTC", "GMT", "Etc/GMT"]);

/** Whether `name` is a time zone of the IANA's list. */
export function isTimeZone(name: string): boolean {
  try {
    return IS_UTC.has(name) || (/[A-Za-z]/.test(name) && formatOf(name) !== undefined);
  } catch {
    return false;
  }
}

/** @throws {RangeError} where there is no such time zone. */
export function zoneOf(name: string): Zone {
  if (IS_UTC.has(name)) return UTC;
  const format = formatOf(name);
  const offsetAt = (epochMs: number): number => wallOf(format, epochMs) - Math.floor(epochMs / MINUTE_MS) * MINUTE_MS;
  return {
    civilAt: (epochMs) => epochMs + offsetAt(epochMs),
    epochOf(civilMs) {
      const before = civilMs - offsetAt(civilMs - DAY_MS);
      const after = civilMs - offsetAt(civilMs + DAY_MS);
      const shown = [before, after].filter((epochMs) => epochMs + offsetAt(epochMs) === civilMs);
      return shown.length === 0 ? undefined : Math.min(...shown);
    },
  };
}

const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });

/** To the minute. */
function wallOf(format: Intl.DateTimeFormat, epochMs: number): number {
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
}
