/** Tags in Secrets Manager's form. */
import type { Tag } from "@aws-sdk/client-secrets-manager";
import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagReserved, tagsTooMany, tagTwice } from "./errors.ts";

export type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

export const tagsOf = (list: TagList): Tags => Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));

export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** `tags` with those of `list` besides. @throws {AwsError} `InvalidParameterException` */
export function requireTags(tags: Tags, list: TagList): Tags {
  const keys = list.map(({ Key = "" }) => Key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw tagTwice(twice);
  return addTags(tags, tagsOf(list), { tooMany: tagsTooMany, reservedKey: tagReserved });
}
