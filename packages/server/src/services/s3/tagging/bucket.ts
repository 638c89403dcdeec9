/**
 * Tags of buckets.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
 */
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { noSuchTagSet, tagsCount } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { formatTagSet, requestTagsOf, toBucketTags } from "./set.ts";

export const putBucketTagging = operation("PutBucketTagging", {
  authorize: async (input, context) => ({
    ...onBucket("s3:PutBucketTagging", await requireBucket(input, context), context),
    requestTags: requestTagsOf(input.Tagging.TagSet),
  }),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireDigestAndIntegrity(context.request);
    if (bucket.tagsCount) throw tagsCount();
    context.tx.put(buckets, { ...bucket, tags: toBucketTags(input.Tagging.TagSet) });
    return {};
  },
});

export const getBucketTagging = operation("GetBucketTagging", {
  authorize: async (input, context) => onBucket("s3:GetBucketTagging", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name, tags } = await requireBucket(input, context);
    if (Object.keys(tags).length === 0) throw noSuchTagSet(name);
    return { TagSet: formatTagSet(tags) };
  },
});

export const deleteBucketTagging = operation("DeleteBucketTagging", {
  authorize: async (input, context) => onBucket("s3:PutBucketTagging", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    if (bucket.tagsCount) throw tagsCount();
    context.tx.put(buckets, { ...bucket, tags: {} });
    return {};
  },
});
