/**
 * Access points: names of their own for a bucket, with policies of their own.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
 */
import { formatArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { BucketPolicy, PublicAccessBlock } from "../bucket/row.ts";

/** An access point is its account's, and in its bucket's region. */
export interface AccessPoint {
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
  readonly alias: string;
  readonly bucket: string;
  readonly bucketAccount: AccountId;
  readonly createdAtMs: number;
  /** Requests from this VPC alone may come through it; from the internet where left out. */
  readonly vpcId?: string;
  readonly publicAccessBlock: PublicAccessBlock;
  /** That of the account that the access point belongs to. */
  readonly accountBlock?: PublicAccessBlock;
  readonly policy?: BucketPolicy;
  readonly tags: Tags;
}

export const accessPoints = table<AccessPoint>("s3.access-point", "global", ({ account, region, name }) => [
  account,
  region,
  name,
]);

/** Where an alias leads. */
interface AccessPointAlias {
  readonly alias: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
}

export const accessPointAliases = table<AccessPointAlias>("s3.access-point-alias", "global", ({ alias }) => [alias]);

/** Whether a bucket has access points, of whatever account. */
interface BucketAccessPoint {
  readonly bucket: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
}

export const bucketAccessPoints = table<BucketAccessPoint>(
  "s3.bucket-access-point",
  "global",
  ({ bucket, account, region, name }) => [bucket, account, region, name],
);

export const accessPointArn = (
  { region, account, name }: Pick<AccessPoint, "region" | "account" | "name">,
  { partition }: Pick<Context, "partition">,
): Arn => formatArn({ partition, service: "s3", region, account, resource: `accesspoint/${name}` });

export const networkOriginOf = ({ vpcId }: Pick<AccessPoint, "vpcId">): "VPC" | "Internet" =>
  vpcId === undefined ? "Internet" : "VPC";
