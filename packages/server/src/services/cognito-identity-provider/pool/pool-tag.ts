/** Tags of pools. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html */
import { addTags, removeTags, type Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, poolNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { arnOf, askOfPool, pools, requirePool, type Pool } from "./pool-row.ts";

/** @throws {AwsError} `InvalidParameterException` */
export const withPoolTags = (tags: Tags, more: Tags): Tags =>
  addTags(tags, more, {
    tooMany: () => invalidParameter("Too many tags: a user pool has at most 50."),
    reservedKey: () => invalidParameter("Tag keys cannot start with aws:"),
  });

const idIn = (resource: string): string => /:userpool\/([^/]+)$/.exec(resource)?.[1] ?? resource;

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTagged(resource: string, context: Context): Promise<Pool> {
  const pool = await requirePool(idIn(resource), context);
  if (arnOf(pool) !== resource) throw poolNotFound(resource);
  return pool;
}

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags: requestTags }, context) =>
    askOfPool("TagResource", idIn(ResourceArn), context, { requestTags }),

  async handle({ ResourceArn, Tags }, context) {
    const pool = await requireTagged(ResourceArn, context);
    context.tx.put(pools, { ...pool, tags: withPoolTags(pool.tags, Tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys: tagKeys }, context) =>
    askOfPool("UntagResource", idIn(ResourceArn), context, { tagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const pool = await requireTagged(ResourceArn, context);
    context.tx.put(pools, { ...pool, tags: removeTags(pool.tags, TagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => askOfPool("ListTagsForResource", idIn(ResourceArn), context),

  async handle({ ResourceArn }, context) {
    const { tags } = await requireTagged(ResourceArn, context);
    return { Tags: { ...tags } };
  },
});
