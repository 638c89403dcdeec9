/** Tags of shares and of permissions. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_TagResource.html */
import type { Tags } from "../../kernel/tags.ts";
import { removeTags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onPermission, onShare } from "./access.ts";
import { oneTagged } from "./errors.ts";
import { operation } from "./kit.ts";
import { customerPermissions, requireCustomerPermission } from "./permission-row.ts";
import { requireOwnShare, shares } from "./share-row.ts";
import { requestTags, withTags } from "./tag-list.ts";

interface Tagged {
  readonly resourceShareArn?: string | undefined;
  readonly resourceArn?: string | undefined;
}

export const tagResource = operation("TagResource", {
  authorize: ({ tags, ...tagged }, context) =>
    onTagged("TagResource", tagged, context, { requestTags: requestTags(tags) }),

  async handle({ tags, ...tagged }, context) {
    await change(tagged, (present) => withTags(present, tags), context);
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ tagKeys, ...tagged }, context) => onTagged("UntagResource", tagged, context, { tagKeys }),

  async handle({ tagKeys, ...tagged }, context) {
    await change(tagged, (present) => removeTags(present, tagKeys), context);
    return {};
  },
});

/** @throws {AwsError} `InvalidParameterException`, `MalformedArnException` */
function onTagged(
  action: "TagResource" | "UntagResource",
  tagged: Tagged,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys">,
): Promise<Access> {
  const { kind, arn } = requireOne(tagged);
  return kind === "share" ? onShare(action, arn, context, more) : onPermission(action, arn, context, more);
}

function requireOne({ resourceShareArn: share, resourceArn: permission }: Tagged) {
  if (share !== undefined && permission === undefined) return { kind: "share", arn: share } as const;
  if (share === undefined && permission !== undefined) return { kind: "permission", arn: permission } as const;
  throw oneTagged();
}

async function change(tagged: Tagged, changed: (present: Tags) => Tags, context: Context): Promise<void> {
  const { kind, arn } = requireOne(tagged);
  if (kind === "share") {
    const share = await requireOwnShare(arn, context);
    context.tx.put(shares, { ...share, tags: changed(share.tags) });
  } else {
    const permission = await requireCustomerPermission(arn, context);
    context.tx.put(customerPermissions, { ...permission, tags: changed(permission.tags) });
  }
}
