/**
 * Settings of buckets that cannot be made here yet: what AWS answers of a bucket that never had them, which is the
 * truth, since the operations that would make them answer 501.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onBucket } from "./access.ts";
import { requireBucket, type Bucket, type BucketInput } from "./bucket-row.ts";
import { operation } from "./kit.ts";

const asks =
  (action: string) =>
  async (input: BucketInput, context: Context): Promise<Access> =>
    onBucket(action, await requireBucket(input, context), context);

const answers =
  <Output>(answer: (bucket: Bucket) => Output) =>
  async (input: BucketInput, context: Context): Promise<Output> =>
    answer(await requireBucket(input, context));

export const getBucketLogging = operation("GetBucketLogging", {
  authorize: asks("s3:GetBucketLogging"),
  handle: answers(() => ({})),
});
