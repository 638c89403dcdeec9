/** Amazon Simple Storage Service. */
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from "./encryption/bucket.ts";
import { getBucketAccelerateConfiguration, putBucketAccelerateConfiguration } from "./bucket/acceleration.ts";
import { defineService } from "../../service/service.ts";
import { getBucketAbac, putBucketAbac } from "./tagging/abac.ts";
import { withAccessPoints } from "./access-point/entrance.ts";
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./acl/acl.ts";
import { deleteBucketPolicy, getBucketPolicy, getBucketPolicyStatus, putBucketPolicy } from "./policy/policy.ts";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./tagging/bucket.ts";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./bucket/bucket.ts";
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from "./lifecycle/configuration.ts";
import { beginPass, continuePass } from "./lifecycle/pass.ts";
import {
  deleteBucketIntelligentTieringConfiguration,
  getBucketIntelligentTieringConfiguration,
  listBucketIntelligentTieringConfigurations,
  putBucketIntelligentTieringConfiguration,
} from "./lifecycle/tiering.ts";
import { completeMultipartUpload } from "./upload/completion.ts";
import { deleteBucketCors, getBucketCors, putBucketCors } from "./cors/configuration.ts";
import { crossOrigin } from "./cors/verdict.ts";
import { deleteObjectAnnotation, getObjectAnnotation, putObjectAnnotation } from "./annotation/annotation.ts";
import { listObjectAnnotations } from "./annotation/listing.ts";
import { updateObjectEncryption } from "./encryption/update.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { S3Sdk } from "./kit.ts";
import { getObjectLockConfiguration, putObjectLockConfiguration } from "./lock/configuration.ts";
import { getObjectLegalHold, putObjectLegalHold } from "./lock/legal-hold.ts";
import { getObjectRetention, putObjectRetention } from "./lock/retention.ts";
import { getObjectAttributes } from "./object/attributes.ts";
import { copyObject } from "./copy/copy.ts";
import { listObjects, listObjectsV2 } from "./listing/object.ts";
import {
  getBucketNotificationConfiguration,
  putBucketNotificationConfiguration,
} from "./notification/configuration.ts";
import { getObject, headObject } from "./object/read.ts";
import { deleteObject, deleteObjects } from "./object/removal.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./tagging/object.ts";
import { putObject } from "./object/write.ts";
import {
  deleteBucketOwnershipControls,
  getBucketOwnershipControls,
  putBucketOwnershipControls,
} from "./acl/ownership.ts";
import { SELECT_ERRORS } from "./select/errors.ts";
import { selectObjectContent } from "./select/select.ts";
import { listParts, uploadPart, uploadPartCopy } from "./upload/part.ts";
import { policiedBuckets } from "./policy/policied.ts";
import { deletePublicAccessBlock, getPublicAccessBlock, putPublicAccessBlock } from "./public-access/configuration.ts";
import { deleteBucketReplication, getBucketReplication, putBucketReplication } from "./replication/configuration.ts";
import { runReplication } from "./replication/run.ts";
import {
  deleteBucketAnalyticsConfiguration,
  getBucketAnalyticsConfiguration,
  listBucketAnalyticsConfigurations,
  putBucketAnalyticsConfiguration,
} from "./report/analytics.ts";
import {
  deleteBucketInventoryConfiguration,
  getBucketInventoryConfiguration,
  listBucketInventoryConfigurations,
  putBucketInventoryConfiguration,
} from "./report/inventory.ts";
import {
  deleteBucketMetricsConfiguration,
  getBucketMetricsConfiguration,
  listBucketMetricsConfigurations,
  putBucketMetricsConfiguration,
} from "./report/metrics.ts";
import { gauge } from "./report/storage-metrics.ts";
import { runAnalysis } from "./report/analysis-run.ts";
import { runInventory } from "./report/inventory-run.ts";
import { getBucketRequestPayment, putBucketRequestPayment } from "./bucket/requester-pays.ts";
import { restorationExpired, restored, restoreObject } from "./storage-class/restore.ts";
import { getObjectTorrent } from "./object/torrent.ts";
import { withTables } from "./tables/entrance.ts";
import {
  createBucketMetadataConfiguration,
  createBucketMetadataTableConfiguration,
  deleteBucketMetadataConfiguration,
  deleteBucketMetadataTableConfiguration,
  getBucketMetadataConfiguration,
  getBucketMetadataTableConfiguration,
} from "./metadata-table/configuration.ts";
import { METADATA_ERRORS } from "./metadata-table/errors.ts";
import { JOURNAL_JOBS } from "./metadata-table/journal.ts";
import { LISTING_JOBS } from "./metadata-table/listing-jobs.ts";
import {
  updateBucketMetadataAnnotationTableConfiguration,
  updateBucketMetadataInventoryTableConfiguration,
  updateBucketMetadataJournalTableConfiguration,
} from "./metadata-table/update.ts";
import { abortMultipartUpload, createMultipartUpload, listMultipartUploads } from "./upload/upload.ts";
import { DELIVER, logStranger } from "./logging/access-log.ts";
import { deliverLog } from "./logging/delivery.ts";
import { getBucketLogging, putBucketLogging } from "./logging/configuration.ts";
import { deleteBucketWebsite, getBucketWebsite, putBucketWebsite } from "./website/configuration.ts";
import { atDomain } from "./website/own-domain.ts";
import { website } from "./website/site.ts";
import { listObjectVersions } from "./listing/version.ts";
import { getBucketVersioning, putBucketVersioning } from "./version/versioning.ts";

const service = defineService<S3Sdk>("s3", {
  timeUnitMs: 1000,
  operations: [
    createBucket,
    headBucket,
    deleteBucket,
    listBuckets,
    getBucketLocation,
    putBucketTagging,
    getBucketTagging,
    deleteBucketTagging,
    putBucketAbac,
    getBucketAbac,
    putBucketPolicy,
    getBucketPolicy,
    deleteBucketPolicy,
    getBucketPolicyStatus,
    putPublicAccessBlock,
    getPublicAccessBlock,
    deletePublicAccessBlock,
    putBucketOwnershipControls,
    getBucketOwnershipControls,
    deleteBucketOwnershipControls,
    getBucketAcl,
    putBucketAcl,
    getObjectAcl,
    putObjectAcl,
    putBucketVersioning,
    getBucketVersioning,
    putBucketLogging,
    getBucketLogging,
    putBucketAccelerateConfiguration,
    getBucketAccelerateConfiguration,
    putBucketCors,
    getBucketCors,
    deleteBucketCors,
    putBucketEncryption,
    getBucketEncryption,
    deleteBucketEncryption,
    putBucketLifecycleConfiguration,
    getBucketLifecycleConfiguration,
    deleteBucketLifecycle,
    putBucketReplication,
    getBucketReplication,
    deleteBucketReplication,
    getBucketNotificationConfiguration,
    putBucketNotificationConfiguration,
    getBucketRequestPayment,
    putBucketRequestPayment,
    putBucketWebsite,
    getBucketWebsite,
    deleteBucketWebsite,
    putObjectLockConfiguration,
    getObjectLockConfiguration,
    putObjectRetention,
    getObjectRetention,
    putObjectLegalHold,
    getObjectLegalHold,
    putBucketAnalyticsConfiguration,
    getBucketAnalyticsConfiguration,
    deleteBucketAnalyticsConfiguration,
    listBucketAnalyticsConfigurations,
    putBucketIntelligentTieringConfiguration,
    getBucketIntelligentTieringConfiguration,
    listBucketIntelligentTieringConfigurations,
    deleteBucketIntelligentTieringConfiguration,
    putBucketInventoryConfiguration,
    getBucketInventoryConfiguration,
    deleteBucketInventoryConfiguration,
    listBucketInventoryConfigurations,
    putBucketMetricsConfiguration,
    getBucketMetricsConfiguration,
    deleteBucketMetricsConfiguration,
    listBucketMetricsConfigurations,
    createBucketMetadataConfiguration,
    getBucketMetadataConfiguration,
    deleteBucketMetadataConfiguration,
    createBucketMetadataTableConfiguration,
    getBucketMetadataTableConfiguration,
    deleteBucketMetadataTableConfiguration,
    updateBucketMetadataJournalTableConfiguration,
    updateBucketMetadataInventoryTableConfiguration,
    updateBucketMetadataAnnotationTableConfiguration,
    putObject,
    getObject,
    headObject,
    getObjectAttributes,
    selectObjectContent,
    getObjectTorrent,
    restoreObject,
    copyObject,
    deleteObject,
    deleteObjects,
    listObjects,
    listObjectsV2,
    listObjectVersions,
    updateObjectEncryption,
    putObjectAnnotation,
    getObjectAnnotation,
    deleteObjectAnnotation,
    listObjectAnnotations,
    putObjectTagging,
    getObjectTagging,
    deleteObjectTagging,
    createMultipartUpload,
    uploadPart,
    uploadPartCopy,
    completeMultipartUpload,
    abortMultipartUpload,
    listMultipartUploads,
    listParts,
  ],
  policied: [policiedBuckets],
  gauge,
  ofStrangers: logStranger,
  crossOrigin,
  site: website,
  atDomain,
  jobs: {
    [DELIVER]: deliverLog,
    analysis: runAnalysis,
    inventory: runInventory,
    replicate: runReplication,
    "lifecycle-pass": beginPass,
    "lifecycle-step": continuePass,
    restored,
    "restoration-expired": restorationExpired,
    ...JOURNAL_JOBS,
    ...LISTING_JOBS,
  },
  unmodelledErrors: { ...UNMODELLED_ERRORS, ...SELECT_ERRORS, ...METADATA_ERRORS },
});

export const s3 = withAccessPoints(withTables(service));
