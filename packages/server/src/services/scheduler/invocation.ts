/**
 * A target is called, with the rights of the schedule's role, again where that fails.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import { asRegion } from "../../kernel/arn.ts";
import { roleSession } from "../../service/role-session.ts";
import type { Context } from "../../service/context.ts";
import type { ErrandContext } from "../../service/errand.ts";
import { deadLetter, type Failure } from "./dead-letter.ts";
import { RETRY_AFTER_MS, RETRY_AFTER_MS_MAX } from "./limits.ts";
import { measure } from "./measure.ts";
import { usualNotification, withContext } from "./notification.ts";
import { executionRole } from "./order.ts";
import { arnOf, removeSchedule, schedules, type Schedule } from "./schedule-row.ts";
import { callOf } from "./target.ts";
import { openInput } from "./target-input.ts";
import type { Asked } from "./template.ts";

export interface Invocation {
  readonly id: string;
  /** As it was when its time came. */
  readonly schedule: Schedule;
  readonly scheduledMs: number;
  readonly beganAtMs: number;
  /** The schedule has no time any more after this one. */
  readonly isLast: boolean;
  /** From 1. */
  readonly attempt: number;
}

const invocations = table<Invocation>("scheduler.invocation", "region", ({ id }) => [id]);

export function invoke(
  what: Pick<Invocation, "schedule" | "scheduledMs" | "beganAtMs" | "isLast">,
  context: Context,
): void {
  const invocation = { ...what, id: context.newId(), attempt: 1 };
  context.tx.put(invocations, invocation);
  context.at(what.beganAtMs, "call", invocation.id);
}

/** The errand: one attempt. */
export async function call(context: ErrandContext, id: string): Promise<void> {
  const invocation = await context.tx.get(invocations, id);
  if (invocation === undefined) return;
  const failure = await attempt(invocation, context);
  await context.transact(async (inner) => {
    measure("InvocationAttemptCount", invocation.schedule.group, inner);
    if (failure !== undefined) measure("TargetErrorCount", invocation.schedule.group, inner);
    if (failure === undefined) await end(invocation, inner);
    else await putOff(invocation, failure, inner);
  });
}

async function attempt(invocation: Invocation, context: ErrandContext): Promise<Failure | undefined> {
  const { schedule } = invocation;
  let asked: Asked | undefined;
  try {
    const use = executionRole(schedule.target.RoleArn, schedule.group, schedule);
    const as = await roleSession({ ...use, sessionName: invocation.id.replaceAll("-", "") }, context);
    const kept = schedule.target.input;
    const text = kept && (await openInput(kept, { arn: arnOf(schedule), as }, context));
    const input = text === undefined ? undefined : withContext(text, invocation);
    const { region, ...named } = await callOf(schedule.target, input, usualNotification(invocation), context);
    asked = named.input;
    const output = await context.callNamed({ ...named, as, ...(region !== undefined && { region: asRegion(region) }) });
    return failedEntry(output, asked);
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, message: error.message, asked };
    throw error;
  }
}

/** A bus answers yes to a request of which it took nothing. */
function failedEntry(output: object, asked: Asked): Failure | undefined {
  if (!("FailedEntryCount" in output) || output.FailedEntryCount === 0 || !("Entries" in output)) return undefined;
  const [entry]: readonly { readonly ErrorCode?: string; readonly ErrorMessage?: string }[] = Array.isArray(
    output.Entries,
  )
    ? output.Entries
    : [];
  return entry?.ErrorCode === undefined
    ? undefined
    : { code: entry.ErrorCode, message: entry.ErrorMessage ?? "", asked };
}

/** Tries again later, or never. */
async function putOff(invocation: Invocation, failure: Failure, context: Context): Promise<void> {
  const { retry } = invocation.schedule.target;
  const nowMs = context.now().getTime();
  const afterMs = Math.min(RETRY_AFTER_MS * 2 ** (invocation.attempt - 1), RETRY_AFTER_MS_MAX);
  const isOverAge = nowMs + afterMs - invocation.beganAtMs > retry.MaximumEventAgeInSeconds * SECOND_MS;
  const isOften = invocation.attempt > retry.MaximumRetryAttempts;
  // where the target's service is not built, no patience helps
  const isHopeless = failure.code === "NotImplemented";
  if (isOften || isOverAge || isHopeless) {
    const exhausted = isOften ? "MaximumRetryAttempts" : isOverAge ? "MaximumEventAgeInSeconds" : undefined;
    measure("InvocationDroppedCount", invocation.schedule.group, context);
    await deadLetter({ invocation, failure, exhausted }, context);
    await end(invocation, context);
    return;
  }
  context.tx.put(invocations, { ...invocation, attempt: invocation.attempt + 1 });
  context.at(nowMs + afterMs, "call", invocation.id);
}

/** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html (automatic deletion) */
async function end({ id, schedule, isLast }: Invocation, context: Context): Promise<void> {
  context.tx.delete(invocations, id);
  if (!isLast || schedule.afterCompletion !== "DELETE") return;
  const there = await context.tx.get(schedules, schedule.group, schedule.name);
  if (there?.revision === schedule.revision) removeSchedule(schedule, context);
}
