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
import { createJob } from "./job/create.ts";
import { JOBS_OF_JOBS } from "./job/queue.ts";
import {
  deleteJobTagging,
  describeJob,
  getJobTagging,
  listJobs,
  putJobTagging,
  updateJobPriority,
  updateJobStatus,
} from "./job/status.ts";
import type { S3ControlSdk } from "./kit.ts";
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
  ],
  jobs: JOBS_OF_JOBS,
  unmodelledErrors: UNMODELLED_ERRORS,
});
