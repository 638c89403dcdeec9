/**
 * When a schedule's target is called.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { hash } from "node:crypto";
import { MINUTE_MS } from "../../kernel/duration.ts";
import { nextAfter, parseSchedule, type Schedule as Expression } from "../../kernel/schedule/schedule.ts";
import { expressionInvalid } from "./errors.ts";
import { arnOf, type Schedule } from "./schedule-row.ts";

export interface Occurrence {
  /** The time that the expression names. */
  readonly scheduledMs: number;
  /** When the target is called: the same time, or one within the flexible window behind it. */
  readonly dueMs: number;
}

/** Units of a rate are plurals here, also of one. @throws {AwsError} `ValidationException` */
export function parseExpression(expression: string): Expression {
  const parsed = parseSchedule(expression.replace(/^rate\(1 (minute|hour|day)s\)$/, "rate(1 $1)"));
  if (parsed === undefined) throw expressionInvalid(expression);
  return parsed;
}

/** The first after `afterMs`; `undefined`: there is none any more. */
export function nextOccurrence(schedule: Schedule, afterMs: number): Occurrence | undefined {
  const { timeZone } = schedule;
  const expression = parseExpression(schedule.expression);
  // single times know neither start nor end. Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (StartDate)
  const isOnce = expression.kind === "once";
  const { startMs = schedule.changedAtMs, endMs = Infinity } = isOnce ? {} : schedule;
  const notBeforeMs = isOnce ? afterMs : Math.max(afterMs, startMs - 1);
  const scheduledMs = nextAfter(expression, { afterMs: notBeforeMs, anchorMs: startMs, timeZone });
  if (scheduledMs === undefined || scheduledMs > endMs) return undefined;
  return { scheduledMs, dueMs: scheduledMs + placeInWindow(schedule, scheduledMs) };
}

/**
 * Anywhere in the window, but for the same schedule and time always in the same place.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
 */
function placeInWindow(schedule: Schedule, scheduledMs: number): number {
  const { mode, minutes = 0 } = schedule.window;
  if (mode === "OFF" || minutes === 0) return 0;
  const chance = Number.parseInt(hash("sha256", `${arnOf(schedule)} ${scheduledMs}`, "hex").slice(0, 8), 16);
  return chance % (minutes * MINUTE_MS);
}
