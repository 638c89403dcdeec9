/** Tags of secrets. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html */
import { removeTags } from "../../kernel/tags.ts";
import { onSecret } from "./access.ts";
import { operation } from "./kit.ts";
import { replicate } from "./replication.ts";
import { putSecret, requirePrimary } from "./secret-row.ts";
import { requireTags, tagsOf } from "./tag-list.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ SecretId, Tags }, context) => onSecret("TagResource", SecretId, context, { requestTags: tagsOf(Tags) }),

  async handle({ SecretId, Tags }, context) {
    const secret = await requirePrimary(SecretId, context);
    const tagged = { ...secret, tags: requireTags(secret.tags ?? {}, Tags) };
    putSecret(tagged, context.tx);
    await replicate(tagged, context);
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ SecretId, TagKeys }, context) => onSecret("UntagResource", SecretId, context, { tagKeys: TagKeys }),

  async handle({ SecretId, TagKeys }, context) {
    const secret = await requirePrimary(SecretId, context);
    const untagged = { ...secret, tags: removeTags(secret.tags ?? {}, TagKeys) };
    putSecret(untagged, context.tx);
    await replicate(untagged, context);
    return {};
  },
});
