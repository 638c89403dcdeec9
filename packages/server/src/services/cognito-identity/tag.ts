/** The tags of identity pools. */
import { parseArn } from "../../kernel/arn.ts";
import { addTags, removeTags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { resourceNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { onPool, poolArn, pools, type Pool } from "./pool-row.ts";
import { TAG_ERRORS } from "./pool.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ ResourceArn, Tags }, context) => onTagged("TagResource", ResourceArn, context, { requestTags: Tags }),

  async handle({ ResourceArn, Tags }, context) {
    const pool = await requireTagged(ResourceArn, context);
    context.tx.put(pools, { ...pool, tags: addTags(pool.tags, Tags, TAG_ERRORS) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ ResourceArn, TagKeys }, context) =>
    onTagged("UntagResource", ResourceArn, context, { tagKeys: TagKeys }),

  async handle({ ResourceArn, TagKeys }, context) {
    const pool = await requireTagged(ResourceArn, context);
    context.tx.put(pools, { ...pool, tags: removeTags(pool.tags, TagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceArn }, context) => onTagged("ListTagsForResource", ResourceArn, context),

  async handle({ ResourceArn }, context) {
    const { tags } = await requireTagged(ResourceArn, context);
    return { Tags: tags };
  },
});

const onTagged = (
  action: string,
  resourceArn: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> => onPool(action, idIn(resourceArn), context, more);

const idIn = (resourceArn: string): string => (parseArn(resourceArn)?.resource ?? "").replace(/^identitypool\//, "");

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireTagged(resourceArn: string, context: Context): Promise<Pool> {
  const pool = await context.tx.get(pools, idIn(resourceArn));
  if (pool === undefined || poolArn(context, pool.id) !== resourceArn) throw resourceNotFound(resourceArn);
  return pool;
}
