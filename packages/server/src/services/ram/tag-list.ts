/** Tags as RAM's calls have them. */
import type { Tag } from "@aws-sdk/client-ram";
import { addTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import { reservedTagKey, tooManyTags } from "./errors.ts";

type TagList = readonly { readonly key?: string | undefined; readonly value?: string | undefined }[];

const ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: reservedTagKey };

/** For `aws:RequestTag/…`: the tags as they were sent, unchecked. */
export const requestTags = (list: TagList | undefined): Tags | undefined =>
  list && Object.fromEntries(list.map(({ key = "", value = "" }) => [key, value]));

/** @throws {AwsError} `TagPolicyViolationException`, `TagLimitExceededException` */
export const withTags = (tags: Tags, more: TagList = []): Tags => addTags(tags, requestTags(more) ?? {}, ERRORS);

export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([key, value]) => ({ key, value }));
