/** Amazon S3 Control: what is of accounts rather than of buckets. It lies with S3, whose rows it shares. */
import { defineService } from "../../../service/service.ts";
import {
  deleteAccessPointPolicy,
  getAccessPointPolicy,
  getAccessPointPolicyStatus,
  putAccessPointPolicy,
} from "./access-point-policy.ts";
import { createAccessPoint, deleteAccessPoint, getAccessPoint, listAccessPoints } from "./access-point.ts";
import { deletePublicAccessBlock, getPublicAccessBlock, putPublicAccessBlock } from "./account-block.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { getDataAccess, listCallerAccessGrants } from "./grants/data-access.ts";
import { createAccessGrant, deleteAccessGrant, getAccessGrant, listAccessGrants } from "./grants/grant.ts";
import {
  createAccessGrantsInstance,
  deleteAccessGrantsInstance,
  deleteAccessGrantsInstanceResourcePolicy,
  getAccessGrantsInstance,
  getAccessGrantsInstanceForPrefix,
  getAccessGrantsInstanceResourcePolicy,
  listAccessGrantsInstances,
  putAccessGrantsInstanceResourcePolicy,
} from "./grants/instance.ts";
import {
  createAccessGrantsLocation,
  deleteAccessGrantsLocation,
  getAccessGrantsLocation,
  listAccessGrantsLocations,
  updateAccessGrantsLocation,
} from "./grants/location.ts";
import { createJob } from "./job/create.ts";
import { INVOKE, JOBS_OF_JOBS } from "./job/queue.ts";
import {
  deleteJobTagging,
  describeJob,
  getJobTagging,
  listJobs,
  putJobTagging,
  updateJobPriority,
  updateJobStatus,
} from "./job/status.ts";
import { invokeFunctions } from "./job/task-function.ts";
import type { S3ControlSdk } from "./kit.ts";
import {
  createStorageLensGroup,
  deleteStorageLensGroup,
  getStorageLensGroup,
  listStorageLensGroups,
  updateStorageLensGroup,
} from "./lens-group.ts";
import {
  deleteStorageLensConfiguration,
  deleteStorageLensConfigurationTagging,
  getStorageLensConfiguration,
  getStorageLensConfigurationTagging,
  listStorageLensConfigurations,
  putStorageLensConfiguration,
  putStorageLensConfigurationTagging,
} from "./lens.ts";
import {
  deleteAccessPointForObjectLambda,
  deleteMultiRegionAccessPoint,
  describeMultiRegionAccessPointOperation,
  getAccessPointForObjectLambda,
  getMultiRegionAccessPoint,
  getMultiRegionAccessPointPolicy,
  getMultiRegionAccessPointPolicyStatus,
  listAccessPointsForObjectLambda,
  listMultiRegionAccessPoints,
  putMultiRegionAccessPointPolicy,
} from "./never-made.ts";
import { listTagsForResource, tagResource, untagResource } from "./tagging.ts";

export const s3Control = defineService<S3ControlSdk>("s3-control", {
  timeUnitMs: 1000,
  operations: [
    putPublicAccessBlock,
    getPublicAccessBlock,
    deletePublicAccessBlock,
    createAccessPoint,
    getAccessPoint,
    listAccessPoints,
    deleteAccessPoint,
    putAccessPointPolicy,
    getAccessPointPolicy,
    getAccessPointPolicyStatus,
    deleteAccessPointPolicy,
    tagResource,
    untagResource,
    listTagsForResource,
    createJob,
    describeJob,
    listJobs,
    updateJobPriority,
    updateJobStatus,
    putJobTagging,
    getJobTagging,
    deleteJobTagging,
    createAccessGrantsInstance,
    getAccessGrantsInstance,
    listAccessGrantsInstances,
    getAccessGrantsInstanceForPrefix,
    deleteAccessGrantsInstance,
    putAccessGrantsInstanceResourcePolicy,
    getAccessGrantsInstanceResourcePolicy,
    deleteAccessGrantsInstanceResourcePolicy,
    createAccessGrantsLocation,
    getAccessGrantsLocation,
    listAccessGrantsLocations,
    updateAccessGrantsLocation,
    deleteAccessGrantsLocation,
    createAccessGrant,
    getAccessGrant,
    listAccessGrants,
    deleteAccessGrant,
    getDataAccess,
    listCallerAccessGrants,
    putStorageLensConfiguration,
    getStorageLensConfiguration,
    listStorageLensConfigurations,
    deleteStorageLensConfiguration,
    putStorageLensConfigurationTagging,
    getStorageLensConfigurationTagging,
    deleteStorageLensConfigurationTagging,
    createStorageLensGroup,
    getStorageLensGroup,
    updateStorageLensGroup,
    listStorageLensGroups,
    deleteStorageLensGroup,
    listMultiRegionAccessPoints,
    getMultiRegionAccessPoint,
    getMultiRegionAccessPointPolicy,
    getMultiRegionAccessPointPolicyStatus,
    deleteMultiRegionAccessPoint,
    putMultiRegionAccessPointPolicy,
    describeMultiRegionAccessPointOperation,
    listAccessPointsForObjectLambda,
    getAccessPointForObjectLambda,
    deleteAccessPointForObjectLambda,
  ],
  jobs: JOBS_OF_JOBS,
  errands: { [INVOKE]: invokeFunctions },
  unmodelledErrors: UNMODELLED_ERRORS,
});
