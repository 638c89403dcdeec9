/**
 * Tags, which schedule groups alone can have.
 * Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html
 */
import { addTags, removeTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { isHere, onElsewhere } from "../../service/named-by-arn.ts";
import { onGroup } from "./access.ts";
import { groupNotFound, tagKeyReserved, tooManyTags } from "./errors.ts";
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
const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

type TagAction = "TagResource" | "UntagResource" | "ListTagsForResource";

const onTagged = async (
  action: TagAction,
  arn: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> =>
  isHere(arn, context)
    ? onGroup(action, nameIn(arn), context, more)
    : { ...onElsewhere(`scheduler:${action}`, arn), ...more };

/** The name of a group that is here. @throws {AwsError} `ResourceNotFoundException` */
function groupOf(arn: string, context: Context): string {
  if (!isHere(arn, context)) throw groupNotFound(nameIn(arn));
  return nameIn(arn);
}

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags }, context) =>
    onTagged("TagResource", ResourceArn, context, { requestTags: tagsOf({}, Tags) }),

  async handle({ ResourceArn, Tags }, context) {
    const group = await requireActiveGroup(groupOf(ResourceArn, context), context);
    context.tx.put(groups, { ...group, tags: tagsOf(group.tags, Tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys }, context) =>
    onTagged("UntagResource", ResourceArn, context, { tagKeys: TagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const group = await requireActiveGroup(groupOf(ResourceArn, context), context);
    context.tx.put(groups, { ...group, tags: removeTags(group.tags, TagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => onTagged("ListTagsForResource", ResourceArn, context),

  async handle({ ResourceArn }, context) {
    const { tags } = await requireGroup(groupOf(ResourceArn, context), context);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
});
