/** A schedule's time has come: its target is to be called, and the next time is waited for. */
import { MINUTE_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { invoke } from "./invocation.ts";
import { nextOccurrence, type Occurrence } from "./occurrence.ts";
import { schedules, timerKeyOf, type Schedule } from "./schedule-row.ts";

/** What the timer of a schedule carries. */
interface Awaited extends Occurrence {
  readonly revision: string;
}

/** Waits for the first time of a schedule that is new or changed. */
export function begin(schedule: Schedule, context: Context): void {
  context.cancel("fire", timerKeyOf(schedule));
  if (schedule.state === "ENABLED") awaitNext(schedule, schedule.changedAtMs - 1, context);
}

/** Whether there is a next time after `afterMs`. */
function awaitNext(schedule: Schedule, afterMs: number, context: Context): boolean {
  const next = nextOccurrence(schedule, afterMs);
  if (next === undefined) return false;
  const awaited: Awaited = { ...next, revision: schedule.revision };
  context.at(next.dueMs, "fire", timerKeyOf(schedule), awaited);
  return true;
}

const isAwaited = (payload: unknown): payload is Awaited =>
  typeof payload === "object" && payload !== null && "scheduledMs" in payload && "dueMs" in payload;

/** The job. */
export async function fire(context: Context, key: string, payload: unknown): Promise<void> {
  const [group = "", name = ""] = key.split("/");
  const schedule = await context.tx.get(schedules, group, name);
  if (schedule === undefined || !isAwaited(payload) || payload.revision !== schedule.revision) return;
  const { scheduledMs, dueMs } = payload;
  const nowMs = context.now().getTime();
  // what nobody was there to do, since the cloud was not running, is not made up for
  const afterMs = nowMs - dueMs > MINUTE_MS ? Math.max(scheduledMs, nowMs - 1) : scheduledMs;
  const isLast = !awaitNext(schedule, afterMs, context);
  invoke({ schedule, scheduledMs, beganAtMs: dueMs, isLast }, context);
}
