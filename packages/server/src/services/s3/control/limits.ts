/** The numbers of S3 Control, each once. */
import { DAY_MS } from "../../../kernel/duration.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListAccessPoints.html (MaxResults) */
export const PAGE_ITEMS_MAX = 1000;

/** Differs: AWS takes lists of any length; here one is read whole, and so is each file of an inventory once it is unpacked. */
export const LIST_BYTES_MAX = 256 * 1024 * 1024;

/** How many tasks of a job are done in one transaction. */
export const TASKS_PER_BATCH = 100;

/** How often a task is done that fails for the moment; AWS does not say. */
export const ATTEMPTS_MAX = 3;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html#batch-ops-job-status-failure */
export const BATCH_FAILING_TASKS_MIN = 1000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html (Suspended) */
export const CONFIRMATION_MS_MAX = 30 * DAY_MS;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-managing-jobs.html (kept for 90 days) */
export const JOB_KEPT_MS = 90 * DAY_MS;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetDataAccess.html (DurationSeconds) */
export const GRANT_SECONDS_USUAL = 3600;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-limitations.html */
export const GRANTS_MAX = 100_000;
export const GRANT_LOCATIONS_MAX = 1000;

/** How much of a scope is in a row's key: more than an object's name can have, with its bucket. */
export const SCOPE_HEAD_BYTES = 1100;
