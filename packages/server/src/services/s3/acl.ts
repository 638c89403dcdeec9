/**
 * Access control lists, as far as buckets have them whose owner owns everything: they name the owner
 * and cannot be changed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
import type { Grant } from "@aws-sdk/client-s3";
import { onBucket, onObject } from "./access.ts";
import { requireBucket, type Bucket } from "./bucket-row.ts";
import { aclNotSupported, notImplemented } from "./errors.ts";
import { operation } from "./kit.ts";
import { askForObject, requireObject } from "./object.ts";
import { ownerOf } from "./owner.ts";
import { chargeOf, requirePaidBucket } from "./requester-pays.ts";

const listOf = ({ owner }: Bucket) => ({
  Owner: ownerOf(owner),
  Grants: [{ Grantee: { Type: "CanonicalUser", ...ownerOf(owner) }, Permission: "FULL_CONTROL" }] satisfies Grant[],
});

/** @throws {AwsError} always: either lists are off, or they are not built. */
function refuseList({ ownership }: Bucket): never {
  throw ownership === undefined ? notImplemented("x-amz-acl") : aclNotSupported();
}

export const getBucketAcl = operation("GetBucketAcl", {
  callers: "open",
  authorize: async (input, context) => onBucket("s3:GetBucketAcl", await requireBucket(input, context), context),

  async handle(input, context) {
    return listOf(await requireBucket(input, context));
  },
});

export const putBucketAcl = operation("PutBucketAcl", {
  authorize: async (input, context) => onBucket("s3:PutBucketAcl", await requireBucket(input, context), context),

  async handle(input, context) {
    return refuseList(await requireBucket(input, context));
  },
});

export const getObjectAcl = operation("GetObjectAcl", {
  callers: "open",
  authorize: (input, context) =>
    askForObject(input.VersionId === undefined ? "s3:GetObjectAcl" : "s3:GetObjectVersionAcl", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireObject(input, bucket, context);
    return { ...listOf(bucket), ...chargeOf(bucket, context) };
  },
});

export const putObjectAcl = operation("PutObjectAcl", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const action = input.VersionId === undefined ? "s3:PutObjectAcl" : "s3:PutObjectVersionAcl";
    return onObject(action, context, { bucket, key: input.Key, input });
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireObject(input, bucket, context);
    return refuseList(bucket);
  },
});
