/** Tags of alarms and dashboards. */
import type { Tag } from "@aws-sdk/client-cloudwatch";
import { formatArn, parseArn } from "../../kernel/arn.ts";
import { addTags, removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { alarms, findAlarm, type Alarm } from "./alarm/alarm.ts";
import { resourceNotFound, tagReserved, tooManyTags, valueInvalid } from "./errors.ts";
import { operation } from "./kit.ts";

export const tagsOf = (given: readonly { readonly Key: string; readonly Value: string }[]): Tags =>
  addTags({}, Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])), ERRORS);

const ERRORS = { tooMany: tooManyTags, reservedKey: tagReserved };

/** The alarm of that ARN. @throws {AwsError} `InvalidParameterValue` where it is no ARN of CloudWatch's */
async function alarmOf(arn: string, context: Context): Promise<Alarm | undefined> {
  const { service, resource = "", account, region } = parseArn(arn) ?? {};
  if (service !== "cloudwatch") throw valueInvalid(arn, "ResourceARN");
  if (account !== context.account || region !== context.region || !resource.startsWith("alarm:")) return undefined;
  return findAlarm(resource.slice("alarm:".length), context);
}

async function onResource(action: string, ResourceARN: string, context: Context) {
  const resourceTags = (await alarmOf(ResourceARN, context))?.tags;
  const parts = parseArn(ResourceARN);
  const resource: Access["resource"] = parts === undefined ? "*" : formatArn(parts);
  return { action: `cloudwatch:${action}`, resource, resourceTags };
}

export const tagResource = operation("TagResource", {
  async authorize({ ResourceARN, Tags: given }, context) {
    return { ...(await onResource("TagResource", ResourceARN, context)), requestTags: tagsOf(given) };
  },

  async handle({ ResourceARN, Tags: given }, context) {
    const alarm = await alarmOf(ResourceARN, context);
    if (alarm === undefined) throw resourceNotFound();
    const more = Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));
    context.tx.put(alarms, { ...alarm, tags: addTags(alarm.tags, more, ERRORS) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  async authorize({ ResourceARN, TagKeys: tagKeys }, context) {
    return { ...(await onResource("UntagResource", ResourceARN, context)), tagKeys };
  },

  async handle({ ResourceARN, TagKeys }, context) {
    const alarm = await alarmOf(ResourceARN, context);
    if (alarm === undefined) throw resourceNotFound();
    context.tx.put(alarms, { ...alarm, tags: removeTags(alarm.tags, TagKeys) });
    return {};
  },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_tagging_metric_alarm: of an alarm that is gone there are none) */
export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceARN }, context) => onResource("ListTagsForResource", ResourceARN, context),

  async handle({ ResourceARN }, context) {
    const alarm = await alarmOf(ResourceARN, context);
    return { Tags: Object.entries(alarm?.tags ?? {}).map(([Key, Value]): Tag => ({ Key, Value })) };
  },
});
