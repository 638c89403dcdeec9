/** Condition keys made of tags, and what the tags of a bucket add to a question where they count. */
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Bucket } from "../bucket/row.ts";

/** `s3:BucketTag/team` … */
export const tagKeys = (prefix: string, tags: Tags): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html#abac-for-buckets */
export const withBucketTags = (access: Access, { tagsCount, tags }: Bucket): Access =>
  tagsCount ? { ...access, resourceTags: tags, keys: { ...access.keys, ...tagKeys("s3:BucketTag/", tags) } } : access;
