/** Amazon S3 Tables. It lies with S3, whose rows it shares: the files of tables are objects. */
import { defineService } from "../../../service/service.ts";
import { createTableBucket, deleteTableBucket, getTableBucket, listTableBuckets } from "./bucket.ts";
import {
  deleteTableBucketEncryption,
  getTableBucketEncryption,
  getTableEncryption,
  putTableBucketEncryption,
} from "./encryption.ts";
import type { CatalogSdk } from "./catalog/model.ts";
import { CATALOG } from "./catalog/operations.ts";
import type { S3TablesSdk } from "./kit.ts";
import {
  getTableBucketMaintenanceConfiguration,
  getTableMaintenanceConfiguration,
  getTableMaintenanceJobStatus,
  putTableBucketMaintenanceConfiguration,
  putTableMaintenanceConfiguration,
} from "./maintenance.ts";
import { getTableMetadataLocation, updateTableMetadataLocation } from "./metadata-location.ts";
import { createNamespace, deleteNamespace, getNamespace, listNamespaces } from "./namespace.ts";
import {
  deleteTableBucketPolicy,
  deleteTablePolicy,
  getTableBucketPolicy,
  getTablePolicy,
  putTableBucketPolicy,
  putTablePolicy,
} from "./policy.ts";
import {
  getTableRecordExpirationConfiguration,
  getTableRecordExpirationJobStatus,
  putTableRecordExpirationConfiguration,
} from "./record-expiration.ts";
import {
  deleteTableBucketReplication,
  deleteTableReplication,
  getTableBucketReplication,
  getTableReplication,
  getTableReplicationStatus,
} from "./replication.ts";
import {
  deleteTableBucketMetricsConfiguration,
  getTableBucketMetricsConfiguration,
  getTableBucketStorageClass,
  getTableStorageClass,
  putTableBucketMetricsConfiguration,
  putTableBucketStorageClass,
} from "./setting.ts";
import { createTable, deleteTable, getTable, listTables, renameTable } from "./table.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";
import { WAREHOUSE_JOBS } from "./warehouse.ts";

export const s3tables = defineService<S3TablesSdk & CatalogSdk>("s3tables", {
  operations: [
    createTableBucket,
    getTableBucket,
    listTableBuckets,
    deleteTableBucket,
    putTableBucketEncryption,
    getTableBucketEncryption,
    deleteTableBucketEncryption,
    putTableBucketMaintenanceConfiguration,
    getTableBucketMaintenanceConfiguration,
    putTableBucketMetricsConfiguration,
    getTableBucketMetricsConfiguration,
    deleteTableBucketMetricsConfiguration,
    putTableBucketPolicy,
    getTableBucketPolicy,
    deleteTableBucketPolicy,
    putTableBucketStorageClass,
    getTableBucketStorageClass,
    getTableBucketReplication,
    deleteTableBucketReplication,
    createNamespace,
    getNamespace,
    listNamespaces,
    deleteNamespace,
    createTable,
    getTable,
    listTables,
    renameTable,
    deleteTable,
    getTableMetadataLocation,
    updateTableMetadataLocation,
    getTableEncryption,
    getTableMaintenanceConfiguration,
    putTableMaintenanceConfiguration,
    getTableMaintenanceJobStatus,
    getTableStorageClass,
    putTablePolicy,
    getTablePolicy,
    deleteTablePolicy,
    getTableRecordExpirationConfiguration,
    putTableRecordExpirationConfiguration,
    getTableRecordExpirationJobStatus,
    getTableReplication,
    deleteTableReplication,
    getTableReplicationStatus,
    tagResource,
    untagResource,
    listTagsForResource,
    ...CATALOG,
  ],
  jobs: WAREHOUSE_JOBS,
});
