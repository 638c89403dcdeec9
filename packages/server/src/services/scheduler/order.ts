/** What somebody asks of a schedule, held to the rules, as it is kept. */
import { isTimeZone } from "../../kernel/schedule/zone.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { roleSession } from "../../service/role-session.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { nameOf, PRINCIPAL } from "./access.ts";
import { endBeforeStart, endOver, roleUntrusting, startTooEarly, timezoneInvalid, windowMissing } from "./errors.ts";
import { groupArn, scheduleArn, type SchedulerSdk } from "./kit.ts";
import { START_AGE_MS_MAX, USUAL_RETRY } from "./limits.ts";
import { parseExpression } from "./occurrence.ts";
import type { Schedule, Target } from "./schedule-row.ts";
import { requireTarget } from "./target.ts";
import { requireUsableKey, sealInput } from "./target-input.ts";

type Order = InputOf<SchedulerSdk, "CreateSchedule">;

const USUAL_TIME_ZONE = "UTC";

/**
 * @param there what it takes the place of
 * @throws {AwsError} `ValidationException`, `NotImplemented`
 */
export async function orderedSchedule(order: Order, there: Schedule | undefined, context: Context): Promise<Schedule> {
  const nowMs = context.now().getTime();
  const times = timesOf(order, there, nowMs);
  await requireTarget(order.Target, context);
  const name = nameOf(order);
  await requireTrust(order.Target.RoleArn, name.group, context);
  const { account, region, partition } = context;
  return {
    ...name,
    revision: context.newId(),
    account,
    region,
    partition,
    createdAtMs: there?.createdAtMs ?? nowMs,
    changedAtMs: nowMs,
    ...times,
    state: order.State ?? "ENABLED",
    afterCompletion: order.ActionAfterCompletion ?? "NONE",
    ...(order.Description !== undefined && { description: order.Description }),
    ...(order.KmsKeyArn !== undefined && { kmsKeyArn: order.KmsKeyArn }),
    ...(order.ClientToken !== undefined && { clientToken: order.ClientToken }),
    target: await keptTarget(order, context),
  };
}

/** @throws {AwsError} `ValidationException` */
function timesOf(order: Order, there: Schedule | undefined, nowMs: number) {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone = USUAL_TIME_ZONE } = order;
  parseExpression(expression);
  if (!isTimeZone(timeZone)) throw timezoneInvalid(timeZone);
  const { MaximumWindowInMinutes: minutes, Mode: mode } = order.FlexibleTimeWindow;
  if (mode === "FLEXIBLE" && minutes === undefined) throw windowMissing();
  const window = { mode: mode ?? "OFF", ...(minutes !== undefined && { minutes }) };
  const bounds = boundsOf(order);
  requireBounds(bounds, there, nowMs);
  return { expression, timeZone, window, ...bounds };
}

interface Bounds {
  readonly startMs?: number;
  readonly endMs?: number;
}

/** In whole seconds. */
const boundsOf = ({ StartDate, EndDate }: Order): Bounds => ({
  ...(StartDate !== undefined && { startMs: wholeSeconds(StartDate) }),
  ...(EndDate !== undefined && { endMs: wholeSeconds(EndDate) }),
});

/** Bounds that stood there already may be as old as they like. @throws {AwsError} `ValidationException` */
function requireBounds(bounds: Bounds, there: Schedule | undefined, nowMs: number): void {
  const { startMs = Infinity, endMs = Infinity } = bounds;
  if (startMs < nowMs - START_AGE_MS_MAX && startMs !== there?.startMs) throw startTooEarly();
  if (endMs < nowMs && endMs !== there?.endMs) throw endOver();
  if (bounds.startMs !== undefined && endMs < startMs) throw endBeforeStart();
}

const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;

/** The group is what a role is taken on for. Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
export const executionRole = (
  roleArn: string,
  group: string,
  context: Pick<Context, "account" | "region" | "partition">,
) => ({
  roleArn,
  service: PRINCIPAL,
  account: context.account,
  sourceArn: groupArn(context, group),
});

/** @throws {AwsError} `ValidationException` */
async function requireTrust(roleArn: string, group: string, context: Context): Promise<void> {
  try {
    await roleSession({ ...executionRole(roleArn, group, context), sessionName: "validation" }, context);
  } catch (error) {
    if (error instanceof AwsError) throw roleUntrusting();
    throw error;
  }
}

async function keptTarget(order: Order, context: Context): Promise<Target> {
  const { Input: text, RetryPolicy = {}, ...rest } = order.Target;
  const arn = scheduleArn(context, nameOf(order));
  const {
    MaximumEventAgeInSeconds = USUAL_RETRY.MaximumEventAgeInSeconds,
    MaximumRetryAttempts = USUAL_RETRY.MaximumRetryAttempts,
  } = RetryPolicy;
  const retry = { MaximumEventAgeInSeconds, MaximumRetryAttempts };
  const use = { arn, kmsKeyArn: order.KmsKeyArn };
  if (text !== undefined) return { ...rest, retry, input: await sealInput(text, use, context) };
  await requireUsableKey(use, context);
  return { ...rest, retry };
}
