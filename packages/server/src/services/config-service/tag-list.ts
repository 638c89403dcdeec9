/** Tags in Config's form. */
import type { Tag } from "@aws-sdk/client-config-service";
import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagKeyInvalid, tagReserved, tagsTooMany, tagsTwice } from "./errors.ts";

export type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

export const tagsOf = (list: TagList): Tags => Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));
export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/tagging.html (restrictions) */
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;

/**
 * What is put again keeps the tags that it was put with first.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html (tags will not be updated)
 */
export const firstTags = (before: { readonly tags: Tags } | undefined, list: TagList): Tags =>
  before?.tags ?? requireTags({}, list);

/** `tags` with those of `list` besides. @throws {AwsError} `InvalidInput`, `TooManyTagsException` */
export function requireTags(tags: Tags, list: TagList): Tags {
  const keys = new Set(list.map(({ Key = "" }) => Key.toLowerCase()));
  if (keys.size < list.length) throw tagsTwice();
  const odd = list.find(({ Key = "" }) => !TAG_KEY.test(Key));
  if (odd !== undefined) throw tagKeyInvalid(odd.Key ?? "");
  return addTags(tags, tagsOf(list), { tooMany: tagsTooMany, reservedKey: tagReserved });
}
