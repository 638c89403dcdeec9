/** Tags of keys. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html */
import { removeTags } from "../../kernel/tags.ts";
import { onKeyNamed } from "./access.ts";
import { keys } from "./key/row.ts";
import { requireCustomer, requireNotLeaving } from "./key/state.ts";
import { operation } from "./kit.ts";
import { requireKey } from "./key/named.ts";
import { listOf } from "./paging.ts";
import { formatTags, requireTags, tagsOf } from "./tag-list.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ KeyId, Tags }, context) => onKeyNamed("TagResource", KeyId, context, { requestTags: tagsOf(Tags) }),

  async handle({ KeyId, Tags }, context) {
    const key = await requireKey(KeyId, context);
    requireCustomer(key);
    requireNotLeaving(key);
    context.tx.put(keys, { ...key, tags: requireTags(key.tags, Tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ KeyId, TagKeys }, context) => onKeyNamed("UntagResource", KeyId, context, { tagKeys: TagKeys }),

  async handle({ KeyId, TagKeys }, context) {
    const key = await requireKey(KeyId, context);
    requireCustomer(key);
    requireNotLeaving(key);
    context.tx.put(keys, { ...key, tags: removeTags(key.tags, TagKeys) });
    return {};
  },
});

export const listResourceTags = operation("ListResourceTags", {
  authorize: ({ KeyId }, context) => onKeyNamed("ListResourceTags", KeyId, context),

  async handle({ KeyId, ...paging }, context) {
    const { tags } = await requireKey(KeyId, context);
    const { rows, rest } = listOf(formatTags(tags), paging, ({ TagKey = "" }) => TagKey);
    return { Tags: [...rows], ...rest };
  },
});
