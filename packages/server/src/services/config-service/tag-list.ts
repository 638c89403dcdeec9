/** Tags in Config's form. */
import type { Tag } from "@aws-sdk/client-config-service";
import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagReserved, tagsTooMany, tagsTwice } from "./errors.ts";

type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

export const tagsOf = (list: TagList): Tags => Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));
export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** `tags` with those of `list` besides. @throws {AwsError} `InvalidInput`, `TooManyTagsException` */
export function requireTags(tags: Tags, list: TagList): Tags {
  const keys = new Set(list.map(({ Key = "" }) => Key.toLowerCase()));
  if (keys.size < list.length) throw tagsTwice();
  return addTags(tags, tagsOf(list), { tooMany: tagsTooMany, reservedKey: tagReserved });
}
