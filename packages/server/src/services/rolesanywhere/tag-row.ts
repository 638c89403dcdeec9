/** Tags of trust anchors, profiles, revocation lists and subjects. */
import type { Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import { addTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import { reservedTagKey, tooManyTags } from "./errors.ts";

export type TagList = readonly { readonly key: string; readonly value: string }[];

interface Tagged {
  readonly arn: Arn;
  readonly tags: Tags;
}

const tagged = table<Tagged>("rolesanywhere.tags", "global", (row) => [row.arn]);

const ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: reservedTagKey };

/** For `aws:RequestTag/…`: the tags as they were sent, unchecked. */
export const requestTags = (list: TagList | undefined): Tags | undefined =>
  list && Object.fromEntries(list.map(({ key, value }) => [key, value]));

/** @throws {AwsError} `TooManyTagsException`, `ValidationException` */
export const withTags = (tags: Tags, more: TagList = []): Tags => addTags(tags, requestTags(more) ?? {}, ERRORS);

export const tagsOf = async (arn: Arn, tx: Transaction): Promise<Tags> => (await tx.get(tagged, arn))?.tags ?? {};

export function putTags(arn: Arn, tags: Tags, tx: Transaction): void {
  if (Object.keys(tags).length > 0) tx.put(tagged, { arn, tags });
  else tx.delete(tagged, arn);
}
