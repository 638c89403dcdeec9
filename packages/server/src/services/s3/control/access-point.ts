/**
 * Access points: making, showing and ending them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateAccessPoint.html
 */
import { createHash } from "node:crypto";
import type { AccessPoint as ListedAccessPoint, CreateAccessPointRequest } from "@aws-sdk/client-s3-control";
import { page } from "../../../kernel/page.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import {
  accessPointAliases,
  accessPointArn,
  accessPoints,
  bucketAccessPoints,
  networkOriginOf,
  type AccessPoint,
} from "../access-point/row.ts";
import { accountBlockOf } from "../public-access/account-block.ts";
import { findOrdinaryBucket, type Bucket } from "../bucket/row.ts";
import { BLOCK_ALL } from "../public-access/configuration.ts";
import { toPublicAccessBlock } from "../public-access/block.ts";
import { ask, type AccountInput } from "./access.ts";
import {
  accessDenied,
  accessPointAlreadyOwned,
  badAccessPointName,
  bucketWanted,
  invalidNextToken,
  invalidRequest,
  noSuchAccessPoint,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { PAGE_ITEMS_MAX } from "./limits.ts";
import { requestTagsOf, toTags } from "./tag.ts";

export interface NamedInput extends AccountInput {
  readonly Name: string;
}

/** A question about the access point that `input` names, be there one or not. */
export function askAbout(
  action: string,
  input: NamedInput,
  { context, more = {} }: { readonly context: Context; readonly more?: Partial<Access> },
): Access {
  const { region, account } = context;
  return ask(
    input,
    { action, resource: accessPointArn({ region, account, name: input.Name }, context), ...more },
    context,
  );
}

/** @throws {AwsError} `NoSuchAccessPoint` */
export async function requireAccessPoint(
  { Name }: NamedInput,
  { tx, account, region }: Pick<Context, "tx" | "account" | "region">,
): Promise<AccessPoint> {
  const point = await tx.get(accessPoints, account, region, Name);
  if (point === undefined) throw noSuchAccessPoint(Name);
  return point;
}

type CreateInput = Validated<CreateAccessPointRequest>;

export const createAccessPoint = operation("CreateAccessPoint", {
  authorize(input, context) {
    const { VpcConfiguration, Tags } = input;
    const keys = { "s3:AccessPointNetworkOrigin": VpcConfiguration ? "VPC" : "Internet" };
    const create = askAbout("s3:CreateAccessPoint", input, { context, more: { keys } });
    if (!Tags?.length) return create;
    const tag = askAbout("s3:TagResource", input, { context, more: { requestTags: requestTagsOf(Tags) } });
    return [{ ...create, requestTags: requestTagsOf(Tags) }, tag];
  },

  async handle(input, context) {
    const { account, region, tx } = context;
    const { Name: name, VpcConfiguration: vpc, PublicAccessBlockConfiguration: block, Tags = [] } = input;
    requireName(name);
    if (input.Scope !== undefined) {
      throw invalidRequest("Access point scope is only supported for access points for directory buckets.");
    }
    const bucket = await requireAttachable(input, context);
    if (await tx.get(accessPoints, account, region, name)) throw accessPointAlreadyOwned();
    const point: AccessPoint = {
      account,
      region,
      name,
      alias: aliasOf(name, context.newId()),
      bucket: bucket.name,
      bucketAccount: bucket.owner,
      createdAtMs: context.now().getTime(),
      ...(vpc?.VpcId !== undefined && { vpcId: vpc.VpcId }),
      publicAccessBlock: block ? toPublicAccessBlock(block) : BLOCK_ALL,
      ...(await accountBlockOf(account, context)),
      tags: toTags(Tags),
    };
    tx.put(accessPoints, point);
    tx.put(accessPointAliases, { alias: point.alias, account, region, name });
    tx.put(bucketAccessPoints, { bucket: bucket.name, account, region, name });
    return { AccessPointArn: accessPointArn(point, context), Alias: point.alias };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations-naming-rules.html */
const NAME = /^[a-z0-9](?:[a-z0-9-]{1,48})[a-z0-9]$/;

/**
 * What could be part of a URI is told apart from what could not.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.py (test_access_point_name_validation, run against AWS)
 */
function requireName(name: string): void {
  if (!/^[a-z0-9.-]{3,50}$/.test(name)) throw badAccessPointName(name);
  if (!NAME.test(name) || name.endsWith("-s3alias")) throw invalidRequest("Your Amazon S3 AccessPoint name is invalid");
}

/**
 * A bucket of another account is meant only where that account is named.
 *
 * @throws {AwsError} `InvalidRequest`, `AccessDenied`
 */
async function requireAttachable(input: CreateInput, { tx, account, region }: Context): Promise<Bucket> {
  const bucket = await findOrdinaryBucket(input.Bucket, { tx });
  if (bucket?.region !== region) throw bucketWanted();
  if (bucket.owner !== (input.BucketAccountId ?? account)) throw accessDenied();
  return bucket;
}

const ALIAS_RANDOM_CHARACTERS = 34;
/** What fits before the rest of a bucket's name. */
const ALIAS_NAME_CHARACTERS_MAX = 20;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html#access-points-alias */
function aliasOf(name: string, id: string): string {
  const random = BigInt(`0x${createHash("sha256").update(id).digest("hex")}`).toString(36);
  const start = name.slice(0, ALIAS_NAME_CHARACTERS_MAX).replace(/-+$/, "");
  return `${start}-${random.slice(0, ALIAS_RANDOM_CHARACTERS)}-s3alias`;
}

export const getAccessPoint = operation("GetAccessPoint", {
  authorize: (input, context) => askAbout("s3:GetAccessPoint", input, { context }),

  async handle(input, context) {
    const point = await requireAccessPoint(input, context);
    return {
      ...formatShort(point, context),
      PublicAccessBlockConfiguration: point.publicAccessBlock,
      CreationDate: new Date(point.createdAtMs),
      Endpoints: endpointsOf(point.region),
    };
  },
});

const formatShort = (point: AccessPoint, context: Context): ListedAccessPoint & { readonly Name: string } => ({
  Name: point.name,
  Bucket: point.bucket,
  NetworkOrigin: networkOriginOf(point),
  ...(point.vpcId !== undefined && { VpcConfiguration: { VpcId: point.vpcId } }),
  Alias: point.alias,
  AccessPointArn: accessPointArn(point, context),
  BucketAccountId: point.bucketAccount,
});

const endpointsOf = (region: string): Record<string, string> => ({
  ipv4: `s3-accesspoint.${region}.amazonaws.com`,
  dualstack: `s3-accesspoint.dualstack.${region}.amazonaws.com`,
  fips: `s3-accesspoint-fips.${region}.amazonaws.com`,
  fips_dualstack: `s3-accesspoint-fips.dualstack.${region}.amazonaws.com`,
});

export const listAccessPoints = operation("ListAccessPoints", {
  authorize: (input, context) => ask(input, { action: "s3:ListAccessPoints", resource: "*" }, context),

  async handle({ Bucket, NextToken: token, MaxResults: limit }, context) {
    const { account, region, tx } = context;
    const paging = { token, limit: limit || undefined, max: PAGE_ITEMS_MAX, invalidToken: invalidNextToken };
    const prefix: Key = [account, region];
    const { rows, next } =
      Bucket === undefined
        ? await page(tx, accessPoints, { ...paging, prefix })
        : await page(tx, bucketAccessPoints, { ...paging, prefix: [Bucket, ...prefix] });
    const points = await Promise.all(rows.map(({ name: Name }) => requireAccessPoint({ Name }, context)));
    return { AccessPointList: points.map((point) => formatShort(point, context)), NextToken: next };
  },
});

export const deleteAccessPoint = operation("DeleteAccessPoint", {
  authorize: (input, context) => askAbout("s3:DeleteAccessPoint", input, { context }),

  async handle(input, context) {
    const { account, region, name, alias, bucket } = await requireAccessPoint(input, context);
    context.tx.delete(accessPoints, account, region, name);
    context.tx.delete(accessPointAliases, alias);
    context.tx.delete(bucketAccessPoints, bucket, account, region, name);
    return {};
  },
});
