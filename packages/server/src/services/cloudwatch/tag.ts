/** Tags of alarms, rules and dashboards. */
import type { Tag } from "@aws-sdk/client-cloudwatch";
import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { Table, Transaction } from "../../kernel/table.ts";
import { addTags, removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { alarms } from "./alarm/alarm.ts";
import { dashboards } from "./dashboard-row.ts";
import { resourceNotFound, tagReserved, tooManyTags, valueInvalid } from "./errors.ts";
import { insightRules } from "./insight-rule/row.ts";
import { operation } from "./kit.ts";
import { muteRules } from "./mute/row.ts";

export const tagsOf = (given: readonly { readonly Key: string; readonly Value: string }[]): Tags =>
  addTags({}, Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])), ERRORS);

const ERRORS = { tooMany: tooManyTags, reservedKey: tagReserved };

/** How the tags of one type of resource are found and changed. */
interface Tagged {
  /** The ARN's resource begins so. */
  readonly prefix: string;
  find(name: string, tx: Transaction): Promise<Tags | undefined>;
  put(name: string, tags: Tags, tx: Transaction): Promise<void>;
}

const tagged = <Row extends { readonly tags: Tags }>(prefix: string, rows: Table<Row>): Tagged => ({
  prefix,
  async find(name, tx) {
    return (await tx.get(rows, name))?.tags;
  },
  async put(name, tags, tx) {
    const row = await tx.get(rows, name);
    if (row !== undefined) tx.put(rows, { ...row, tags });
  },
});

const TAGGED: readonly Tagged[] = [
  tagged("alarm:", alarms),
  tagged("alarm-mute-rule:", muteRules),
  tagged("insight-rule/", insightRules),
  tagged("dashboard/", dashboards),
];

interface Found {
  readonly tags: Tags;
  readonly put: (tags: Tags) => Promise<void>;
}

/** The tags of that ARN. @throws {AwsError} `InvalidParameterValue` where it is no ARN of CloudWatch's */
async function findTags(arn: string, { tx, account, region }: Context): Promise<Found | undefined> {
  const parts = parseArn(arn);
  if (parts?.service !== "cloudwatch") throw valueInvalid(arn, "ResourceARN");
  const type = TAGGED.find(({ prefix }) => parts.resource.startsWith(prefix));
  // dashboards are in no region
  const home = type?.prefix === "dashboard/" ? "" : region;
  if (type === undefined || parts.account !== account || parts.region !== home) return undefined;
  const name = parts.resource.slice(type.prefix.length);
  const tags = await type.find(name, tx);
  return tags && { tags, put: (changed) => type.put(name, changed, tx) };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTags(arn: string, context: Context): Promise<Found> {
  const found = await findTags(arn, context);
  if (found === undefined) throw resourceNotFound();
  return found;
}

async function onResource(action: string, ResourceARN: string, context: Context) {
  const resourceTags = (await findTags(ResourceARN, context))?.tags;
  const parts = parseArn(ResourceARN);
  const resource: Access["resource"] = parts === undefined ? "*" : formatArn(parts);
  return { action: `cloudwatch:${action}`, resource, resourceTags };
}

export const tagResource = operation("TagResource", {
  async authorize({ ResourceARN, Tags: given }, context) {
    return { ...(await onResource("TagResource", ResourceARN, context)), requestTags: tagsOf(given) };
  },

  async handle({ ResourceARN, Tags: given }, context) {
    const { tags, put } = await requireTags(ResourceARN, context);
    const more = Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));
    await put(addTags(tags, more, ERRORS));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  async authorize({ ResourceARN, TagKeys: tagKeys }, context) {
    return { ...(await onResource("UntagResource", ResourceARN, context)), tagKeys };
  },

  async handle({ ResourceARN, TagKeys }, context) {
    const { tags, put } = await requireTags(ResourceARN, context);
    await put(removeTags(tags, TagKeys));
    return {};
  },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_tagging_metric_alarm: of an alarm that is gone there are none) */
export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceARN }, context) => onResource("ListTagsForResource", ResourceARN, context),

  async handle({ ResourceARN }, context) {
    const found = await findTags(ResourceARN, context);
    return { Tags: Object.entries(found?.tags ?? {}).map(([Key, Value]): Tag => ({ Key, Value })) };
  },
});
