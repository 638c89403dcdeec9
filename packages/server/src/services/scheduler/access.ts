/**
 * The questions that EventBridge Scheduler's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { passedRole } from "../../service/passed-role.ts";
import type { OperationName } from "../../service/sdk.ts";
import { DEFAULT_GROUP, findGroup } from "./group-row.ts";
import { groupArn, scheduleArn, type ScheduleName, type SchedulerSdk } from "./kit.ts";

type Action = OperationName<SchedulerSdk>;

export const PRINCIPAL = "scheduler.amazonaws.com";

export const nameOf = (input: { readonly Name: string; readonly GroupName?: string | undefined }): ScheduleName => ({
  group: input.GroupName ?? DEFAULT_GROUP,
  name: input.Name,
});

/** A schedule has no tags of its own: those of its group count. */
export async function onSchedule(action: Action, name: ScheduleName, context: Context): Promise<Access> {
  const group = await findGroup(name.group, context);
  return {
    action: `scheduler:${action}`,
    resource: scheduleArn(context, name),
    resourceTags: group?.tags,
  };
}

export async function onGroup(
  action: Action,
  name: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const group = await findGroup(name, context);
  return { action: `scheduler:${action}`, resource: groupArn(context, name), resourceTags: group?.tags, ...more };
}

export const onAll = (action: Action): Access => ({ action: `scheduler:${action}`, resource: "*" });

/** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role */
export const onPassedRole = (roleArn: string): Access => passedRole(roleArn, PRINCIPAL);
