/**
 * Whether and where to requests to a bucket are logged.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
 */
import type { LoggingEnabled, TargetGrant } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { buckets, findOrdinaryBucket, requireBucket, type Bucket } from "../bucket/row.ts";
import { aclNotSupported, crossLocationLogging, invalidTargetBucket, malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { locationOf } from "../bucket/location.ts";

export const putBucketLogging = operation("PutBucketLogging", {
  authorize: async (input, context) => onBucket("s3:PutBucketLogging", await requireBucket(input, context), context),

  async handle(input, context) {
    const { logging: _before, ...bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const { LoggingEnabled: logging } = input.BucketLoggingStatus;
    if (logging !== undefined) await requireTarget(logging, bucket, context);
    context.tx.put(buckets, logging === undefined ? bucket : { ...bucket, logging });
    return {};
  },
});

export const getBucketLogging = operation("GetBucketLogging", {
  authorize: async (input, context) => onBucket("s3:GetBucketLogging", await requireBucket(input, context), context),

  async handle(input, context) {
    const { logging } = await requireBucket(input, context);
    return logging === undefined ? {} : { LoggingEnabled: formatLogging(logging) };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetObjectKeyFormat.html */
function requireFormat(format: Validated<LoggingEnabled>["TargetObjectKeyFormat"]): void {
  const { SimplePrefix, PartitionedPrefix } = format ?? {};
  if (SimplePrefix !== undefined && PartitionedPrefix !== undefined) throw malformedXml();
  const { PartitionDateSource: source } = PartitionedPrefix ?? {};
  if (source !== undefined && source !== "EventTime" && source !== "DeliveryTime") throw malformedXml();
}

const formatLogging = ({ TargetGrants, ...logging }: Validated<LoggingEnabled>): LoggingEnabled => ({
  ...logging,
  ...(TargetGrants && { TargetGrants: TargetGrants.map((grant): TargetGrant => ({ ...grant })) }),
});

/**
 * Whether anybody may write there is not asked until logs are written.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3BucketLogging, run against AWS)
 *
 * @throws {AwsError} `InvalidTargetBucketForLogging`, `CrossLocationLoggingProhibitted`
 */
async function requireTarget(
  { TargetBucket: name, TargetGrants, TargetObjectKeyFormat: format }: Validated<LoggingEnabled>,
  source: Bucket,
  { tx }: Context,
): Promise<void> {
  requireFormat(format);
  const target = await findOrdinaryBucket(name, { tx });
  if (target === undefined) throw invalidTargetBucket("The target bucket for logging does not exist", name);
  if (target.owner !== source.owner) {
    // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_logging.py
    throw invalidTargetBucket("The owner for the bucket to be logged and the target bucket must be the same.", name);
  }
  if (target.region !== source.region) {
    throw crossLocationLogging({ source: locationOf(source), target: locationOf(target) });
  }
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html (no grants where lists are off; the code is assumed)
  if (TargetGrants?.length && target.ownership === "BucketOwnerEnforced") throw aclNotSupported();
}
