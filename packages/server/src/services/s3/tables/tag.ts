/** Tags of table buckets and tables. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/table-bucket-tagging.html */
import { addTags, removeTags, type TagErrors, type Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket, onTable } from "./access.ts";
import { putBucket, requireBucket, requirePlace } from "./bucket-row.ts";
import { tagReserved, tooManyTags } from "./errors.ts";
import { operation } from "./kit.ts";
import { putTable, requireTable } from "./table-row.ts";

const ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: tagReserved };

/** @throws {AwsError} `BadRequestException` */
export const toNewTags = (tags: Tags = {}): Tags => addTags({}, tags, ERRORS);

const onTagged = (action: string, arn: string, context: Context, more: Partial<Access> = {}): Promise<Access> =>
  requirePlace(arn).tableId === undefined
    ? onBucket(action, arn, context, more)
    : onTable(action, { tableArn: arn }, context, more);

interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): void;
}

/** @throws {AwsError} `NotFoundException` */
async function requireTagged(arn: string, context: Context): Promise<Tagged> {
  if (requirePlace(arn).tableId === undefined) {
    const bucket = await requireBucket(arn, context);
    return { tags: bucket.tags, put: (tags) => putBucket({ ...bucket, tags }, context) };
  }
  const stored = await requireTable({ tableArn: arn }, context);
  return { tags: stored.tags, put: (tags) => putTable({ ...stored, tags }, context) };
}

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) => onTagged("TagResource", resourceArn, context, { requestTags: tags }),

  async handle({ resourceArn, tags }, context) {
    const tagged = await requireTagged(resourceArn, context);
    tagged.put(addTags(tagged.tags, tags, ERRORS));
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onTagged("UntagResource", resourceArn, context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const tagged = await requireTagged(resourceArn, context);
    tagged.put(removeTags(tagged.tags, tagKeys));
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onTagged("ListTagsForResource", resourceArn, context),

  async handle({ resourceArn }, context) {
    const { tags } = await requireTagged(resourceArn, context);
    return { tags: { ...tags } };
  },
});
