/** Tags as all tagged entities of IAM have them. */
import type { Tag } from "@aws-sdk/client-iam";
import type { Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Validated } from "../../service/sdk.ts";
import { duplicateTagKeys, duplicateTagKeysInAnyCase, reservedTagKey, tooManyTags } from "./errors.ts";
import type { IamAction } from "./kit.ts";
import { TAGS_PER_ENTITY_MAX } from "./limits.ts";
import { listOf, type Paging } from "./listing.ts";

type TagList = readonly Validated<Tag>[];

/** For `aws:RequestTag/…`: the tags as they were sent, unchecked. */
export const requestTags = (list: TagList | undefined): Tags | undefined =>
  list && Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));

/**
 * What is made with tags needs the right to tag it as well.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam-new-user-tag.html
 */
export function withTagging(tagging: IamAction, creation: Access): readonly Access[] {
  const { resource, requestTags: tags = {} } = creation;
  if (Object.keys(tags).length === 0) return [creation];
  return [creation, { action: `iam:${tagging}`, resource, requestTags: tags }];
}

/** Which keys are the same key. */
export interface TagKeys {
  readonly fold: (key: string) => string;
  readonly duplicate: typeof duplicateTagKeys;
}

/** The keys of policies, profiles, providers, devices and certificates. */
const EXACT: TagKeys = { fold: (key) => key, duplicate: duplicateTagKeys };

/**
 * The keys of users and roles do not differ by case.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
 */
export const ANY_CASE: TagKeys = { fold: (key) => key.toLowerCase(), duplicate: duplicateTagKeysInAnyCase };

/**
 * `tags` and `more`, which replaces what is there under the same key.
 *
 * @throws {AwsError} `InvalidInput` for a key that comes twice or is reserved, `LimitExceeded` over 50.
 */
export function withTags(tags: Tags, more: TagList = [], { fold, duplicate } = EXACT): Tags {
  const keys = new Set(more.map(({ Key }) => fold(Key)));
  if (keys.size < more.length) throw duplicate();
  if ([...keys].some((key) => key.toLowerCase().startsWith("aws:"))) throw reservedTagKey();
  const kept = Object.entries(tags).filter(([key]) => !keys.has(fold(key)));
  const sum = [...kept, ...more.map(({ Key, Value }) => [Key, Value] as const)];
  if (sum.length > TAGS_PER_ENTITY_MAX) throw tooManyTags();
  return Object.fromEntries(sum);
}

export function withoutTags(tags: Tags, keys: readonly string[], { fold } = EXACT): Tags {
  const gone = new Set(keys.map(fold));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(fold(key))));
}

export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The output of a `List…Tags` operation: sorted by key. */
export function listTags(tags: Tags, paging: Paging) {
  const { rows, paging: rest } = listOf(formatTags(tags), paging, ({ Key }) => Key ?? "");
  return { Tags: [...rows], ...rest };
}

/** The tags of a user or role under IAM's own condition key beside `aws:ResourceTag`. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#available-keys-for-iam */
export const ownTagKeys = (tags: Tags = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`iam:ResourceTag/${key}`, value]));
