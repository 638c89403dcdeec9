/**
 * Tags of trails.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html
 */
import type { Tag } from "@aws-sdk/client-cloudtrail";
import { parseArn } from "../../kernel/arn.ts";
import { addTags as sumOf, removeTags as without, type Tags } from "../../kernel/tags.ts";
import {
  arnInvalid,
  listTokenInvalid,
  resourceTypeUnsupported,
  tagInvalid,
  tooManyResources,
  tooManyTags,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { TAGGED_RESOURCES_PER_CALL_MAX } from "./limits.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { putTrail } from "./trail-row.ts";

/** @throws {AwsError} `TagsLimitExceededException`, `InvalidTagParameterException` */
export function withTags(tags: Tags, more: readonly Tag[]): Tags {
  const given = Object.fromEntries(more.map(({ Key = "", Value = "" }) => [Key, Value]));
  return sumOf(tags, given, { tooMany: tooManyTags, reservedKey: tagInvalid });
}

/** @throws {AwsError} `CloudTrailARNInvalidException`, `ResourceTypeNotSupportedException` */
function requireTrailArn(arn: string): string {
  const parts = parseArn(arn);
  if (parts === undefined || parts.service !== "cloudtrail") throw arnInvalid(arn);
  if (!parts.resource.startsWith("trail/")) throw resourceTypeUnsupported(arn);
  return arn;
}

export const addTags = operation("AddTags", {
  authorize: async ({ ResourceId, TagsList }, context) => ({
    ...(await onTrail("AddTags", requireTrailArn(ResourceId), context)),
    requestTags: withTags({}, TagsList),
  }),

  async handle({ ResourceId, TagsList }, context) {
    const trail = await requireOwnTrail(ResourceId, context);
    putTrail({ ...trail, tags: withTags(trail.tags, TagsList) }, context.tx);
    return {};
  },
});

export const removeTags = operation("RemoveTags", {
  authorize: async ({ ResourceId, TagsList }, context) => ({
    ...(await onTrail("RemoveTags", requireTrailArn(ResourceId), context)),
    tagKeys: TagsList.map(({ Key }) => Key),
  }),

  async handle({ ResourceId, TagsList }, context) {
    const trail = await requireOwnTrail(ResourceId, context);
    const keys = TagsList.map(({ Key }) => Key);
    putTrail({ ...trail, tags: without(trail.tags, keys) }, context.tx);
    return {};
  },
});

/** All tags of a trail fit on a page: the token has nothing to go on to. */
export const listTags = operation("ListTags", {
  authorize: ({ ResourceIdList }, context) =>
    Promise.all(ResourceIdList.map((arn) => onTrail("ListTags", requireTrailArn(arn), context))),

  async handle({ ResourceIdList, NextToken: token }, context) {
    if (token !== undefined) throw listTokenInvalid();
    if (ResourceIdList.length > TAGGED_RESOURCES_PER_CALL_MAX) throw tooManyResources();
    const ResourceTagList = [];
    for (const ResourceId of ResourceIdList) {
      const { tags } = await requireTrail(ResourceId, context);
      const TagsList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      ResourceTagList.push({ ResourceId, TagsList });
    }
    return { ResourceTagList };
  },
});
