/** Schedules: made, found, listed, changed and deleted. */
import type { Context } from "../../service/context.ts";
import { nameOf, onAll, onPassedRole, onSchedule } from "./access.ts";
import { scheduleExists, tokenInvalid } from "./errors.ts";
import { requireActiveGroup, requireGroup } from "./group-row.ts";
import { operation } from "./kit.ts";
import { ROWS_PER_PAGE_MAX, ROWS_SEEN_PER_PAGE_MAX } from "./limits.ts";
import { begin } from "./fire.ts";
import { orderedSchedule } from "./order.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import { arnOf, removeSchedule, requireSchedule, schedules, type Schedule } from "./schedule-row.ts";
import { openInput } from "./target-input.ts";
import { targetView } from "./target-view.ts";

export const createSchedule = operation("CreateSchedule", {
  authorize: async (input, context) => [
    await onSchedule("CreateSchedule", nameOf(input), context),
    onPassedRole(input.Target.RoleArn),
  ],

  async handle(input, context) {
    const name = nameOf(input);
    await requireActiveGroup(name.group, context);
    const there = await context.tx.get(schedules, name.group, name.name);
    if (there !== undefined) {
      if (input.ClientToken === undefined || there.clientToken !== input.ClientToken) throw scheduleExists(name.name);
      return { ScheduleArn: arnOf(there) };
    }
    const schedule = await orderedSchedule(input, undefined, context);
    keep(schedule, context);
    return { ScheduleArn: arnOf(schedule) };
  },
});

/** All that is not said again falls back to what is usual. Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html */
export const updateSchedule = operation("UpdateSchedule", {
  authorize: async (input, context) => [
    await onSchedule("UpdateSchedule", nameOf(input), context),
    onPassedRole(input.Target.RoleArn),
  ],

  async handle(input, context) {
    const there = await requireSchedule(nameOf(input), context);
    await requireActiveGroup(there.group, context);
    const schedule = await orderedSchedule(input, there, context);
    keep(schedule, context);
    return { ScheduleArn: arnOf(schedule) };
  },
});

function keep(schedule: Schedule, context: Context): void {
  context.tx.put(schedules, schedule);
  begin(schedule, context);
}

export const deleteSchedule = operation("DeleteSchedule", {
  authorize: (input, context) => onSchedule("DeleteSchedule", nameOf(input), context),

  async handle(input, context) {
    removeSchedule(await requireSchedule(nameOf(input), context), context);
    return {};
  },
});

export const getSchedule = operation("GetSchedule", {
  authorize: (input, context) => onSchedule("GetSchedule", nameOf(input), context),

  async handle(input, context) {
    const schedule = await requireSchedule(nameOf(input), context);
    const { startMs, endMs, description, kmsKeyArn } = schedule;
    const { input: encrypted } = schedule.target;
    const written = encrypted && (await openInput(encrypted, { arn: arnOf(schedule) }, context));
    return {
      ...summary(schedule),
      ...(description !== undefined && { Description: description }),
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timeZone,
      ...(startMs !== undefined && { StartDate: new Date(startMs) }),
      ...(endMs !== undefined && { EndDate: new Date(endMs) }),
      ...(kmsKeyArn !== undefined && { KmsKeyArn: kmsKeyArn }),
      Target: targetView(schedule.target, written),
      FlexibleTimeWindow: {
        Mode: schedule.window.mode,
        ...(schedule.window.minutes !== undefined && { MaximumWindowInMinutes: schedule.window.minutes }),
      },
      ActionAfterCompletion: schedule.afterCompletion,
    };
  },
});

const summary = (schedule: Schedule) => ({
  Arn: arnOf(schedule),
  Name: schedule.name,
  GroupName: schedule.group,
  State: schedule.state,
  CreationDate: new Date(schedule.createdAtMs),
  LastModificationDate: new Date(schedule.changedAtMs),
});

export const listSchedules = operation("ListSchedules", {
  authorize: () => onAll("ListSchedules"),

  async handle(input, context) {
    const { GroupName: group, MaxResults: limit = ROWS_PER_PAGE_MAX } = input;
    if (group !== undefined) await requireGroup(group, context);
    const { rows, next } = await somePage(input, limit, context);
    return {
      Schedules: rows.map((schedule) => ({ ...summary(schedule), Target: { Arn: schedule.target.Arn } })),
      NextToken: next,
    };
  },
});

interface Wanted {
  readonly GroupName?: string | undefined;
  readonly NamePrefix?: string | undefined;
  readonly State?: string | undefined;
  readonly NextToken?: string | undefined;
}

interface SomePage {
  readonly rows: readonly Schedule[];
  readonly next?: string;
}

/** Has fewer than asked for where those that fit lie far apart. */
async function somePage(wanted: Wanted, limit: number, { tx }: Context): Promise<SomePage> {
  const { NamePrefix = "", State: state, NextToken: token } = wanted;
  const after = token === undefined ? undefined : decodeToken(token, tokenInvalid);
  const max = isRange(wanted) ? limit + 1 : ROWS_SEEN_PER_PAGE_MAX;
  const seen = await tx.scan(schedules, { ...rangeOf(wanted), after, limit: max });
  const fitting = seen.filter((one) => one.name.startsWith(NamePrefix) && (state ?? one.state) === one.state);
  const rows = fitting.slice(0, limit);
  const last = fitting.length > limit ? rows.at(-1) : seen.length === max ? seen.at(-1) : undefined;
  return { rows, ...(last !== undefined && { next: encodeToken(schedules.keyOf(last)) }) };
}

/** Whether all that is in the range is wanted. */
const isRange = ({ GroupName, NamePrefix, State }: Wanted): boolean =>
  State === undefined && (GroupName !== undefined || NamePrefix === undefined);

const rangeOf = ({ GroupName, NamePrefix }: Wanted) =>
  GroupName === undefined ? {} : { prefix: [GroupName], ...(NamePrefix !== undefined && { startsWith: NamePrefix }) };
