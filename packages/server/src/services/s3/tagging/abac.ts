/**
 * Whether a bucket's tags count when rights are asked. Once they do they are changed by `TagResource` alone, which is a
 * right of its own.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";

export const putBucketAbac = operation("PutBucketAbac", {
  authorize: async (input, context) => onBucket("s3:PutBucketAbac", await requireBucket(input, context), context),

  async handle(input, context) {
    const { tagsCount: _before, ...bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const { Status } = input.AbacStatus;
    if (Status !== "Enabled" && Status !== "Disabled") throw malformedXml();
    context.tx.put(buckets, Status === "Enabled" ? { ...bucket, tagsCount: true } : bucket);
    return {};
  },
});

export const getBucketAbac = operation("GetBucketAbac", {
  authorize: async (input, context) => onBucket("s3:GetBucketAbac", await requireBucket(input, context), context),

  async handle(input, context) {
    const { tagsCount } = await requireBucket(input, context);
    return { AbacStatus: { Status: tagsCount ? ("Enabled" as const) : ("Disabled" as const) } };
  },
});
