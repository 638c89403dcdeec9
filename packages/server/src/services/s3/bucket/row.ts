/** The rows of buckets, and the finder that every operation begins with. Names are shared by all accounts. */
import type { LoggingEnabled } from "@aws-sdk/client-s3";
import { parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { Acl } from "../acl/grant.ts";
import type { Ownership } from "../acl/rules.ts";
import type { ObjectLock } from "../lock/lock.ts";
import { accessDenied, invalidBucketOwner, noSuchBucket, notAccelerated } from "../errors.ts";
import { requireKnown } from "./location.ts";
import { permanentRedirect, wrongRegion } from "./region-errors.ts";

export type BucketPolicy = Extract<
  Awaited<ReturnType<Context["directory"]["pinPrincipals"]>>,
  { readonly kind: "pinned" }
>;

/**
 * What of public access a bucket shuts out.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  /** A public policy is refused when it is put. */
  readonly BlockPublicPolicy: boolean;
  /** A public policy lets nobody in from outside the account. */
  readonly RestrictPublicBuckets: boolean;
}

export interface DefaultEncryption {
  readonly algorithm: "AES256" | "aws:kms" | "aws:kms:dsse";
  readonly keyId?: string | undefined;
  readonly bucketKey?: boolean | undefined;
  /** Whether requests may bring keys of their own: no new bucket takes them. */
  readonly takesCustomerKeys?: boolean | undefined;
}

/** Once set it can be suspended, never taken away. */
export interface Versioning {
  readonly status: "Enabled" | "Suspended";
  /** Whether a second factor has to be shown to delete a version, or to change this. */
  readonly mfaDelete?: boolean;
}

export interface Bucket {
  readonly name: string;
  readonly owner: AccountId;
  readonly region: Region;
  /** The old name of its region, where it was made by that. */
  readonly location?: "EU";
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** Whether they count when rights are asked. */
  readonly tagsCount?: true;
  readonly publicAccessBlock?: PublicAccessBlock;
  /** That of the owner's account, kept here so that no decision has to look it up. */
  readonly accountBlock?: PublicAccessBlock;
  readonly ownership?: Ownership;
  /** Its own list of grants, where it is not the owner's alone. */
  readonly acl?: Acl;
  /** The owner where left out. */
  readonly payer?: "Requester";
  /** What new objects get that ask for nothing else: keys of S3's own where left out. */
  readonly encryption?: DefaultEncryption;
  readonly versioning?: Versioning;
  readonly objectLock?: ObjectLock;
  /** Whether copies are made of its objects; where, its replication's row has. */
  readonly replicates?: true;
  /** Whether it tells of what happens to its objects; whom, its notification's row has. */
  readonly notifies?: true;
  /** Whether it is reached by the names of edge locations; left out where it never was. */
  readonly acceleration?: "Enabled" | "Suspended";
  /** That its objects are moved and ended by rules, and when they are looked through next. */
  readonly lifecycle?: {
    /** Whether that is at the next midnight, so that changes need not set it. */
    readonly awake: boolean;
    readonly passAtMs?: number | undefined;
    /** That Intelligent-Tiering archives what nobody reads. */
    readonly tiers?: true | undefined;
  };
  /** Whether CloudWatch counts its requests; which, its configurations of metrics say. */
  readonly counts?: true;
  /** Where requests to it are logged. */
  readonly logging?: Validated<LoggingEnabled>;
  /** With the users and roles it names held by their ids. */
  readonly policy?: BucketPolicy;
  /** Which metadata tables hear of its objects. */
  readonly metadata?: { readonly journal?: true; readonly inventory?: true; readonly annotation?: true };
  /** The table of S3 Tables whose files are in it: it is nobody's to use otherwise. */
  readonly tableFiles?: TableFiles;
}

export interface TableFiles {
  readonly arn: Arn;
  /** Its table bucket's. */
  readonly bucketId: string;
  readonly id: string;
}

export const buckets = table<Bucket>("s3.bucket", "global", ({ name }) => [name]);

/** The bucket of that name, unless it is one of a table's files: to all but their readers and writers there is none. */
export async function findOrdinaryBucket(name: string, { tx }: Pick<Context, "tx">): Promise<Bucket | undefined> {
  const bucket = await tx.get(buckets, name);
  return bucket?.tableFiles === undefined ? bucket : undefined;
}

/** A bucket by its owner, for listings. */
export type OwnBucket = Pick<Bucket, "name" | "owner" | "region" | "createdAtMs">;

export const ownBuckets = table<OwnBucket>("s3.own-bucket", "global", ({ owner, name }) => [owner, name]);

/** The members by which an operation names the bucket it means. */
export interface BucketInput {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket that a call means, before anybody asks for permission.
 *
 * @throws {AwsError} `NoSuchBucket`; `PermanentRedirect` or `IllegalLocationConstraintException` where the call was signed for another region;
 * `AccessDenied` where the owner is not the expected one.
 */
export async function requireBucket(input: BucketInput, context: Context): Promise<Bucket> {
  const bucket = await context.tx.get(buckets, input.Bucket);
  if (!bucket) throw noSuchBucket(input.Bucket);
  if (bucket.logging !== undefined) await logAccess(bucket, undefined, context);
  if (bucket.counts !== undefined) await countRequest(bucket, context);
  requireRegion(bucket, context);
  requireEndpoint(bucket, context);
  requireOwner(bucket, input.ExpectedBucketOwner);
  return bucket;
}

/** `copied` is the key of what the call copies from the bucket, where it does. Loaded where it is wanted: most buckets have no log. */
export async function logAccess(bucket: Bucket, copied: string | undefined, context: Context): Promise<void> {
  const { noteAccess } = await import("../logging/access-log.ts");
  noteAccess(bucket, copied, context);
}

/** Loaded where it is wanted, as well. */
async function countRequest(bucket: Bucket, context: Context): Promise<void> {
  const { noteRequest } = await import("../report/request-metrics.ts");
  noteRequest(bucket, context);
}

/** @throws {AwsError} `InvalidRequest` where a bucket that is not accelerated is called by an edge location's name. */
function requireEndpoint({ acceleration }: Bucket, { request: { endpoint } }: Context): void {
  if (acceleration !== "Enabled" && endpoint.includes(".s3-accelerate.")) throw notAccelerated(acceleration);
}

/** Only a signature of version 4 says which region it means. */
function requireRegion({ name, region }: Bucket, { region: asked, request }: Context): void {
  if (request.signature?.version !== 4 || asked === region) return;
  requireKnown(region, asked);
  const endpoint = request.endpoint.replace(/^https?:\/\//, "");
  // by this name a bucket is found in its own region, where the signature is wrong
  // Source: https://github.com/aws/aws-sdk-ruby/blob/version-3/gems/aws-sdk-s3/features/client/buckets.feature (run against S3)
  if (endpoint === `${name}.s3.amazonaws.com`) throw wrongRegion({ place: request.signature.place, asked, region });
  throw permanentRedirect({ bucket: name, region, endpoint });
}

export function requireOwner({ owner }: Bucket, expected: string | undefined): void {
  if (expected === undefined) return;
  if (parseAccountId(expected) === undefined) throw invalidBucketOwner(expected);
  if (expected !== owner) throw accessDenied();
}

/**
 * The bucket, wherever it lies: for the one question to ask of it while its region is not known.
 *
 * @throws {AwsError} `NoSuchBucket`; `AccessDenied` where the owner is not the expected one.
 */
export async function requireBucketAnywhere(input: BucketInput, context: Context): Promise<Bucket> {
  const bucket = await context.tx.get(buckets, input.Bucket);
  if (!bucket) throw noSuchBucket(input.Bucket);
  if (bucket.logging !== undefined) await logAccess(bucket, undefined, context);
  if (bucket.counts !== undefined) await countRequest(bucket, context);
  requireOwner(bucket, input.ExpectedBucketOwner);
  return bucket;
}
