/**
 * Transfer acceleration: whether a bucket may be reached by the names of edge locations. Here they lead to this machine
 * like all others, and nothing is faster by them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
 */
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "./row.ts";
import { invalidRequest, malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { chargeOf, requirePaidBucket } from "./requester-pays.ts";

export const putBucketAccelerateConfiguration = operation("PutBucketAccelerateConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:PutAccelerateConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const { Status } = input.AccelerateConfiguration;
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded)
    if (bucket.name.includes(".")) {
      throw invalidRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
    }
    if (Status !== "Enabled" && Status !== "Suspended") throw malformedXml();
    // what was never on cannot be suspended
    if (Status === "Suspended" && bucket.acceleration === undefined) return {};
    context.tx.put(buckets, { ...bucket, acceleration: Status });
    return {};
  },
});

export const getBucketAccelerateConfiguration = operation("GetBucketAccelerateConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:GetAccelerateConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const { acceleration: Status } = bucket;
    return { ...(Status && { Status }), ...chargeOf(bucket, context) };
  },
});
