/**
 * Metrics of requests that a bucket has counted for some of its objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations.html
 */
import type { MetricsConfiguration } from "@aws-sdk/client-s3";
import { buckets, requireBucket } from "../bucket/row.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { idMismatch } from "./errors.ts";
import { requireFilter, type AskedFilter } from "./filter.ts";
import { asks, namedTable, pageOfNamed, putNamed, removeNamed, requireNamed } from "./named.ts";

export const metrics = namedTable<MetricsConfiguration>("s3.metrics");

export const putBucketMetricsConfiguration = operation("PutBucketMetricsConfiguration", {
  authorize: asks("s3:PutMetricsConfiguration"),

  async handle({ Id: id, MetricsConfiguration: asked, ...input }, context) {
    const { counts: _before, ...row } = await requireBucket(input, context);
    const { name: bucket } = row;
    await requireIntegrity(context.request);
    if (asked.Id !== id) throw idMismatch();
    const { Filter } = asked;
    const configuration = { Id: id, ...(Filter && { Filter: requireMetricsFilter(Filter) }) };
    await putNamed(metrics, { bucket, id, configuration }, context);
    context.tx.put(buckets, { ...row, counts: true });
    return {};
  },
});

const requireMetricsFilter = ({ AccessPointArn, ...others }: AskedFilter) =>
  AccessPointArn !== undefined && Object.keys(others).length === 0 ? { AccessPointArn } : requireFilter(others);

export const getBucketMetricsConfiguration = operation("GetBucketMetricsConfiguration", {
  authorize: asks("s3:GetMetricsConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    return { MetricsConfiguration: await requireNamed(metrics, { bucket, id }, context) };
  },
});

export const deleteBucketMetricsConfiguration = operation("DeleteBucketMetricsConfiguration", {
  authorize: asks("s3:PutMetricsConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { counts: _before, ...row } = await requireBucket(input, context);
    const { name: bucket } = row;
    await removeNamed(metrics, { bucket, id }, context);
    const [other] = await context.tx.scan(metrics, { prefix: [bucket], limit: 1 });
    context.tx.put(buckets, other === undefined ? row : { ...row, counts: true });
    return {};
  },
});

export const listBucketMetricsConfigurations = operation("ListBucketMetricsConfigurations", {
  authorize: asks("s3:GetMetricsConfiguration"),

  async handle({ ContinuationToken: token, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    const { configurations, frame } = await pageOfNamed(metrics, { bucket, token }, context);
    return { ...frame, MetricsConfigurationList: configurations };
  },
});
