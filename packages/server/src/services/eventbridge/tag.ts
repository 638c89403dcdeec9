/** Tags of buses and rules. */
import { asRegion, parseAccountId, parseArn, type Arn } from "../../kernel/arn.ts";
import { addTags, removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onBus, onRule } from "./access.ts";
import { buses, placeOf, requireBusAt } from "./bus/row.ts";
import { arnInvalid, busNotFound, ruleNotFound, tagReserved, tooMany } from "./errors.ts";
import { busArn, DEFAULT_BUS, operation } from "./kit.ts";
import { requireRule, rules } from "./rule/row.ts";

interface GivenTag {
  readonly Key: string | undefined;
  readonly Value: string | undefined;
}

export const tagsOf = (given: readonly GivenTag[] | undefined): Tags =>
  Object.fromEntries((given ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** @throws {AwsError} */
export const withTags = (tags: Tags, more: Tags): Tags => addTags(tags, more, { tooMany, reservedKey: tagReserved });

type Tagged =
  | { readonly kind: "bus"; readonly bus: Arn }
  | { readonly kind: "rule"; readonly rule: string; readonly bus: Arn };

/** What an ARN names: wherever it is. The names of buses of partners have slashes. @throws {AwsError} `ValidationException` */
function taggedOf(arn: string, context: Context): Tagged {
  const parts = parseArn(arn);
  const [kind = "", ...names] = parts?.resource.split("/") ?? [];
  const last = names.pop();
  if (parts?.service !== "events" || last === undefined || last === "") throw arnInvalid(arn);
  const account = parseAccountId(parts.account) ?? context.account;
  const place = { partition: parts.partition, account, region: asRegion(parts.region) };
  switch (kind) {
    case "event-bus":
      return { kind: "bus", bus: busArn(place, [...names, last].join("/")) };
    case "rule":
      return { kind, rule: last, bus: busArn(place, names.join("/") || DEFAULT_BUS) };
    default:
      throw arnInvalid(arn);
  }
}

type TagAction = "TagResource" | "UntagResource" | "ListTagsForResource";

function onTagged(action: TagAction, arn: string, context: Context, more: Partial<Access> = {}): Promise<Access> {
  const tagged = taggedOf(arn, context);
  return tagged.kind === "bus" ? onBus(action, tagged.bus, context, more) : onRule(action, tagged, context, more);
}

/** What has tags, and how it is put again. */
interface Found {
  readonly tags: Tags;
  readonly put: (tags: Tags) => void;
}

/** Of other regions nothing is found here. @throws {AwsError} `ValidationException`, `ResourceNotFoundException` */
async function requireTagged(arn: string, context: Context): Promise<Found> {
  const tagged = taggedOf(arn, context);
  const place = placeOf(tagged.bus, context);
  const isRegional = place.region === context.region;
  if (tagged.kind === "bus") {
    if (!isRegional) throw busNotFound(place.name);
    const bus = await requireBusAt(place);
    return { tags: bus.tags, put: (tags) => place.tx.put(buses, { ...bus, tags }) };
  }
  if (!isRegional) throw ruleNotFound(tagged.rule, place.name);
  const { rule } = await requireRule(tagged.rule, tagged.bus, context);
  return { tags: rule.tags, put: (tags) => place.tx.put(rules, { ...rule, tags }) };
}

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceARN, Tags: given }, context) =>
    onTagged("TagResource", ResourceARN, context, { requestTags: tagsOf(given) }),

  async handle({ ResourceARN, Tags: given }, context) {
    const { tags, put } = await requireTagged(ResourceARN, context);
    put(withTags(tags, tagsOf(given)));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceARN, TagKeys }, context) =>
    onTagged("UntagResource", ResourceARN, context, { tagKeys: TagKeys }),

  async handle({ ResourceARN, TagKeys }, context) {
    const { tags, put } = await requireTagged(ResourceARN, context);
    put(removeTags(tags, TagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceARN }, context) => onTagged("ListTagsForResource", ResourceARN, context),

  async handle({ ResourceARN }, context) {
    const { tags } = await requireTagged(ResourceARN, context);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
