/** The rows of schedules, and their finders. */
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { scheduleNotFound } from "./errors.ts";
import { requireGroup } from "./group-row.ts";
import { scheduleArn, type ScheduleName, type SchedulerSdk } from "./kit.ts";
import type { EncryptedInput } from "./target-input.ts";

type GivenTarget = InputOf<SchedulerSdk, "CreateSchedule">["Target"];

/** A target as its owner gave it, but for the input, which is kept sealed. */
export interface Target extends Omit<GivenTarget, "Input" | "RetryPolicy"> {
  readonly input?: EncryptedInput;
  readonly retry: Retry;
}

export interface Retry {
  readonly MaximumEventAgeInSeconds: number;
  readonly MaximumRetryAttempts: number;
}

export interface Schedule extends ScheduleName {
  /** Another after each change, so that what was set in motion before is told apart. */
  readonly revision: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly description?: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly state: "ENABLED" | "DISABLED";
  /** How long after its time a run may begin; absent where the window is off. */
  readonly window: { readonly mode: "OFF" | "FLEXIBLE"; readonly minutes?: number };
  readonly afterCompletion: "NONE" | "DELETE";
  readonly kmsKeyArn?: string;
  readonly target: Target;
  /** What the call said that made it. */
  readonly clientToken?: string;
}

export const schedules = table<Schedule>("scheduler.schedule", "region", ({ group, name }) => [group, name]);

export const arnOf = (schedule: Schedule): Arn => scheduleArn(schedule, schedule);

/** By which its timer is told from the others of the account and region. */
export const timerKeyOf = ({ group, name }: ScheduleName): string => `${group}/${name}`;

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSchedule({ group, name }: ScheduleName, context: Pick<Context, "tx">): Promise<Schedule> {
  await requireGroup(group, context);
  const schedule = await context.tx.get(schedules, group, name);
  if (schedule === undefined) throw scheduleNotFound(name);
  return schedule;
}

export function removeSchedule(name: ScheduleName, context: Context): void {
  context.tx.delete(schedules, name.group, name.name);
  context.cancel("fire", timerKeyOf(name));
}

/** Deletes so many schedules of a group, or all where there are fewer. How many there were. */
export async function deleteSome(group: string, limit: number, context: Context): Promise<number> {
  const found = await context.tx.scan(schedules, { prefix: [group], limit });
  for (const schedule of found) removeSchedule(schedule, context);
  return found.length;
}
