/**
 * Analyses of how long objects stay of use in their storage class.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html
 */
import type { AnalyticsS3BucketDestination, StorageClassAnalysis } from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import type { Validated } from "../../../service/sdk.ts";
import { requireBucket } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { analyses, scheduleAnalysis } from "./analysis-run.ts";
import { invalidDestinationBucket } from "./errors.ts";
import { requireFilter } from "./filter.ts";
import { asks, pageOfNamed, putNamed, removeNamed, requireNamed } from "./named.ts";

export const putBucketAnalyticsConfiguration = operation("PutBucketAnalyticsConfiguration", {
  authorize: asks("s3:PutAnalyticsConfiguration"),

  async handle({ Id: id, AnalyticsConfiguration: asked, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    // unlike with inventories; recorded, see `named.ts`
    if (asked.Id !== id) throw malformedXml();
    const configuration = {
      Id: id,
      ...(asked.Filter && { Filter: requireFilter(asked.Filter) }),
      StorageClassAnalysis: requireAnalysis(asked.StorageClassAnalysis),
    };
    const analysis = { bucket, id, configuration };
    await putNamed(analyses, analysis, context);
    await scheduleAnalysis(analysis, context);
    return {};
  },
});

/** @throws {AwsError} `MalformedXML`, `InvalidS3DestinationBucket` */
function requireAnalysis({ DataExport: asked }: Validated<StorageClassAnalysis>): StorageClassAnalysis {
  if (asked === undefined) return {};
  const { OutputSchemaVersion, Destination } = asked;
  if (OutputSchemaVersion !== "V_1") throw malformedXml();
  const S3BucketDestination = requireDestination(Destination.S3BucketDestination);
  return { DataExport: { OutputSchemaVersion, Destination: { S3BucketDestination } } };
}

function requireDestination(asked: Validated<AnalyticsS3BucketDestination>): AnalyticsS3BucketDestination {
  if (asked.Format !== "CSV") throw malformedXml();
  if (parseArn(asked.Bucket)?.service !== "s3") throw invalidDestinationBucket();
  return { ...asked };
}

export const getBucketAnalyticsConfiguration = operation("GetBucketAnalyticsConfiguration", {
  authorize: asks("s3:GetAnalyticsConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    return { AnalyticsConfiguration: await requireNamed(analyses, { bucket, id }, context) };
  },
});

export const deleteBucketAnalyticsConfiguration = operation("DeleteBucketAnalyticsConfiguration", {
  authorize: asks("s3:PutAnalyticsConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    await removeNamed(analyses, { bucket, id }, context);
    return {};
  },
});

export const listBucketAnalyticsConfigurations = operation("ListBucketAnalyticsConfigurations", {
  authorize: asks("s3:GetAnalyticsConfiguration"),

  async handle({ ContinuationToken: token, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    const { configurations, frame } = await pageOfNamed(analyses, { bucket, token }, context);
    return { ...frame, AnalyticsConfigurationList: configurations };
  },
});
