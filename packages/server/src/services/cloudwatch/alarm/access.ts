/** What is asked of IAM about alarms. */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { alarmArn } from "../kit.ts";
import { tagsOf } from "../tag.ts";
import { findAlarm } from "./alarm.ts";

interface NewAlarm {
  readonly AlarmName: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export async function onNewAlarm(
  action: "PutMetricAlarm" | "PutCompositeAlarm",
  { AlarmName, Tags = [], OKActions = [], AlarmActions = [], InsufficientDataActions = [] }: NewAlarm,
  context: Context,
): Promise<readonly Access[]> {
  const there = await findAlarm(AlarmName, context);
  const resource = alarmArn(context, AlarmName);
  const tags = { requestTags: tagsOf(Tags), resourceTags: there?.tags };
  const actions = [...OKActions, ...AlarmActions, ...InsufficientDataActions];
  const keys = actions.length === 0 ? {} : { keys: { "cloudwatch:AlarmActions": actions } };
  const saving = { action: `cloudwatch:${action}`, resource, ...tags, ...keys };
  return Tags.length === 0 ? [saving] : [saving, { action: "cloudwatch:TagResource", resource, ...tags }];
}

/** About each of several alarms; about all where none is named. */
export async function onAlarms(
  action: string,
  names: readonly string[] | undefined,
  context: Context,
): Promise<readonly Access[]> {
  const asked: Access[] = [];
  for (const name of names ?? ["*"]) {
    const resourceTags = name === "*" ? undefined : (await findAlarm(name, context))?.tags;
    asked.push({ action: `cloudwatch:${action}`, resource: alarmArn(context, name), resourceTags });
  }
  return asked;
}
