/**
 * Ownership controls of buckets.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
import { onBucket } from "../access.ts";
import { parseOwnership } from "./rules.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { invalidBucketAcl, malformedXml, ownershipControlsNotFound } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";

export const putBucketOwnershipControls = operation("PutBucketOwnershipControls", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketOwnershipControls", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const [rule, ...others] = input.OwnershipControls.Rules;
    if (!rule || others.length > 0) throw malformedXml();
    const ownership = parseOwnership(rule.ObjectOwnership);
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
    if (ownership === "BucketOwnerEnforced" && bucket.acl !== undefined) throw invalidBucketAcl();
    context.tx.put(buckets, { ...bucket, ownership });
    return {};
  },
});

export const getBucketOwnershipControls = operation("GetBucketOwnershipControls", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketOwnershipControls", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name, ownership } = await requireBucket(input, context);
    if (!ownership) throw ownershipControlsNotFound(name);
    return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
  },
});

export const deleteBucketOwnershipControls = operation("DeleteBucketOwnershipControls", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketOwnershipControls", await requireBucket(input, context), context),

  async handle(input, context) {
    const { ownership: _gone, ...bucket } = await requireBucket(input, context);
    context.tx.put(buckets, bucket);
    return {};
  },
});
