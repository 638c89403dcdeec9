/**
 * Jobs that import users from a file.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html
 */
import { HOUR_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import {
  importFileMissing,
  importJobNotFound,
  importNotActive,
  importNotCreated,
  importUnverified,
  invalidToken,
  otherImportActive,
  tooMany,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { IMPORT_JOBS_PER_POOL_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, randomLetters, requirePool, type Pool } from "../pool/pool-row.ts";
import { requireOwnRole } from "../pool/service-role.ts";
import { endImport } from "./end.ts";
import {
  activeImport,
  EXPIRE_IMPORT,
  findImport,
  formatImport,
  importJobs,
  isRunning,
  keyOfImport,
  RUN_IMPORT,
  type ImportJob,
} from "./row.ts";
import { uploadUrl } from "./upload.ts";

/** Within 24 to 48 hours, AWS says. */
const STARTED_WITHIN_MS = 24 * HOUR_MS;
/** How long one can see that a job is about to begin. */
const PENDING_MS = SECOND_MS;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_LETTERS = 10;

export const createUserImportJob = operation("CreateUserImportJob", {
  authorize: onPool("CreateUserImportJob"),

  async handle(
    { UserPoolId, JobName: name, CloudWatchLogsRoleArn: roleArn, PasswordHashingAlgorithm: algorithm },
    context,
  ) {
    const { tx } = context;
    const { id: poolId } = await requirePool(UserPoolId, context);
    await requireOwnRole(roleArn, "CloudWatchLogsRoleArn", context);
    const present = await tx.scan(importJobs, { prefix: [poolId], limit: IMPORT_JOBS_PER_POOL_MAX });
    if (present.length >= IMPORT_JOBS_PER_POOL_MAX) throw tooMany("Exceeded the number of import jobs.");
    const createdMs = context.now().getTime();
    const job: ImportJob = {
      poolId,
      id: `import-${randomLetters(ID_LETTERS, LETTERS)}`,
      name,
      roleArn,
      algorithm,
      createdMs,
      counts: { imported: 0, skipped: 0, failed: 0 },
      state: { status: "Created" },
    };
    tx.put(importJobs, job);
    context.at(createdMs + STARTED_WITHIN_MS, EXPIRE_IMPORT, keyOfImport(job));
    return { UserImportJob: formatImport(job, uploadUrl(job, context)) };
  },
});

export const describeUserImportJob = operation("DescribeUserImportJob", {
  authorize: onPool("DescribeUserImportJob"),

  async handle({ UserPoolId, JobId }, context) {
    const job = await requireJob(await requirePool(UserPoolId, context), JobId, context);
    return { UserImportJob: formatImport(job, uploadUrl(job, context)) };
  },
});

/** From the newest to the oldest. */
export const listUserImportJobs = operation("ListUserImportJobs", {
  authorize: onPool("ListUserImportJobs"),

  async handle({ UserPoolId, MaxResults, PaginationToken: token }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const all = await context.tx.scan(importJobs, { prefix: [id], limit: IMPORT_JOBS_PER_POOL_MAX });
    const limit = Math.min(MaxResults, PAGE_ROWS_MAX);
    const { rows, next } = pageOf(all, { token, limit, orderOf, descending: true, invalidToken });
    return {
      UserImportJobs: rows.map((job) => formatImport(job, uploadUrl(job, context))),
      ...(next !== undefined && { PaginationToken: next }),
    };
  },
});

const orderOf = ({ createdMs, id }: ImportJob): readonly string[] => [new Date(createdMs).toISOString(), id];

export const startUserImportJob = operation("StartUserImportJob", {
  authorize: onPool("StartUserImportJob"),

  async handle({ UserPoolId, JobId }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const job = await requireJob(pool, JobId, context);
    if (job.state.status !== "Created") throw importNotCreated(job.id, job.state.status);
    const { file } = job.state;
    if (file === undefined) throw importFileMissing(job.id);
    if ((pool.settings.AutoVerifiedAttributes ?? []).length === 0) throw importUnverified();
    if (await tx.get(activeImport)) throw otherImportActive();
    const startedMs = context.now().getTime();
    const progress = { offset: 0, header: undefined, line: 0 };
    const started: ImportJob = { ...job, state: { status: "Pending", startedMs, file, progress } };
    tx.put(importJobs, started);
    tx.put(activeImport, { poolId: job.poolId, id: job.id });
    context.cancel(EXPIRE_IMPORT, keyOfImport(job));
    context.at(startedMs + PENDING_MS, RUN_IMPORT, keyOfImport(job));
    return { UserImportJob: formatImport(started, uploadUrl(job, context)) };
  },
});

export const stopUserImportJob = operation("StopUserImportJob", {
  authorize: onPool("StopUserImportJob"),

  async handle({ UserPoolId, JobId }, context) {
    const job = await requireJob(await requirePool(UserPoolId, context), JobId, context);
    if (!isRunning(job)) throw importNotActive(job.id, job.state.status);
    context.cancel(RUN_IMPORT, keyOfImport(job));
    // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html
    const stopped = endImport(job, "Stopped", "The Import Job was stopped by the developer.", context);
    return { UserImportJob: formatImport(stopped, uploadUrl(job, context)) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireJob({ id: poolId }: Pool, id: string, { tx }: Context): Promise<ImportJob> {
  const job = await tx.get(importJobs, poolId, id);
  if (!job) throw importJobNotFound(id);
  return job;
}

export const expireImport: Job = async ({ tx, blobs }, key) => {
  const job = await findImport(key, tx);
  if (job?.state.status !== "Created") return;
  if (job.state.file !== undefined) blobs.drop(job.state.file);
  tx.put(importJobs, { ...job, state: { status: "Expired" } });
};
