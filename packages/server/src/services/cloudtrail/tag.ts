/**
 * Tags of trails and event data stores.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html
 */
import type { Tag } from "@aws-sdk/client-cloudtrail";
import { parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
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
import { onNamedStore, requireActiveStore, requireSpokesman, requireStore } from "./lake/store/find.ts";
import { putStore } from "./lake/store/row.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { putTrail } from "./trail-row.ts";

/** @throws {AwsError} `TagsLimitExceededException`, `InvalidTagParameterException` */
export function withTags(tags: Tags, more: readonly Tag[]): Tags {
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html (tag key names must be unique)
  const repeated = more.find(({ Key }, at) => more.findIndex((other) => other.Key === Key) !== at);
  if (repeated !== undefined) throw tagInvalid(repeated.Key ?? "");
  const given = Object.fromEntries(more.map(({ Key = "", Value = "" }) => [Key, Value]));
  return sumOf(tags, given, { tooMany: tooManyTags, reservedKey: tagInvalid });
}

/** What has tags: a trail, or an event data store. */
interface Tagged {
  readonly tags: Tags;
  put(tags: Tags): void;
}

const STORE = /^eventdatastore\//;

/** @throws {AwsError} `CloudTrailARNInvalidException`, `ResourceTypeNotSupportedException` */
function isStoreArn(arn: string): boolean {
  const parts = parseArn(arn);
  if (parts === undefined || parts.service !== "cloudtrail") throw arnInvalid(arn);
  const isStore = STORE.test(parts.resource);
  if (!isStore && !parts.resource.startsWith("trail/")) throw resourceTypeUnsupported(arn);
  return isStore;
}

type Action = "AddTags" | "RemoveTags" | "ListTags";

const onTagged = (action: Action, arn: string, context: Context): Promise<Access> =>
  isStoreArn(arn) ? onNamedStore(action, arn, context) : onTrail(action, arn, context);

/** @throws {AwsError} where there is none, or it is not the caller's to change */
async function requireTagged(arn: string, context: Context): Promise<Tagged> {
  const { tx } = context;
  if (!isStoreArn(arn)) {
    const trail = await requireOwnTrail(arn, context);
    return { tags: trail.tags, put: (tags) => putTrail({ ...trail, tags }, tx) };
  }
  const store = await requireActiveStore(arn, context);
  await requireSpokesman(store, context);
  return { tags: store.tags, put: (tags) => putStore({ ...store, tags }, tx) };
}

export const addTags = operation("AddTags", {
  authorize: async ({ ResourceId, TagsList }, context) => ({
    ...(await onTagged("AddTags", ResourceId, context)),
    requestTags: withTags({}, TagsList),
  }),

  async handle({ ResourceId, TagsList }, context) {
    const tagged = await requireTagged(ResourceId, context);
    tagged.put(withTags(tagged.tags, TagsList));
    return {};
  },
});

export const removeTags = operation("RemoveTags", {
  authorize: async ({ ResourceId, TagsList }, context) => ({
    ...(await onTagged("RemoveTags", ResourceId, context)),
    tagKeys: TagsList.map(({ Key }) => Key),
  }),

  async handle({ ResourceId, TagsList }, context) {
    const tagged = await requireTagged(ResourceId, context);
    tagged.put(
      without(
        tagged.tags,
        TagsList.map(({ Key }) => Key),
      ),
    );
    return {};
  },
});

/** All tags of a resource fit on a page: the token has nothing to go on to. */
export const listTags = operation("ListTags", {
  authorize: ({ ResourceIdList }, context) =>
    Promise.all(ResourceIdList.map((arn) => onTagged("ListTags", arn, context))),

  async handle({ ResourceIdList, NextToken: token }, context) {
    if (token !== undefined) throw listTokenInvalid();
    if (ResourceIdList.length > TAGGED_RESOURCES_PER_CALL_MAX) throw tooManyResources();
    const ResourceTagList = [];
    for (const ResourceId of ResourceIdList) {
      const { tags } = await (isStoreArn(ResourceId) ? requireStore : requireTrail)(ResourceId, context);
      const TagsList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      ResourceTagList.push({ ResourceId, TagsList });
    }
    return { ResourceTagList };
  },
});
