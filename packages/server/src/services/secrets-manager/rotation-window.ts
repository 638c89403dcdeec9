/**
 * When a secret is rotated next. A window is known in advance; the rotation begins with it.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
import { DAY_MS, HOUR_MS } from "../../kernel/duration.ts";
import { nextAfter, parseSchedule, type Schedule } from "../../kernel/schedule/schedule.ts";
import type { Context } from "../../service/context.ts";
import { rotationDaysInvalid, rulesTwice, scheduleInvalid, windowTooLong } from "./errors.ts";
import { RATE_DAYS_MAX, ROTATION_DAYS_MAX, ROTATION_HOURS_MIN } from "./limits.ts";
import { recordAbandoned } from "./own-event.ts";
import type { RotationRules, RotationWindow } from "./rotation-row.ts";
import type { Secret } from "./secret-row.ts";
import { CURRENT, detach, PENDING, versionWith } from "./stage.ts";

/** The errand that rotates, and how it is told of a window that opens. */
export const ROTATE = "rotate";

/** @throws {AwsError} `InvalidParameterException` */
export function requireRules(rules: RotationRules, context: Pick<Context, "now">): void {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression, Duration: duration } = rules;
  if (days !== undefined && (days < 1 || days > ROTATION_DAYS_MAX)) throw rotationDaysInvalid();
  if (days !== undefined && expression !== undefined) throw rulesTwice();
  const schedule = expression === undefined ? undefined : requireSchedule(expression);
  if (duration === undefined) return;
  const hours = hoursOf(duration);
  const isWindow = hours > 0 && hours <= longestHours(schedule);
  if (!isWindow || (schedule && !fitsBetween(schedule, hours, context.now().getTime()))) throw windowTooLong();
}

const hoursOf = (duration: string): number => Number(duration.replace("h", ""));

/** Windows begin on the hour. @throws {AwsError} `InvalidParameterException` */
function requireSchedule(expression: string): Schedule {
  const schedule = parseSchedule(expression);
  if (schedule === undefined || schedule.kind === "once") throw scheduleInvalid();
  const isLawful = schedule.kind === "rate" ? isRate(expression, schedule.everyMs) : isHourly(expression);
  if (!isLawful) throw scheduleInvalid();
  return schedule;
}

const isRate = (expression: string, everyMs: number): boolean =>
  !expression.includes("minute") && everyMs >= ROTATION_HOURS_MIN * HOUR_MS && everyMs <= RATE_DAYS_MAX * DAY_MS;

const isHourly = (expression: string): boolean => /^cron\(0 .* \*\)$/.test(expression);

/** How long a window may be at most. */
function longestHours(schedule: Schedule | undefined): number {
  const day = DAY_MS / HOUR_MS;
  return schedule?.kind === "rate" ? Math.min(schedule.everyMs / HOUR_MS, day) : day;
}

/** More than a week has where windows begin every hour that they may. */
const WINDOWS_LOOKED_AT = 50;

/**
 * Of windows by the clock none extends into the next one, or into the next day.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html (Duration)
 */
function fitsBetween(schedule: Schedule, hours: number, fromMs: number): boolean {
  if (schedule.kind === "rate") return true;
  let startMs = nextAfter(schedule, { afterMs: fromMs });
  for (let looked = 0; looked < WINDOWS_LOOKED_AT && startMs !== undefined; looked++) {
    const endMs = startMs + hours * HOUR_MS;
    const nextMs = nextAfter(schedule, { afterMs: startMs });
    const dayEndMs = (Math.floor(startMs / DAY_MS) + 1) * DAY_MS;
    if (endMs > Math.min(nextMs ?? endMs, dayEndMs)) return false;
    startMs = nextMs;
  }
  return true;
}

/** The first window that opens after `afterMs`, where the secret was rotated at `lastMs`. */
function windowAfter(rules: RotationRules, lastMs: number): RotationWindow | undefined {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression = "", Duration: duration } = rules;
  const schedule = days === undefined ? parseSchedule(expression) : ({ kind: "rate", everyMs: days * DAY_MS } as const);
  const startMs = schedule && startAfter(schedule, lastMs);
  if (startMs === undefined) return undefined;
  const isInHours = days === undefined && /^rate\(.*hour|^cron\(\S+ \S*[/,*]/.test(expression);
  const usualEndMs = isInHours ? startMs + HOUR_MS : (Math.floor(startMs / DAY_MS) + 1) * DAY_MS;
  return { startMs, endMs: duration === undefined ? usualEndMs - 1000 : startMs + hoursOf(duration) * HOUR_MS };
}

/** Rates in days count from midnight, those in hours from the hour. */
function startAfter(schedule: Schedule, lastMs: number): number | undefined {
  if (schedule.kind !== "rate") return nextAfter(schedule, { afterMs: lastMs });
  const unitMs = schedule.everyMs % DAY_MS === 0 ? DAY_MS : HOUR_MS;
  return Math.floor(lastMs / unitMs) * unitMs + schedule.everyMs;
}

/** The secret with its next window, and the timer that opens it. Not put. */
export function withNextWindow(secret: Secret, context: Context): Secret {
  const { rotation } = secret;
  if (rotation?.enabled !== true) return secret;
  const { next: _next, ...kept } = rotation;
  const next = windowAfter(rotation.rules, context.now().getTime());
  const planned = { ...secret, rotation: next === undefined ? kept : { ...kept, next } };
  scheduleRotation(planned, context);
  return planned;
}

export function scheduleRotation({ rotation, id, name }: Secret, context: Context): void {
  if (rotation?.enabled !== true || rotation.next === undefined) return;
  const dueMs = Math.max(rotation.next.startMs, context.now().getTime());
  context.at(dueMs, ROTATE, id, { name, window: rotation.next.startMs });
}

export const unscheduleRotation = ({ id }: Secret, context: Context): void => context.cancel(ROTATE, id);

/**
 * A new value that somebody puts counts as a rotation, where the schedule counts from the last one; and ends the one that
 * is under way.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html (AutomaticallyAfterDays),
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html (RotationAbandoned)
 */
export function rotatedByHand(before: Secret, added: Secret, context: Context): Secret {
  if (before.rotation?.enabled !== true || currentOf(before) === currentOf(added)) return added;
  const secret = withoutPending(added, context);
  return before.rotation.rules.AutomaticallyAfterDays === undefined ? secret : withNextWindow(secret, context);
}

function withoutPending(secret: Secret, context: Context): Secret {
  const pending = versionWith(secret.stages, PENDING);
  if (pending === undefined || pending === currentOf(secret)) return secret;
  recordAbandoned(secret, pending, context);
  return { ...secret, stages: detach(secret.stages, PENDING) };
}

const currentOf = ({ stages }: Secret): string | undefined => versionWith(stages, CURRENT);
