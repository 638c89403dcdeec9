/** Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_TagResource.html */
import type { Arn } from "../../kernel/arn.ts";
import { removeTags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { crls } from "./crl-row.ts";
import { resourceNotFound } from "./errors.ts";
import { arn, operation, parseResource, type Action } from "./kit.ts";
import { profiles } from "./profile-row.ts";
import { subjects } from "./subject.ts";
import { putTags, requestTags, tagsOf, withTags } from "./tag-row.ts";
import { trustAnchors } from "./trust-anchor-row.ts";

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) =>
    onTagged("TagResource", resourceArn, context, { requestTags: requestTags(tags) }),

  async handle({ resourceArn, tags }, context) {
    const tagged = await requireTagged(resourceArn, context);
    putTags(tagged, withTags(await tagsOf(tagged, context.tx), tags), context.tx);
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onTagged("UntagResource", resourceArn, context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const tagged = await requireTagged(resourceArn, context);
    putTags(tagged, removeTags(await tagsOf(tagged, context.tx), tagKeys), context.tx);
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onTagged("ListTagsForResource", resourceArn, context),

  async handle({ resourceArn }, context) {
    const tags = await tagsOf(await requireTagged(resourceArn, context), context.tx);
    return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  },
});

async function onTagged(
  action: Action,
  text: string,
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> {
  const named = parseResource(text);
  if (named === undefined) return { ...more, action: `rolesanywhere:${action}`, resource: "*" };
  const resource = arn(context, `${named.kind}/${named.id}`);
  const resourceTags = await tagsOf(resource, context.tx);
  return { ...more, action: `rolesanywhere:${action}`, resource, resourceTags };
}

/**
 * The ARN of something that the calling account has here.
 *
 * @throws {AwsError} `ResourceNotFoundException`
 */
async function requireTagged(text: string, context: Context): Promise<Arn> {
  const { tx, account, region } = context;
  const named = parseResource(text);
  if (named?.account !== account || named.region !== region) throw resourceNotFound();
  const found = await findTagged(named.kind, [account, region, named.id], tx);
  if (found === undefined) throw resourceNotFound();
  return arn(context, `${named.kind}/${named.id}`);
}

function findTagged(kind: string, key: readonly string[], tx: Context["tx"]): Promise<object | undefined> {
  switch (kind) {
    case "trust-anchor":
      return tx.get(trustAnchors, ...key);
    case "profile":
      return tx.get(profiles, ...key);
    case "crl":
      return tx.get(crls, ...key);
    case "subject":
      return tx.get(subjects, ...key);
    default:
      return Promise.resolve(undefined);
  }
}
