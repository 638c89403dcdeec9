/**
 * Buckets: their rows, the finder that every operation begins with, and the operations that make,
 * find, list and end them. Names are shared by all accounts.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
import type { CreateBucketRequest } from "@aws-sdk/client-s3";
import { parseAccountId, type AccountId, type Region } from "../../kernel/arn.ts";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import { table } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import type { Validated } from "../../service/sdk.ts";
import { newBucketOwnership, refuseBucketAcl, type Ownership } from "./acl-rules.ts";
import { onBucket, requestKeys } from "./access.ts";
import { isAccountBucketName, isGlobalBucketName } from "./bucket-name.ts";
import {
  accessDenied,
  bucketAlreadyExists,
  bucketAlreadyOwnedByYou,
  bucketNotEmpty,
  invalidArgument,
  invalidBucketName,
  invalidBucketOwner,
  invalidContinuationToken,
  noSuchBucket,
  permanentRedirect,
} from "./errors.ts";
import { arn, operation } from "./kit.ts";
import { BUCKETS_PER_PAGE_MAX } from "./limits.ts";
import { locationOf, regionToCreateIn } from "./location.ts";
import { objects } from "./object.ts";
import { ownerOf } from "./owner.ts";
import { BLOCK_ALL, type PublicAccessBlock } from "./public-access.ts";
import { requestTagsOf, toBucketTags } from "./tag-set.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { uploads } from "./upload-row.ts";

export interface Bucket {
  readonly name: string;
  readonly owner: AccountId;
  readonly region: Region;
  readonly createdAtMs: number;
  readonly tags: Tags;
  readonly publicAccessBlock?: PublicAccessBlock;
  readonly ownership?: Ownership;
  /** The policy's text as it was put. */
  readonly policy?: string;
}

export const buckets = table<Bucket>("s3.bucket", "global", ({ name }) => [name]);

/** A bucket by its owner, for listings. */
type OwnBucket = Pick<Bucket, "name" | "owner" | "region" | "createdAtMs">;

const ownBuckets = table<OwnBucket>("s3.own-bucket", "global", ({ owner, name }) => [owner, name]);

/** The members by which an operation names the bucket it means. */
export interface BucketInput {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket that a call means, before anybody asks for permission.
 *
 * @throws {AwsError} `NoSuchBucket`; `PermanentRedirect` where the call was signed for another region;
 * `AccessDenied` where the owner is not the expected one.
 */
export async function requireBucket(input: BucketInput, context: Context): Promise<Bucket> {
  const bucket = await context.tx.get(buckets, input.Bucket);
  if (!bucket) throw noSuchBucket(input.Bucket);
  requireRegion(bucket, context);
  requireOwner(bucket, input.ExpectedBucketOwner);
  return bucket;
}

/** Only a signature of version 4 says which region it means. */
function requireRegion({ name, region }: Bucket, { region: asked, request }: Context): void {
  if (request.signature?.version !== 4 || asked === region) return;
  const endpoint = request.endpoint.replace(/^https?:\/\//, "");
  throw permanentRedirect({ bucket: name, region, endpoint });
}

export function requireOwner({ owner }: Bucket, expected: string | undefined): void {
  if (expected === undefined) return;
  if (parseAccountId(expected) === undefined) throw invalidBucketOwner(expected);
  if (expected !== owner) throw accessDenied();
}

export const createBucket = operation("CreateBucket", {
  authorize: (input, context) => {
    const { Bucket: name, CreateBucketConfiguration: { LocationConstraint, Tags } = {} } = input;
    const resource = arn(context, name);
    const keys = { ...requestKeys(input, context), "s3:locationconstraint": LocationConstraint };
    const create = { action: "s3:CreateBucket", resource, keys };
    if (!Tags?.length) return create;
    return [create, { action: "s3:TagResource", resource, keys, requestTags: requestTagsOf(Tags) }];
  },

  async handle(input, context) {
    const { Bucket: name, CreateBucketConfiguration: { LocationConstraint, Tags = [] } = {} } = input;
    refuseUnbuiltBucket(input);
    const region = regionToCreateIn(LocationConstraint, context.region);
    requireName(input, context.account, region);
    const existing = await context.tx.get(buckets, name);
    if (existing) requireRecreatable(existing, context.account, region);
    else {
      const bucket: Bucket = {
        name,
        owner: context.account,
        region,
        createdAtMs: context.now().getTime(),
        tags: toBucketTags(Tags),
        publicAccessBlock: BLOCK_ALL,
        ownership: newBucketOwnership(input),
      };
      const { owner, createdAtMs } = bucket;
      context.tx.put(buckets, bucket);
      context.tx.put(ownBuckets, { name, owner, region, createdAtMs });
    }
    return { Location: region === "us-east-1" ? `/${name}` : `http://${name}.s3.amazonaws.com/` };
  },
});

function refuseUnbuiltBucket(input: Validated<CreateBucketRequest>): void {
  refuseUnbuilt({ "x-amz-bucket-object-lock-enabled": input.ObjectLockEnabledForBucket || undefined });
  refuseUnbuilt({ Location: input.CreateBucketConfiguration?.Location, Bucket: input.CreateBucketConfiguration?.Bucket });
  refuseBucketAcl(input);
}

function requireName(
  { Bucket: name, BucketNamespace }: { readonly Bucket: string; readonly BucketNamespace?: string | undefined },
  account: AccountId,
  region: Region,
): void {
  const fits =
    BucketNamespace === "account-regional" ? isAccountBucketName(name, { account, region }) : isGlobalBucketName(name);
  if (!fits) throw invalidBucketName(name);
}

/** In us-east-1, making one's own bucket again succeeds. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_Errors */
function requireRecreatable(existing: Bucket, account: AccountId, region: Region): void {
  if (existing.owner !== account) throw bucketAlreadyExists(existing.name);
  if (existing.region !== "us-east-1" || region !== "us-east-1") throw bucketAlreadyOwnedByYou(existing.name);
}

export const headBucket = operation("HeadBucket", {
  callers: "open",
  authorize: async (input, context) => onBucket("s3:ListBucket", await requireBucket(input, context), context),

  async handle(input, context) {
    const { region } = await requireBucket(input, context);
    return { BucketRegion: region, AccessPointAlias: false };
  },
});

export const deleteBucket = operation("DeleteBucket", {
  authorize: async (input, context) => onBucket("s3:DeleteBucket", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { name, owner } = bucket;
    for (const contents of [objects, uploads]) {
      const first = await context.tx.scan<unknown>(contents, { prefix: [name], limit: 1 });
      if (first.length > 0) throw bucketNotEmpty(name);
    }
    context.tx.delete(buckets, name);
    context.tx.delete(ownBuckets, owner, name);
    return {};
  },
});

export const getBucketLocation = operation("GetBucketLocation", {
  authorize: async (input, context) => onBucket("s3:GetBucketLocation", await findAnywhere(input, context), context),

  async handle(input, context) {
    return { LocationConstraint: locationOf(await findAnywhere(input, context)) };
  },
});

/** The one thing to ask of a bucket whose region one does not know yet. */
async function findAnywhere({ Bucket: name, ExpectedBucketOwner }: BucketInput, { tx }: Context): Promise<Bucket> {
  const bucket = await tx.get(buckets, name);
  if (!bucket) throw noSuchBucket(name);
  requireOwner(bucket, ExpectedBucketOwner);
  return bucket;
}

export const listBuckets = operation("ListBuckets", {
  authorize: (input, context) => ({
    action: "s3:ListAllMyBuckets",
    resource: "*",
    keys: { ...requestKeys(input, context), "s3:prefix": input.Prefix },
  }),

  async handle({ Prefix, MaxBuckets, ContinuationToken, BucketRegion }, context) {
    if (MaxBuckets !== undefined && (MaxBuckets < 1 || MaxBuckets > BUCKETS_PER_PAGE_MAX)) throw badMaxBuckets(MaxBuckets);
    const limit = MaxBuckets ?? BUCKETS_PER_PAGE_MAX;
    const found: OwnBucket[] = [];
    let after = ContinuationToken === undefined ? undefined : decodeToken(ContinuationToken, invalidContinuationToken);
    for (let more = true; more && found.length <= limit;) {
      const range = { prefix: [context.account], startsWith: Prefix || undefined, after, limit: limit + 1 };
      const rows = await context.tx.scan(ownBuckets, range);
      found.push(...rows.filter(({ region }) => BucketRegion === undefined || region === BucketRegion));
      const last = rows.at(-1);
      more = last !== undefined && rows.length > limit;
      if (last) after = ownBuckets.keyOf(last);
    }
    const given = found.slice(0, limit);
    const last = given.at(-1);
    return {
      Buckets: given.map(({ name, region, createdAtMs }) => ({
        Name: name,
        CreationDate: new Date(createdAtMs),
        BucketRegion: region,
        BucketArn: arn(context, name),
      })),
      Owner: ownerOf(context.account),
      Prefix,
      ContinuationToken: last && found.length > limit ? encodeToken(ownBuckets.keyOf(last)) : undefined,
    };
  },
});

const badMaxBuckets = (value: number) =>
  invalidArgument(`Argument max-buckets must be an integer between 1 and ${BUCKETS_PER_PAGE_MAX}`, {
    name: "max-buckets",
    value: String(value),
  });
