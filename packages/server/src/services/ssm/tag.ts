/** Tags of parameters. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html */
import type { ResourceTypeForTagging } from "@aws-sdk/client-ssm";
import { removeTags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { onParameter } from "./access.ts";
import { notImplemented, resourceUnknown } from "./errors.ts";
import { operation } from "./kit.ts";
import { findParameter, putParameterRow, type Parameter } from "./parameter-row.ts";
import { formatTags, requireTags, tagsOf } from "./tag-list.ts";

interface Tagged {
  readonly ResourceType: ResourceTypeForTagging;
  readonly ResourceId: string;
}

/** @throws {AwsError} `InvalidResourceId`; `NotImplemented` for what is not built */
async function requireTagged({ ResourceType, ResourceId }: Tagged, context: Context): Promise<Parameter> {
  if (ResourceType !== "Parameter") throw notImplemented(`tagging of the resource type ${ResourceType}`);
  const parameter = await findParameter(ResourceId, context);
  if (parameter === undefined) throw resourceUnknown();
  return parameter;
}

export const addTagsToResource = operation("AddTagsToResource", {
  authorize: ({ ResourceId, Tags }, context) =>
    onParameter("AddTagsToResource", ResourceId, context, { requestTags: tagsOf(Tags) }),

  async handle({ Tags, ...named }, context) {
    const parameter = await requireTagged(named, context);
    putParameterRow({ ...parameter, tags: requireTags(parameter.tags, Tags) }, context.tx);
    return {};
  },
});

export const removeTagsFromResource = operation("RemoveTagsFromResource", {
  authorize: ({ ResourceId, TagKeys }, context) =>
    onParameter("RemoveTagsFromResource", ResourceId, context, { tagKeys: TagKeys }),

  async handle({ TagKeys, ...named }, context) {
    const parameter = await requireTagged(named, context);
    putParameterRow({ ...parameter, tags: removeTags(parameter.tags, TagKeys) }, context.tx);
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ ResourceId }, context) => onParameter("ListTagsForResource", ResourceId, context),

  async handle(named, context) {
    const { tags } = await requireTagged(named, context);
    return { TagList: formatTags(tags) };
  },
});
