/** Tags in KMS's form. */
import type { Tag } from "@aws-sdk/client-kms";
import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagReserved, tagsTooMany, tagsTwice } from "./errors.ts";

type TagList = readonly { readonly TagKey: string; readonly TagValue: string }[];

export const tagsOf = (list: TagList): Tags =>
  Object.fromEntries(list.map(({ TagKey, TagValue }) => [TagKey, TagValue]));

export const formatTags = (tags: Tags): Tag[] =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/**
 * `tags` with those of `list` besides.
 * @throws {AwsError} `TagException`
 */
export function requireTags(tags: Tags, list: TagList): Tags {
  const more = tagsOf(list);
  if (Object.keys(more).length < list.length) throw tagsTwice();
  return addTags(tags, more, { tooMany: tagsTooMany, reservedKey: tagReserved });
}
