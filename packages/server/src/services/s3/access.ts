/**
 * The questions that S3's operations ask of IAM, and the condition keys they carry.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
import type { Principal } from "../../identity/principal.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access, ConditionKeys, ResourcePolicy } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { throughAccessPoint } from "./access-point/access.ts";
import { accessDenied } from "./errors.ts";
import { bucketGrants, listsCount, type AclAsker, type Owned } from "./acl/decision.ts";
import type { AclInput } from "./acl/requested.ts";
import { weighedByLists } from "./acl/weighed.ts";
import type { Bucket } from "./bucket/row.ts";
import { arn } from "./kit.ts";
import { canonicalIdOf } from "./acl/owner.ts";
import { isShut, isShutFor } from "./public-access/block.ts";
import { isPublicPolicy } from "./policy/public.ts";
import { ofTable } from "./tables/file-access.ts";
import { withBucketTags } from "./tagging/keys.ts";

/** A question about a bucket: its list of keys, its settings. */
export function onBucket(action: string, bucket: Bucket, context: Context, keys?: ConditionKeys): Access {
  const access: Access = {
    action,
    resource: arn(context, bucket.name),
    owner: bucket.owner,
    resourcePolicy: policyOf(bucket, context),
    canonicalUser: bucket.policy && canonicalUserOf(context.principal),
    keys: { ...requestKeys({}, context), "s3:ResourceAccount": bucket.owner, ...keys },
  };
  const grants = bucket.acl === undefined ? [] : bucketGrants(action, bucket, askerOf(bucket, context));
  const asked = withBucketTags(grants.length > 0 ? { ...access, grants } : access, bucket);
  return ofTable(throughAccessPoint(asked, undefined, context), bucket, context);
}

/**
 * The same, where a refusal tells where the bucket is: so clients find out that have no rights to it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (of HeadBucket)
 */
export const tellingRegion = (access: Access, { region }: Bucket): Access => ({
  ...access,
  refusedWith: { "x-amz-bucket-region": region },
});

/** What a question about an object needs to know beside its place. */
export interface ObjectQuestion {
  readonly bucket: Bucket;
  readonly key: string;
  /** The members that condition keys are made of. */
  readonly input?: KeyedInput;
  /** The object that is there, where its owner has a say. */
  readonly existing?: Owned | undefined;
  /** Tags that the object has. */
  readonly existingTags?: Tags | undefined;
  /** Tags that the call gives it. */
  readonly newTags?: Tags | undefined;
  readonly keys?: ConditionKeys;
}

export function onObject(action: string, context: Context, question: ObjectQuestion): Access {
  const { bucket, key, input = {}, existing, existingTags = {}, newTags } = question;
  const keys = requestKeys(input, context);
  keys["s3:ResourceAccount"] = bucket.owner;
  addTags(keys, "s3:ExistingObjectTag/", existingTags);
  if (newTags) {
    addTags(keys, "s3:RequestObjectTag/", newTags);
    keys["s3:RequestObjectTagKeys"] = Object.keys(newTags);
  }
  const access: Access = {
    action,
    resource: arn(context, `${bucket.name}/${key}`),
    owner: bucket.owner,
    resourcePolicy: policyOf(bucket, context),
    canonicalUser: bucket.policy && canonicalUserOf(context.principal),
    keys: question.keys ? Object.assign(keys, question.keys) : keys,
  };
  const weighed = listsCount(bucket)
    ? weighedByLists(access, { bucket, key, existing }, askerOf(bucket, context))
    : access;
  return ofTable(throughAccessPoint(withBucketTags(weighed, bucket), key, context), bucket, context);
}

const askerOf = (bucket: Bucket, context: Context): AclAsker => ({
  principal: context.principal,
  ignoresPublic: isShut("IgnorePublicAcls", bucket, context),
});

const canonicalUserOf = (principal: Principal): string | undefined =>
  "account" in principal ? canonicalIdOf(principal.account) : undefined;

function addTags(keys: Keys, prefix: string, tags: Tags): void {
  for (const [key, value] of Object.entries(tags)) keys[prefix + key] = value;
}

/**
 * The bucket's policy as it counts for this caller. A public one counts for nobody outside the
 * owner's account where the bucket restricts public policies; that it does not is then what refuses.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-options
 */
function policyOf(bucket: Bucket, { principal }: Context): ResourcePolicy | undefined {
  const { name, policy, owner } = bucket;
  if (policy === undefined) return undefined;
  const insider = principal.type === "service" || (principal.type !== "anonymous" && principal.account === owner);
  if (insider || !isShutFor("RestrictPublicBuckets", bucket) || !isPublicPolicy(policy.document)) {
    return { name: `bucket policy of ${name}`, document: policy.document };
  }
  return { name: `block public access of ${name} (RestrictPublicBuckets)`, document: NOTHING_FOR_OUTSIDERS };
}

const NOTHING_FOR_OUTSIDERS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "RestrictPublicBuckets", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }],
});

/** Members of any input that condition keys are made of. */
export interface KeyedInput extends AclInput {
  readonly CopySource?: string | undefined;
  readonly MetadataDirective?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly ObjectOwnership?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/** Condition keys on their way. */
type Keys = Record<string, string | readonly string[] | undefined>;

/** The keys of S3 that any call may carry. */
export function requestKeys(input: KeyedInput, context: Context): Keys {
  const keys = signatureKeys(context);
  for (const [key, member] of HEADER_KEYS) {
    const value = input[member];
    // policies name sources without the slash that some clients send first
    if (value !== undefined) keys[key] = member === "CopySource" ? value.replace(/^\//, "") : value;
  }
  return keys;
}

const HEADER_KEYS: readonly (readonly [key: string, member: keyof KeyedInput])[] = [
  ["s3:x-amz-acl", "ACL"],
  ["s3:x-amz-grant-full-control", "GrantFullControl"],
  ["s3:x-amz-grant-read", "GrantRead"],
  ["s3:x-amz-grant-read-acp", "GrantReadACP"],
  ["s3:x-amz-grant-write", "GrantWrite"],
  ["s3:x-amz-grant-write-acp", "GrantWriteACP"],
  ["s3:x-amz-copy-source", "CopySource"],
  ["s3:x-amz-metadata-directive", "MetadataDirective"],
  ["s3:x-amz-server-side-encryption", "ServerSideEncryption"],
  ["s3:x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"],
  ["s3:x-amz-server-side-encryption-customer-algorithm", "SSECustomerAlgorithm"],
  ["s3:x-amz-storage-class", "StorageClass"],
  ["s3:x-amz-website-redirect-location", "WebsiteRedirectLocation"],
  ["s3:x-amz-object-ownership", "ObjectOwnership"],
  ["s3:VersionId", "VersionId"],
  ["s3:if-match", "IfMatch"],
  ["s3:if-none-match", "IfNoneMatch"],
];

const AUTH_TYPES = { header: "REST-HEADER", query: "REST-QUERY-STRING", form: "POST" } as const;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html */
function signatureKeys(context: Context): Keys {
  const { signature, headers, secureTransport } = context.request;
  const keys: Keys = { "s3:x-amz-content-sha256": headers["x-amz-content-sha256"] };
  if (secureTransport) keys["s3:TlsVersion"] = "1.3";
  if (signature === undefined) return keys;
  keys["s3:signatureversion"] = signature.version === 4 ? "AWS4-HMAC-SHA256" : "AWS";
  keys["s3:authType"] = AUTH_TYPES[signature.place];
  const { signedAtMs } = signature;
  if (signedAtMs !== undefined) keys["s3:signatureAge"] = String(Math.max(0, context.now().getTime() - signedAtMs));
  return keys;
}

/**
 * What nobody in particular may do, whatever policies and lists allow.
 * Source: https://github.com/versity/versitygw/blob/main/tests/integration/public_bucket.go (seen on S3)
 *
 * @throws {AwsError} `AccessDenied`
 */
export function requireSomebody({ principal }: Pick<Context, "principal">, what: string): void {
  if (principal.type === "anonymous") throw accessDenied(`Anonymous users cannot ${what}. Please authenticate.`);
}
