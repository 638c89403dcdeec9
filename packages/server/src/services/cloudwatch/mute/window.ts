/**
 * When a mute rule is active.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import { nextAfter, parseSchedule, type Schedule } from "../../../kernel/schedule/schedule.ts";
import { MUTED_DAYS_MAX } from "../limits.ts";
import type { MuteRule } from "./row.ts";

/** Several: a cron expression that names days of the month and of the week means either. */
export type Schedules = readonly [Schedule, ...Schedule[]];

/** `undefined`: it is neither `cron(…)` with five fields nor `at(…)` to the minute. */
export function parseMuteSchedule(expression: string): Schedules | undefined {
  const [, kind, inner = ""] = /^(cron|at)\((.*)\)$/.exec(expression) ?? [];
  const written = kind === "at" ? [`at(${inner}:00)`] : kind === "cron" ? sixFields(inner) : [];
  const [first, ...others] = written.map(parseSchedule).filter((schedule) => schedule !== undefined);
  return first === undefined || others.length + 1 < written.length ? undefined : [first, ...others];
}

const FIELD = "([A-Za-z\\d*,-]+)";
const FIVE_FIELDS = new RegExp(`^${Array.from({ length: 5 }, () => FIELD).join(" +")}$`);

/** As EventBridge writes it, which takes a year, and days of the month or of the week alone. */
function sixFields(inner: string): string[] {
  const [, minute, hour, ofMonth, month, ofWeek] = FIVE_FIELDS.exec(inner.trim()) ?? [];
  if (ofMonth === undefined || ofWeek === undefined) return [];
  const byMonth = `cron(${minute} ${hour} ${ofMonth} ${month} ? *)`;
  const byWeek = `cron(${minute} ${hour} ? ${month} ${weekdays(ofWeek)} *)`;
  if (ofWeek === "*") return [byMonth];
  return ofMonth === "*" ? [byWeek] : [byMonth, byWeek];
}

/** Sunday is 0 there, and 1 here. */
const weekdays = (field: string): string => field.replaceAll(/\d/g, (digit) => String((Number(digit) % 7) + 1));

const DURATION = /^P(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,6})M)?)?$/;

/** `PT4H`, `P2DT12H`; `undefined` where it is no such duration, or not between a minute and 15 days. */
export function parseMuteDuration(text: string): number | undefined {
  const [, days = 0, hours = 0, minutes = 0] = DURATION.exec(text) ?? [];
  const ms = Number(days) * DAY_MS + Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return ms >= MINUTE_MS && ms <= MUTED_DAYS_MAX * DAY_MS ? ms : undefined;
}

/** The first time after `afterMs` that a window begins. */
function nextOf({ expression, timeZone }: MuteRule, afterMs: number): number | undefined {
  const times = (parseMuteSchedule(expression) ?? []).map((schedule) => nextAfter(schedule, { afterMs, timeZone }));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** When the window that is open at `nowMs` closes: another one may have opened by then. `undefined`: none is open. */
export function openUntil(rule: MuteRule, nowMs: number): number | undefined {
  const { duration, startMs = 0, expireMs = Number.MAX_SAFE_INTEGER } = rule;
  const durationMs = parseMuteDuration(duration) ?? 0;
  if (nowMs < startMs || nowMs >= expireMs) return undefined;
  const begunMs = nextOf(rule, nowMs - durationMs);
  if (begunMs === undefined || begunMs > nowMs) return undefined;
  return Math.min(begunMs + durationMs, expireMs);
}

export type MuteStatus = "SCHEDULED" | "ACTIVE" | "EXPIRED";

export function statusOf(rule: MuteRule, nowMs: number): MuteStatus {
  if (openUntil(rule, nowMs) !== undefined) return "ACTIVE";
  const nextMs = nextOf(rule, Math.max(nowMs, (rule.startMs ?? 0) - 1));
  return nextMs === undefined || nextMs >= (rule.expireMs ?? Number.MAX_SAFE_INTEGER) ? "EXPIRED" : "SCHEDULED";
}
