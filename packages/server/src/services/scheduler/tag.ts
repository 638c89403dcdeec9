/**
 * Tags, which schedule groups alone can have.
 * Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
 */
import { addTags, removeTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import { onGroup } from "./access.ts";
import { tagKeyReserved, tooManyTags } from "./errors.ts";
import { groups, requireActiveGroup, requireGroup } from "./group-row.ts";
import { operation } from "./kit.ts";

const TAG_ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: tagKeyReserved };

interface GivenTag {
  readonly Key: string;
  readonly Value: string;
}

/** @throws {AwsError} `ValidationException` */
export const tagsOf = (tags: Tags, given: readonly GivenTag[]): Tags =>
  addTags(tags, Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])), TAG_ERRORS);

/** The model holds what is tagged to the form of a group's ARN. */
const groupOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags }, context) =>
    onGroup("TagResource", groupOf(ResourceArn), context, { requestTags: tagsOf({}, Tags) }),

  async handle({ ResourceArn, Tags }, context) {
    const group = await requireActiveGroup(groupOf(ResourceArn), context);
    context.tx.put(groups, { ...group, tags: tagsOf(group.tags, Tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys }, context) =>
    onGroup("UntagResource", groupOf(ResourceArn), context, { tagKeys: TagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const group = await requireActiveGroup(groupOf(ResourceArn), context);
    context.tx.put(groups, { ...group, tags: removeTags(group.tags, TagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => onGroup("ListTagsForResource", groupOf(ResourceArn), context),

  async handle({ ResourceArn }, context) {
    const { tags } = await requireGroup(groupOf(ResourceArn), context);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
