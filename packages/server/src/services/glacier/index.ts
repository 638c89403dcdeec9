import { defineService } from "../../service/service.ts";
import { deleteArchive, uploadArchive } from "./archive/archive.ts";
import { listProvisionedCapacity, purchaseProvisionedCapacity } from "./retrieval/capacity.ts";
import { completeMultipartUpload } from "./upload/completion.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { forgetDeleted, takeInventory } from "./inventory/inventory.ts";
import { completeJob } from "./job/completion.ts";
import { getJobOutput } from "./job/output.ts";
import { expireJob } from "./job/row.ts";
import { describeJob, initiateJob, listJobs } from "./job/job.ts";
import type { GlacierSdk } from "./kit.ts";
import { deleteVaultNotifications, getVaultNotifications, setVaultNotifications } from "./vault/notification.ts";
import { listParts, uploadMultipartPart } from "./upload/part.ts";
import { getDataRetrievalPolicy, setDataRetrievalPolicy } from "./retrieval/policy.ts";
import { addTagsToVault, listTagsForVault, removeTagsFromVault } from "./vault/tag.ts";
import { expireUpload } from "./upload/row.ts";
import { abortMultipartUpload, initiateMultipartUpload, listMultipartUploads } from "./upload/upload.ts";
import { abortVaultLock, completeVaultLock, expireLock, getVaultLock, initiateVaultLock } from "./vault/lock.ts";
import { deleteVaultAccessPolicy, getVaultAccessPolicy, setVaultAccessPolicy } from "./vault/policy.ts";
import { createVault, deleteVault, describeVault, listVaults } from "./vault/vault.ts";

export const glacier = defineService<GlacierSdk>("glacier", {
  operations: [
    createVault,
    describeVault,
    listVaults,
    deleteVault,
    uploadArchive,
    deleteArchive,
    initiateMultipartUpload,
    uploadMultipartPart,
    listParts,
    listMultipartUploads,
    completeMultipartUpload,
    abortMultipartUpload,
    initiateJob,
    describeJob,
    listJobs,
    getJobOutput,
    setVaultAccessPolicy,
    getVaultAccessPolicy,
    deleteVaultAccessPolicy,
    initiateVaultLock,
    completeVaultLock,
    abortVaultLock,
    getVaultLock,
    addTagsToVault,
    listTagsForVault,
    removeTagsFromVault,
    setVaultNotifications,
    getVaultNotifications,
    deleteVaultNotifications,
    setDataRetrievalPolicy,
    getDataRetrievalPolicy,
    purchaseProvisionedCapacity,
    listProvisionedCapacity,
  ],
  unmodelledErrors: UNMODELLED_ERRORS,
  jobs: { takeInventory, forgetDeleted, expireUpload, completeJob, expireJob, expireLock },
});
