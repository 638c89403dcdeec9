/**
 * A bucket's public access block: what of public policies it refuses and what it renders void.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type PublicAccessBlock } from "../bucket/row.ts";
import { invalidRequest, noSuchPublicAccessBlock } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { toPublicAccessBlock } from "./block.ts";

/** What every new bucket has. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
export const BLOCK_ALL: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const putPublicAccessBlock = operation("PutPublicAccessBlock", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketPublicAccessBlock", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const asked = input.PublicAccessBlockConfiguration;
    if (Object.keys(asked).length === 0) throw invalidRequest("Must specify at least one configuration.");
    context.tx.put(buckets, { ...bucket, publicAccessBlock: toPublicAccessBlock(asked) });
    return {};
  },
});

export const getPublicAccessBlock = operation("GetPublicAccessBlock", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketPublicAccessBlock", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name, publicAccessBlock } = await requireBucket(input, context);
    if (!publicAccessBlock) throw noSuchPublicAccessBlock(name);
    return { PublicAccessBlockConfiguration: publicAccessBlock };
  },
});

export const deletePublicAccessBlock = operation("DeletePublicAccessBlock", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketPublicAccessBlock", await requireBucket(input, context), context),

  async handle(input, context) {
    const { publicAccessBlock: _gone, ...bucket } = await requireBucket(input, context);
    context.tx.put(buckets, bucket);
    return {};
  },
});
