/**
 * The questions that S3 Tables' operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3tables.html
 */
import type { Arn } from "../../../kernel/arn.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access, ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { bucketArn, findBucket, requirePlace, type TableBucket } from "./bucket-row.ts";
import { effectivePolicy } from "./effective-policy.ts";
import { findTable, tableArn, type NamedTable, type StoredTable } from "./table-row.ts";

/** A question about a table bucket, which its policy may answer too. */
export async function onBucket(
  action: string,
  text: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  return about(action, { arn: bucketArn(requirePlace(text)), bucket: await findBucket(text, context) }, more);
}

/** A question about a table, which its policy and that of its bucket may answer. */
export async function onTable(
  action: string,
  named: NamedTable,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const found = await findTable(named, context);
  const bucket = await findBucket(bucketOf(named), context);
  const keys = { ...nameKeys(found ?? named), ...more.keys };
  const arn = found === undefined ? arnOfNone(named) : tableArn(found);
  return about(action, { arn, bucket, table: found }, { ...more, keys });
}

/** What a question is about; what is not there has neither policy nor tags. */
interface Asked {
  readonly arn: Arn;
  readonly bucket: TableBucket | undefined;
  readonly table?: StoredTable | undefined;
}

/** The same for who has the rows at hand. */
export function about(action: string, { arn, bucket, table }: Asked, more: Partial<Access> = {}): Access {
  return {
    action: `s3tables:${action}`,
    resource: arn,
    owner: requirePlace(arn).account,
    resourcePolicy: effectivePolicy(bucket, table),
    resourceTags: (table ?? bucket)?.tags,
    ...more,
    keys: { ...bucketTagKeys(bucket?.tags ?? {}), ...more.keys },
  };
}

/** The id of a table that is not there, or not there yet, is known to nobody. */
const arnOfNone = (named: NamedTable): Arn => newTableArn(bucketOf(named));

/** What stands for the table that a call makes. */
export function newTableArn(bucket: string): Arn {
  const place = requirePlace(bucket);
  return bucketArn({ ...place, name: `${place.name}/table/${place.tableId ?? "*"}` });
}

const bucketOf = ({ tableArn: own, tableBucketARN: bucket = "" }: NamedTable): string => own ?? bucket;

interface Names {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

const nameKeys = ({ namespace, name }: Names): ConditionKeys => ({
  "s3tables:namespace": namespace,
  "s3tables:tableName": name,
});

const bucketTagKeys = (tags: Tags): ConditionKeys =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`s3tables:TableBucketTag/${key}`, value]));
