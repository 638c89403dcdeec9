/**
 * What is to be done for tables of itself.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-maintenance.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-table-buckets-maintenance.html
 */
import type { JobStatus, TableMaintenanceConfigurationValue } from "@aws-sdk/client-s3tables";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket, onTable } from "./access.ts";
import { bucketArn, findBucket, putBucket, requireBucket } from "./bucket-row.ts";
import { fileSizeInvalid, settingsOfAnother } from "./errors.ts";
import { operation } from "./kit.ts";
import { TARGET_FILE_MEGABYTES_MAX, TARGET_FILE_MEGABYTES_MIN } from "./limits.ts";
import {
  putTable,
  requireTable,
  tableArn,
  type Compaction,
  type SnapshotKeeping,
  type StoredTable,
} from "./table-row.ts";

export const putTableBucketMaintenanceConfiguration = operation("PutTableBucketMaintenanceConfiguration", {
  authorize: ({ tableBucketARN }, context) =>
    onBucket("PutTableBucketMaintenanceConfiguration", tableBucketARN, context),

  // there is one type
  async handle({ tableBucketARN, type: _only, value: { status, settings } }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    const { unreferencedDays, nonCurrentDays } = settings?.icebergUnreferencedFileRemoval ?? {};
    const fileRemoval = {
      status: status ?? bucket.fileRemoval.status,
      unreferencedDays: unreferencedDays ?? bucket.fileRemoval.unreferencedDays,
      nonCurrentDays: nonCurrentDays ?? bucket.fileRemoval.nonCurrentDays,
    };
    putBucket({ ...bucket, fileRemoval }, context);
    return {};
  },
});

export const getTableBucketMaintenanceConfiguration = operation("GetTableBucketMaintenanceConfiguration", {
  authorize: ({ tableBucketARN }, context) =>
    onBucket("GetTableBucketMaintenanceConfiguration", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    const { status, ...settings } = bucket.fileRemoval;
    return {
      tableBucketARN: bucketArn(bucket),
      configuration: {
        icebergUnreferencedFileRemoval: { status, settings: { icebergUnreferencedFileRemoval: settings } },
      },
    };
  },
});

type Value = Validated<TableMaintenanceConfigurationValue>;

export const putTableMaintenanceConfiguration = operation("PutTableMaintenanceConfiguration", {
  authorize: (input, context) => onTable("PutTableMaintenanceConfiguration", input, context),

  async handle({ type, value, ...named }, context) {
    const stored = await requireTable(named, context);
    const changes =
      type === "icebergCompaction"
        ? { compaction: toCompaction(value, stored) }
        : { snapshots: toSnapshots(value, stored) };
    putTable({ ...stored, ...changes }, context);
    return {};
  },
});

/** @throws {AwsError} `BadRequestException` */
function toCompaction({ status, settings }: Value, { compaction }: StoredTable): Compaction {
  if (settings?.icebergSnapshotManagement !== undefined) throw settingsOfAnother();
  const { targetFileSizeMB = compaction.targetFileSizeMB, strategy } = settings?.icebergCompaction ?? {};
  if (targetFileSizeMB < TARGET_FILE_MEGABYTES_MIN || targetFileSizeMB > TARGET_FILE_MEGABYTES_MAX) {
    throw fileSizeInvalid();
  }
  return { status: status ?? compaction.status, targetFileSizeMB, strategy: strategy ?? compaction.strategy };
}

/** @throws {AwsError} `BadRequestException` */
function toSnapshots({ status, settings }: Value, { snapshots }: StoredTable): SnapshotKeeping {
  if (settings?.icebergCompaction !== undefined) throw settingsOfAnother();
  const { minSnapshotsToKeep, maxSnapshotAgeHours } = settings?.icebergSnapshotManagement ?? {};
  return {
    status: status ?? snapshots.status,
    minSnapshotsToKeep: minSnapshotsToKeep ?? snapshots.minSnapshotsToKeep,
    maxSnapshotAgeHours: maxSnapshotAgeHours ?? snapshots.maxSnapshotAgeHours,
  };
}

export const getTableMaintenanceConfiguration = operation("GetTableMaintenanceConfiguration", {
  authorize: (input, context) => onTable("GetTableMaintenanceConfiguration", input, context),

  async handle(input, context) {
    const stored = await requireTable(input, context);
    const { status: compacts, ...compaction } = stored.compaction;
    const { status: keeps, ...snapshots } = stored.snapshots;
    return {
      tableARN: tableArn(stored),
      configuration: {
        icebergCompaction: { status: compacts, settings: { icebergCompaction: compaction } },
        icebergSnapshotManagement: { status: keeps, settings: { icebergSnapshotManagement: snapshots } },
      },
    };
  },
});

export const getTableMaintenanceJobStatus = operation("GetTableMaintenanceJobStatus", {
  authorize: (input, context) => onTable("GetTableMaintenanceJobStatus", input, context),

  async handle(input, context) {
    const stored = await requireTable(input, context);
    const arn = tableArn(stored);
    const bucket = await findBucket(arn, context);
    return {
      tableARN: arn,
      status: {
        icebergCompaction: { status: statusOf(stored.compaction) },
        icebergSnapshotManagement: { status: statusOf(stored.snapshots) },
        icebergUnreferencedFileRemoval: { status: statusOf(bucket?.fileRemoval) },
      },
    };
  },
});

/** Differs: no maintenance is done here, so no job has ever run. */
const statusOf = (kept: { readonly status: "enabled" | "disabled" } | undefined): JobStatus =>
  kept?.status === "disabled" ? "Disabled" : "Not_Yet_Run";
