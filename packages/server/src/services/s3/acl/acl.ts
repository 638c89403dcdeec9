/**
 * Access control lists of buckets and objects. Where a bucket's owner owns everything they name the owner alone and
 * cannot be changed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
import { onBucket, requestKeys } from "../access.ts";
import { beyondOwner, placeOfObject, requireUnblocked } from "./rules.ts";
import { listsCount } from "./decision.ts";
import { formatGrant, fullControlOf, type Acl } from "./grant.ts";
import { requestedAcl } from "./requested.ts";
import { buckets, requireBucket, type Bucket } from "../bucket/row.ts";
import { aclNotSupported } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object/change.ts";
import { askForObject, requireNoMarker, requireObject, rewriteObject, versionIdOf } from "../object/object.ts";
import { canonicalIdOf } from "./owner.ts";
import { chargeOf } from "../bucket/requester-pays.ts";

/** `acl` counts only where lists do. */
const formatList = (owner: string, acl: Acl | undefined, bucket: Bucket) => ({
  Owner: { ID: owner },
  Grants: (acl !== undefined && listsCount(bucket) ? acl : [fullControlOf(owner)]).map(formatGrant),
});

/** @throws {AwsError} `AccessControlListNotSupported` */
function requireLists(bucket: Bucket): void {
  if (!listsCount(bucket)) throw aclNotSupported();
}

export const getBucketAcl = operation("GetBucketAcl", {
  callers: "open",
  authorize: async (input, context) => onBucket("s3:GetBucketAcl", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    return formatList(canonicalIdOf(bucket.owner), bucket.acl, bucket);
  },
});

export const putBucketAcl = operation("PutBucketAcl", {
  callers: "open",
  authorize: async (input, context) =>
    onBucket("s3:PutBucketAcl", await requireBucket(input, context), context, requestKeys(input, context)),

  async handle(input, context) {
    const { acl: _before, ...bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const owner = canonicalIdOf(bucket.owner);
    const asked = requestedAcl(input, { on: "bucket", owner, bucketOwner: owner });
    requireLists(bucket);
    requireUnblocked(asked, { action: "s3:PutBucketAcl", bucket }, context);
    const acl = beyondOwner(asked, owner);
    context.tx.put(buckets, acl ? { ...bucket, acl } : bucket);
    return {};
  },
});

export const getObjectAcl = operation("GetObjectAcl", {
  callers: "open",
  authorize: (input, context) =>
    askForObject(input.VersionId === undefined ? "s3:GetObjectAcl" : "s3:GetObjectVersionAcl", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const object = await requireObject(input, bucket, context);
    const { owner } = placeOfObject(object, bucket);
    return {
      ...formatList(owner, object.acl, bucket),
      VersionId: versionIdOf(object, bucket),
      ...chargeOf(bucket, context),
    };
  },
});

export const putObjectAcl = operation("PutObjectAcl", {
  callers: "open",
  authorize: (input, context) =>
    askForObject(input.VersionId === undefined ? "s3:PutObjectAcl" : "s3:PutObjectVersionAcl", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { acl: _before, ...object } = await requireNoMarker("PUT", input, { bucket, context });
    await requireIntegrity(context.request);
    const place = placeOfObject(object, bucket);
    const asked = requestedAcl(input, place);
    requireLists(bucket);
    requireUnblocked(asked, { action: "s3:PutObjectAcl", bucket, key: object.key }, context);
    const acl = beyondOwner(asked, place.owner);
    const changed = acl ? { ...object, acl } : object;
    rewriteObject(changed, context);
    await announce({ kind: "ObjectAcl:Put", bucket, version: changed }, context);
    return chargeOf(bucket, context);
  },
});
