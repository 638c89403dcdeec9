/** Tags of topics. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html */
import { addTags, removeTags, type Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { questionAbout } from "../access.ts";
import { resourceNotFound, tagKeyReserved, tagsRepeated, tooManyTags } from "../errors.ts";
import { operation } from "../kit.ts";
import { homeOf, placeOf, topicAt, topics, type Topic } from "./row.ts";

interface GivenTag {
  readonly Key: string;
  readonly Value: string;
}

export const tagsOf = (tags: readonly GivenTag[]): Tags =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** @throws {AwsError} `InvalidParameter`, `TagLimitExceeded` */
export function requireTags(there: Tags, more: readonly GivenTag[]): Tags {
  if (new Set(more.map(({ Key }) => Key)).size < more.length) throw tagsRepeated();
  return addTags(there, tagsOf(more), { tooMany: tooManyTags, reservedKey: tagKeyReserved });
}

const placeOfTagged = (arn: string, context: Context) => placeOf(arn, "ResourceArn", context);

async function requireTagged(arn: string, context: Context): Promise<Topic> {
  const topic = await topicAt(placeOfTagged(arn, context));
  if (topic === undefined) throw resourceNotFound();
  return topic;
}

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags }, context) =>
    questionAbout("TagResource", placeOfTagged(ResourceArn, context), context, { requestTags: tagsOf(Tags) }),

  async handle({ ResourceArn, Tags }, context) {
    const topic = await requireTagged(ResourceArn, context);
    homeOf(topic, context.tx).put(topics, { ...topic, tags: requireTags(topic.tags, Tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys }, context) =>
    questionAbout("UntagResource", placeOfTagged(ResourceArn, context), context, { tagKeys: TagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const topic = await requireTagged(ResourceArn, context);
    homeOf(topic, context.tx).put(topics, { ...topic, tags: removeTags(topic.tags, TagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) =>
    questionAbout("ListTagsForResource", placeOfTagged(ResourceArn, context), context),

  async handle({ ResourceArn }, context) {
    const { tags } = await requireTagged(ResourceArn, context);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
