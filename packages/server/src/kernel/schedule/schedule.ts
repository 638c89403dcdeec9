/**
 * Schedule expressions, as EventBridge's rules and EventBridge Scheduler have them.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../duration.ts";
import { nextOfCron, parseCron, type Cron } from "./cron.ts";
import { zoneOf } from "./zone.ts";

/** `rate(5 minutes)`, `cron(0 12 * * ? *)`, or `at(2030-01-01T00:00:00)`, of which `civilMs` is what a clock shows. */
export type Schedule =
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly cron: Cron }
  | { readonly kind: "once"; readonly civilMs: number };

const UNITS_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;

/** `undefined`: the expression is not valid. A single unit has no plural: `rate(1 minute)`. */
export function parseSchedule(expression: string): Schedule | undefined {
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return parseRate(inner);
  if (kind === "at") return parseOnce(inner);
  const cron = kind === "cron" ? parseCron(inner) : undefined;
  return cron && { kind: "cron", cron };
}

function parseRate(inner: string): Schedule | undefined {
  const [, digits = "", name, plural] = /^(\d{1,9}) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  const value = Number(digits);
  if ((name !== "minute" && name !== "hour" && name !== "day") || value < 1) return undefined;
  if ((value === 1) !== (plural === "")) return undefined;
  return { kind: "rate", everyMs: value * UNITS_MS[name] };
}

function parseOnce(inner: string): Schedule | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner)) return undefined;
  const civilMs = Date.parse(`${inner}Z`);
  const isReal = !Number.isNaN(civilMs) && new Date(civilMs).toISOString().startsWith(inner);
  return isReal ? { kind: "once", civilMs } : undefined;
}

export interface NextAfter {
  /** Virtual epoch milliseconds. */
  readonly afterMs: number;
  /** What a rate counts from; `afterMs` where left out. */
  readonly anchorMs?: number | undefined;
  /** UTC where left out. */
  readonly timeZone?: string | undefined;
}

/**
 * The first time that `schedule` names after `afterMs`, in epoch milliseconds; `undefined`: there is none any more.
 * @throws {RangeError} where there is no such time zone.
 */
export function nextAfter(schedule: Schedule, { afterMs, anchorMs = afterMs, timeZone = "UTC" }: NextAfter) {
  switch (schedule.kind) {
    case "rate": {
      const { everyMs } = schedule;
      if (anchorMs > afterMs) return anchorMs;
      return anchorMs + (Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
    }
    case "cron":
      return nextOfCron(schedule.cron, afterMs, zoneOf(timeZone));
    case "once": {
      const atMs = zoneOf(timeZone).epochOf(schedule.civilMs);
      return atMs !== undefined && atMs > afterMs ? atMs : undefined;
    }
  }
}
