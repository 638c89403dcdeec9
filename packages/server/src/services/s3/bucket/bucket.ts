/**
 * Buckets: making, finding, listing and ending them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
import type { CreateBucketRequest } from "@aws-sdk/client-s3";
import type { AccountId, Region } from "../../../kernel/arn.ts";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { REGIONS } from "../../../kernel/region.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket, requestKeys, tellingRegion } from "../access.ts";
import { accessPointOf } from "../access-point/passage.ts";
import { bucketAccessPoints } from "../access-point/row.ts";
import { accountBlockOf } from "../public-access/account-block.ts";
import { newBucketAccess } from "../acl/rules.ts";
import { isAccountBucketName, isGlobalBucketName, isOfAccountNamespace } from "./name.ts";
import { buckets, ownBuckets, requireBucket, requireBucketAnywhere, type Bucket, type OwnBucket } from "./row.ts";
import {
  bucketAlreadyExists,
  bucketAlreadyOwnedByYou,
  bucketHasAccessPoints,
  bucketNotEmpty,
  invalidArgument,
  invalidBucketName,
  namespaceHeaderMissing,
  namespaceHeaderWrong,
  namespaceWrong,
  invalidContinuationToken,
} from "../errors.ts";
import { bucketHasVersions } from "../version/errors.ts";
import { arn, operation } from "../kit.ts";
import { BUCKETS_PER_PAGE_MAX, PAGE_ITEMS_MAX } from "../limits.ts";
import { locationOf, regionToCreateIn } from "./location.ts";
import { objects } from "../object/object.ts";
import { ownerOf } from "../acl/owner.ts";
import { BLOCK_ALL } from "../public-access/configuration.ts";
import { requestTagsOf, toNewBucketTags } from "../tagging/set.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { uploads } from "../upload/row.ts";
import { endUpload } from "../upload/upload.ts";
import { versions } from "../version/row.ts";

export const createBucket = operation("CreateBucket", {
  authorize: (input, context) => {
    const { Bucket: name, CreateBucketConfiguration: { LocationConstraint, Tags } = {} } = input;
    const resource = arn(context, name);
    const keys = { ...requestKeys(input, context), "s3:locationconstraint": LocationConstraint };
    const also = alsoAsked(input).map((action) => ({ action, resource, keys }));
    const create = [{ action: "s3:CreateBucket", resource, keys }, ...also];
    if (!Tags?.length) return create;
    return [...create, { action: "s3:TagResource", resource, keys, requestTags: requestTagsOf(Tags) }];
  },

  async handle(input, context) {
    const { Bucket: name, CreateBucketConfiguration: { LocationConstraint, Tags = [] } = {} } = input;
    refuseUnbuiltBucket(input);
    const region = regionToCreateIn(LocationConstraint, context.region);
    requireName(input, context.account, region);
    const existing = await context.tx.get(buckets, name);
    if (existing) {
      requireRecreatable(existing, context.account, region);
      if (Tags.length > 0) throw bucketAlreadyOwnedByYou(name);
      resetAcl(existing, context);
    } else {
      const bucket: Bucket = {
        name,
        owner: context.account,
        region,
        createdAtMs: context.now().getTime(),
        ...(LocationConstraint === "EU" && { location: LocationConstraint }),
        tags: toNewBucketTags(Tags),
        ...(input.ObjectLockEnabledForBucket && { versioning: { status: "Enabled" }, objectLock: {} }),
        publicAccessBlock: BLOCK_ALL,
        ...newBucketAccess(input, context),
        ...(await accountBlockOf(context.account, context)),
      };
      const { owner, createdAtMs } = bucket;
      context.tx.put(buckets, bucket);
      context.tx.put(ownBuckets, { name, owner, region, createdAtMs });
    }
    const location = region === "us-east-1" ? `/${name}` : `http://${name}.s3.amazonaws.com/`;
    return { Location: location, BucketArn: arn(context, name) };
  },
});

/** What else a new bucket's maker needs. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (Permissions) */
function alsoAsked(input: Validated<CreateBucketRequest>): readonly string[] {
  const {
    ACL = "private",
    ObjectOwnership,
    ObjectLockEnabledForBucket,
    GrantFullControl,
    GrantRead,
    GrantReadACP,
    GrantWrite,
    GrantWriteACP,
  } = input;
  const grants = [GrantFullControl, GrantRead, GrantReadACP, GrantWrite, GrantWriteACP];
  const setsAcl = ACL !== "private" || grants.some((grant) => grant !== undefined);
  return [
    ...(setsAcl ? ["s3:PutBucketAcl"] : []),
    ...(ObjectOwnership === undefined ? [] : ["s3:PutBucketOwnershipControls"]),
    ...(ObjectLockEnabledForBucket ? ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"] : []),
  ];
}

function refuseUnbuiltBucket(input: Validated<CreateBucketRequest>): void {
  refuseUnbuilt({
    Location: input.CreateBucketConfiguration?.Location,
    Bucket: input.CreateBucketConfiguration?.Bucket,
  });
}

function requireName(
  { Bucket: name, BucketNamespace }: { readonly Bucket: string; readonly BucketNamespace?: string | undefined },
  account: AccountId,
  region: Region,
): void {
  if (BucketNamespace !== "account-regional") {
    if (isOfAccountNamespace(name)) throw namespaceHeaderMissing();
    if (!isGlobalBucketName(name)) throw invalidBucketName(name);
    return;
  }
  if (!name.endsWith("-an")) throw namespaceHeaderWrong(account, region);
  if (!name.endsWith(`-${account}-${region}-an`)) throw namespaceWrong(account, region);
  if (!isAccountBucketName(name, { account, region })) throw invalidBucketName(name);
}

/** In us-east-1, making one's own bucket again succeeds. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_Errors */
function requireRecreatable(existing: Bucket, account: AccountId, region: Region): void {
  if (existing.owner !== account) throw bucketAlreadyExists(existing.name);
  if (existing.region !== "us-east-1" || region !== "us-east-1") throw bucketAlreadyOwnedByYou(existing.name);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_Errors (BucketAlreadyOwnedByYou) */
function resetAcl({ acl, ...rest }: Bucket, { tx }: Context): void {
  if (acl !== undefined) tx.put(buckets, rest);
}

export const headBucket = operation("HeadBucket", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requireBucket(input, context);
    return tellingRegion(onBucket("s3:ListBucket", bucket, context), bucket);
  },

  async handle(input, context) {
    const { name, region } = await requireBucket(input, context);
    const isPoint = accessPointOf(context) !== undefined;
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_create_bucket_head_bucket)
    return { BucketRegion: region, AccessPointAlias: isPoint, ...(!isPoint && { BucketArn: arn(context, name) }) };
  },
});

export const deleteBucket = operation("DeleteBucket", {
  authorize: async (input, context) => onBucket("s3:DeleteBucket", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { name, owner } = bucket;
    const [point] = await context.tx.scan(bucketAccessPoints, { prefix: [name], limit: 1 });
    if (point) throw bucketHasAccessPoints(name);
    await requireEmpty(bucket, context);
    await endUploads(name, context);
    const { clearRemains } = await import("./remains.ts");
    await clearRemains(name, context);
    context.tx.delete(buckets, name);
    context.tx.delete(ownBuckets, owner, name);
    return {};
  },
});

/** @throws {AwsError} `BucketNotEmpty` also where there is nothing but a delete marker. */
async function requireEmpty({ name, versioning }: Bucket, { tx }: Context): Promise<void> {
  const [object] = await tx.scan(objects, { prefix: [name], limit: 1 });
  const [version] = versioning ? await tx.scan(versions, { prefix: [name], limit: 1 }) : [];
  if (object || version) throw versioning ? bucketHasVersions(name) : bucketNotEmpty(name);
}

/** Uploads under way do not hold a bucket back. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html (only directory buckets wait for them) */
async function endUploads(bucket: string, context: Context): Promise<void> {
  for (;;) {
    const found = await context.tx.scan(uploads, { prefix: [bucket], limit: PAGE_ITEMS_MAX });
    for (const upload of found) await endUpload(upload, context);
    if (found.length < PAGE_ITEMS_MAX) return;
  }
}

export const getBucketLocation = operation("GetBucketLocation", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketLocation", await requireBucketAnywhere(input, context), context),

  async handle(input, context) {
    return { LocationConstraint: locationOf(await requireBucketAnywhere(input, context)) };
  },
});

export const listBuckets = operation("ListBuckets", {
  authorize: (input, context) => ({
    action: "s3:ListAllMyBuckets",
    resource: "*",
    keys: { ...requestKeys({}, context), "s3:prefix": input.Prefix },
  }),

  async handle({ Prefix, MaxBuckets: limit = BUCKETS_PER_PAGE_MAX, ContinuationToken, BucketRegion }, context) {
    if (limit < 1 || limit > BUCKETS_PER_PAGE_MAX) throw badMaxBuckets(limit);
    if (BucketRegion !== undefined && !REGIONS.includes(BucketRegion)) throw noSuchRegion(BucketRegion);
    const after = ContinuationToken ? decodeToken(ContinuationToken, invalidContinuationToken) : undefined;
    const found = await findOwn(
      { prefix: Prefix || undefined, region: BucketRegion, after, limit: limit + 1 },
      context,
    );
    const given = found.slice(0, limit);
    const last = found.length > limit ? given.at(-1) : undefined;
    return {
      Buckets: given.map(({ name, region, createdAtMs }) => ({
        Name: name,
        CreationDate: new Date(createdAtMs),
        BucketRegion: region,
        BucketArn: arn(context, name),
      })),
      Owner: ownerOf(context.account),
      Prefix,
      ContinuationToken: last && encodeToken(ownBuckets.keyOf(last)),
    };
  },
});

interface Wanted {
  readonly prefix: string | undefined;
  readonly region: string | undefined;
  readonly after: Key | undefined;
  readonly limit: number;
}

/** The account's buckets in one region, or in all: as many rows are read as that takes. */
async function findOwn(
  { prefix, region: wanted, after, limit }: Wanted,
  context: Context,
): Promise<readonly OwnBucket[]> {
  const found: OwnBucket[] = [];
  for (let from = after; ;) {
    const rows = await context.tx.scan(ownBuckets, {
      prefix: [context.account],
      startsWith: prefix,
      after: from,
      limit,
    });
    found.push(...rows.filter(({ region }) => wanted === undefined || region === wanted));
    const last = rows.at(-1);
    if (!last || rows.length < limit || found.length >= limit) return found.slice(0, limit);
    from = ownBuckets.keyOf(last);
  }
}

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json (test_list_buckets_region_validation) */
const noSuchRegion = (region: string) =>
  invalidArgument(`Argument value ${region} is not a valid AWS Region`, { name: "bucket-region" });

const badMaxBuckets = (value: number) =>
  invalidArgument(`Argument max-buckets must be an integer between 1 and ${BUCKETS_PER_PAGE_MAX}`, {
    name: "max-buckets",
    value: String(value),
  });
