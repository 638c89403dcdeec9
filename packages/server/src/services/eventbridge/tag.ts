/** Tags of buses and rules. */
import { parseArn } from "../../kernel/arn.ts";
import { addTags, removeTags, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onBus, onRule } from "./access.ts";
import { buses, requireBus, type Bus } from "./bus-row.ts";
import { arnInvalid, invalid, tooMany } from "./errors.ts";
import { busArn, DEFAULT_BUS, operation } from "./kit.ts";
import { requireRule, rules } from "./rule-row.ts";

interface GivenTag {
  readonly Key: string | undefined;
  readonly Value: string | undefined;
}

export const tagsOf = (given: readonly GivenTag[] | undefined): Tags =>
  Object.fromEntries((given ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

const reservedKey = () => invalid("System tags cannot be added/updated by requester.");

/** @throws {AwsError} */
export const withTags = (tags: Tags, more: Tags): Tags => addTags(tags, more, { tooMany, reservedKey });

type Tagged =
  | { readonly kind: "bus"; readonly bus: string }
  | { readonly kind: "rule"; readonly rule: string; readonly bus: string };

/** What an ARN names: as long as it is of the caller's own. @throws {AwsError} `ValidationException` */
function taggedOf(arn: string, context: Context): Tagged {
  const parts = parseArn(arn);
  const [kind = "", first = "", second] = parts?.resource.split("/") ?? [];
  if (parts?.service !== "events" || first === "") throw arnInvalid(arn);
  const place = { ...parts, account: context.account, region: context.region };
  if (kind === "event-bus") return { kind: "bus", bus: busArn(place, first) };
  if (kind !== "rule") throw arnInvalid(arn);
  const [bus, rule] = second === undefined ? [DEFAULT_BUS, first] : [first, second];
  return { kind: "rule", rule, bus: busArn(place, bus) };
}

type TagAction = "TagResource" | "UntagResource" | "ListTagsForResource";

function onTagged(action: TagAction, arn: string, context: Context, more: Partial<Access> = {}): Promise<Access> {
  const tagged = taggedOf(arn, context);
  return tagged.kind === "bus" ? onBus(action, tagged.bus, context, more) : onRule(action, tagged, context, more);
}

async function change(arn: string, context: Context, changed: (tags: Tags) => Tags): Promise<void> {
  const tagged = taggedOf(arn, context);
  if (tagged.kind === "bus") {
    const bus: Bus = await requireBus(tagged.bus, context);
    context.tx.put(buses, { ...bus, tags: changed(bus.tags) });
    return;
  }
  const { rule, place } = await requireRule(tagged.rule, tagged.bus, context);
  place.tx.put(rules, { ...rule, tags: changed(rule.tags) });
}

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceARN, Tags: given }, context) =>
    onTagged("TagResource", ResourceARN, context, { requestTags: tagsOf(given) }),

  async handle({ ResourceARN, Tags: given }, context) {
    await change(ResourceARN, context, (tags) => withTags(tags, tagsOf(given)));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceARN, TagKeys }, context) =>
    onTagged("UntagResource", ResourceARN, context, { tagKeys: TagKeys }),

  async handle({ ResourceARN, TagKeys }, context) {
    await change(ResourceARN, context, (tags) => removeTags(tags, TagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceARN }, context) => onTagged("ListTagsForResource", ResourceARN, context),

  async handle({ ResourceARN }, context) {
    const tagged = taggedOf(ResourceARN, context);
    const { tags } =
      tagged.kind === "bus"
        ? await requireBus(tagged.bus, context)
        : (await requireRule(tagged.rule, tagged.bus, context)).rule;
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
