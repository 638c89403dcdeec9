/** The tags of roots, units, accounts and policies. */
import type { Tag } from "@aws-sdk/client-organizations";
import { table, type Transaction } from "../../../kernel/table.ts";
import { addTags, type TagErrors, type Tags } from "../../../kernel/tags.ts";
import type { Validated } from "../../../service/sdk.ts";
import { duplicateTagKey, reservedTagKey, tooManyTags } from "../errors.ts";
import type { Organization } from "../organization/row.ts";

interface TagSet {
  readonly organizationId: string;
  readonly resourceId: string;
  readonly tags: Tags;
}

const tagSets = table<TagSet>("organizations.tags", "global", ({ organizationId, resourceId }) => [
  organizationId,
  resourceId,
]);

type TagList = readonly Validated<Tag>[];

const ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: reservedTagKey };

/** For `aws:RequestTag/…`: the tags as they were sent, unchecked. */
export const requestTags = (list: TagList | undefined): Tags | undefined =>
  list && Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));

export async function tagsOf({ id }: Pick<Organization, "id">, resourceId: string, tx: Transaction): Promise<Tags> {
  return (await tx.get(tagSets, id, resourceId))?.tags ?? {};
}

export function putTags({ id }: Pick<Organization, "id">, resourceId: string, tags: Tags, tx: Transaction): void {
  if (Object.keys(tags).length === 0) tx.delete(tagSets, id, resourceId);
  else tx.put(tagSets, { organizationId: id, resourceId, tags });
}

/** @throws {AwsError} `InvalidInputException`, `ConstraintViolationException` */
export function withTags(tags: Tags, more: TagList = []): Tags {
  const keys = more.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw duplicateTagKey();
  return addTags(tags, requestTags(more) ?? {}, ERRORS);
}
