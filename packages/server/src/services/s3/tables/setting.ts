/** What else is set of a table bucket: its storage class, and its configuration of metrics. */
import { onBucket, onTable } from "./access.ts";
import { bucketArn, putBucket, requireBucket } from "./bucket-row.ts";
import { metricsNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireTable } from "./table-row.ts";

export const putTableBucketStorageClass = operation("PutTableBucketStorageClass", {
  authorize: ({ tableBucketARN, storageClassConfiguration }, context) =>
    onBucket("PutTableBucketStorageClass", tableBucketARN, context, {
      keys: { "s3tables:StorageClass": storageClassConfiguration.storageClass },
    }),

  async handle({ tableBucketARN, storageClassConfiguration: { storageClass } }, context) {
    putBucket({ ...(await requireBucket(tableBucketARN, context)), storageClass }, context);
    return {};
  },
});

export const getTableBucketStorageClass = operation("GetTableBucketStorageClass", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucketStorageClass", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const { storageClass } = await requireBucket(tableBucketARN, context);
    return { storageClassConfiguration: { storageClass } };
  },
});

export const getTableStorageClass = operation("GetTableStorageClass", {
  authorize: (input, context) => onTable("GetTableStorageClass", input, context),

  async handle(input, context) {
    const { storageClass } = await requireTable(input, context);
    return { storageClassConfiguration: { storageClass } };
  },
});

export const putTableBucketMetricsConfiguration = operation("PutTableBucketMetricsConfiguration", {
  authorize: ({ tableBucketARN }, context) => onBucket("PutTableBucketMetricsConfiguration", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    putBucket({ ...bucket, metrics: bucket.metrics ?? context.newId() }, context);
    return {};
  },
});

export const getTableBucketMetricsConfiguration = operation("GetTableBucketMetricsConfiguration", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucketMetricsConfiguration", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    if (bucket.metrics === undefined) throw metricsNotFound();
    return { tableBucketARN: bucketArn(bucket), id: bucket.metrics };
  },
});

export const deleteTableBucketMetricsConfiguration = operation("DeleteTableBucketMetricsConfiguration", {
  authorize: ({ tableBucketARN }, context) =>
    onBucket("DeleteTableBucketMetricsConfiguration", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const { metrics: _before, ...bucket } = await requireBucket(tableBucketARN, context);
    putBucket(bucket, context);
    return {};
  },
});
