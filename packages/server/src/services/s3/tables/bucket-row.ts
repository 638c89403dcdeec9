/** The rows of table buckets, and how they are found. Names are of an account in a region. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { asRegion, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { TableEncryption } from "./encryption-kind.ts";
import { bucketNotFound } from "./errors.ts";
import { arn } from "./kit.ts";

export interface TableBucket {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly id: string;
  /** `aws`: services make tables in it, for what their users have them watch. */
  readonly type: "customer" | "aws";
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** Keys of S3's own where left out. */
  readonly encryption?: TableEncryption;
  readonly storageClass: "STANDARD" | "INTELLIGENT_TIERING";
  readonly fileRemoval: FileRemoval;
  /** The id of its configuration of metrics. */
  readonly metrics?: string;
  /** With the users and roles it names held by their ids. */
  readonly policy?: PinnedPolicy;
  /** How much is in it. */
  readonly held: { readonly namespaces: number; readonly tables: number };
}

/** When files that no snapshot needs are taken away. */
export interface FileRemoval {
  readonly status: "enabled" | "disabled";
  readonly unreferencedDays: number;
  readonly nonCurrentDays: number;
}

export const tableBuckets = table<TableBucket>("s3tables.bucket", "region", ({ name }) => [name]);

/** Of what services manage. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-aws-managed-buckets.html */
export const MANAGED_BUCKET = "aws-s3";

/** What an ARN of a table bucket, or of something in one, says. */
export interface BucketPlace {
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly name: string;
  /** What the ARN names in the bucket: the id of a table. */
  readonly tableId?: string;
}

/** @throws {AwsError} `NotFoundException` where the text is an ARN of something else. */
export function requirePlace(text: string): BucketPlace {
  const { partition = "", service, account = "", region = "", resource = "" } = parseArn(text) ?? {};
  const owner = parseAccountId(account);
  const [, name, tableId] = /^bucket\/([^/]+)(?:\/table\/([^/]+))?$/.exec(resource) ?? [];
  if (service !== "s3tables" || owner === undefined || name === undefined) throw bucketNotFound();
  return { partition, account: owner, region: asRegion(region), name, ...(tableId !== undefined && { tableId }) };
}

export const bucketArn = (bucket: Omit<BucketPlace, "tableId">): Arn => arn(bucket, `bucket/${bucket.name}`);

/** The transaction as what lies in the bucket's own account and region sees it. */
export const homeOf = ({ account, region }: Pick<BucketPlace, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });

/**
 * A call reaches what is in its own region.
 * @throws {AwsError} `NotFoundException` where the text is an ARN of something else.
 */
export async function findBucket(text: string, { tx, region }: Context): Promise<TableBucket | undefined> {
  const place = requirePlace(text);
  return place.region === region ? homeOf(place, tx).get(tableBuckets, place.name) : undefined;
}

/** @throws {AwsError} `NotFoundException` */
export async function requireBucket(text: string, context: Context): Promise<TableBucket> {
  const bucket = await findBucket(text, context);
  if (bucket === undefined) throw bucketNotFound();
  return bucket;
}

export const putBucket = (bucket: TableBucket, { tx }: Pick<Context, "tx">): void =>
  homeOf(bucket, tx).put(tableBuckets, bucket);
