/** Tags in Systems Manager's form. */
import type { Tag } from "@aws-sdk/client-ssm";
import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagReserved, tagsTooMany } from "./errors.ts";

export type TagList = readonly { readonly Key: string; readonly Value: string }[];

export const tagsOf = (list: TagList): Tags => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** `tags` with those of `list` besides. @throws {AwsError} `TooManyTagsError` */
export const requireTags = (tags: Tags, list: TagList): Tags =>
  addTags(tags, tagsOf(list), { tooMany: tagsTooMany, reservedKey: tagReserved });
