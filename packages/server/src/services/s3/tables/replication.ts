/** Replication of tables: nobody can set it up here, and there is none. */
import { onBucket, onTable } from "./access.ts";
import { requireBucket } from "./bucket-row.ts";
import { replicationNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireTable } from "./table-row.ts";

export const getTableBucketReplication = operation("GetTableBucketReplication", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucketReplication", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    await requireBucket(tableBucketARN, context);
    throw replicationNotFound();
  },
});

export const deleteTableBucketReplication = operation("DeleteTableBucketReplication", {
  authorize: ({ tableBucketARN }, context) => onBucket("DeleteTableBucketReplication", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    await requireBucket(tableBucketARN, context);
    throw replicationNotFound();
  },
});

export const getTableReplication = operation("GetTableReplication", {
  authorize: (input, context) => onTable("GetTableReplication", input, context),

  async handle(input, context) {
    await requireTable(input, context);
    throw replicationNotFound();
  },
});

export const deleteTableReplication = operation("DeleteTableReplication", {
  authorize: ({ tableArn }, context) => onTable("DeleteTableReplication", { tableArn }, context),

  async handle({ tableArn }, context) {
    await requireTable({ tableArn }, context);
    throw replicationNotFound();
  },
});

export const getTableReplicationStatus = operation("GetTableReplicationStatus", {
  authorize: (input, context) => onTable("GetTableReplicationStatus", input, context),

  async handle(input, context) {
    await requireTable(input, context);
    throw replicationNotFound();
  },
});
