/**
 * Showing, confirming, cancelling and reordering jobs.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
 */
import type { JobDescriptor, JobListDescriptor } from "@aws-sdk/client-s3-control";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import { ask } from "../access.ts";
import { invalidNextToken, jobStatusRefused } from "../errors.ts";
import { filteredPage } from "../../listing/filtered-page.ts";
import { arn, operation } from "../kit.ts";
import { formatTags, requestTagsOf, toTags } from "../tag.ts";
import { putJob } from "./change.ts";
import { listedJobs, requireOrder } from "./order.ts";
import { end, wakeQueue } from "./queue.ts";
import { isOver, jobs, nameOf, orderOf, requireJob, type Job, type JobInput } from "./row.ts";

const AWAITING = "AWAITING_CONFIRMATION";

async function askAboutJob(
  action: string,
  input: JobInput,
  { context, more = {} }: { readonly context: Context; readonly more?: Partial<Access> },
): Promise<Access> {
  const question = { action, resource: arn(context, `job/${input.JobId}`), ...more };
  const job = await context.tx.get(jobs, input.JobId);
  if (job === undefined) return ask(input, question, context);
  const keys = {
    "s3:ExistingJobPriority": String(job.priority),
    "s3:ExistingJobOperation": nameOf(job),
    "s3:JobSuspendedCause": job.status === "Suspended" ? AWAITING : undefined,
  };
  return ask(input, { ...question, resourceTags: job.tags, keys: { ...keys, ...more.keys } }, context);
}

export const describeJob = operation("DescribeJob", {
  authorize: (input, context) => askAboutJob("s3:DescribeJob", input, { context }),

  async handle(input, context) {
    return { Job: formatJob(await requireJob(input, context), context) };
  },
});

function formatJob(job: Job, context: Context): JobDescriptor {
  const { operation: Operation, manifest: Manifest, generator: ManifestGenerator, report: Report } = orderOf(job);
  return {
    JobId: job.id,
    ConfirmationRequired: job.confirmationRequired,
    Description: job.description,
    JobArn: arn(context, `job/${job.id}`),
    Status: job.status,
    Manifest,
    Operation,
    Priority: job.priority,
    ProgressSummary: progressOf(job),
    StatusUpdateReason: job.statusReason,
    FailureReasons: job.failure && [{ FailureCode: job.failure.code, FailureReason: job.failure.reason }],
    Report,
    CreationTime: new Date(job.createdAtMs),
    TerminationDate: dateOf(job.endedAtMs),
    RoleArn: job.roleArn,
    SuspendedDate: dateOf(job.suspendedAtMs),
    SuspendedCause: job.suspendedAtMs === undefined ? undefined : AWAITING,
    ManifestGenerator,
    GeneratedManifestDescriptor: job.generated,
  };
}

const dateOf = (atMs: number | undefined): Date | undefined => (atMs === undefined ? undefined : new Date(atMs));

const progressOf = ({ total, succeeded, failed, startedAtMs, endedAtMs }: Job) => ({
  TotalNumberOfTasks: total,
  NumberOfTasksSucceeded: succeeded,
  NumberOfTasksFailed: failed,
  ...(startedAtMs !== undefined &&
    endedAtMs !== undefined && {
      Timers: { ElapsedTimeInActiveSeconds: Math.round((endedAtMs - startedAtMs) / 1000) },
    }),
});

export const listJobs = operation("ListJobs", {
  authorize: (input, context) => ask(input, { action: "s3:ListJobs", resource: "*" }, context),

  async handle({ JobStatuses: statuses, NextToken: token, MaxResults: limit }, context) {
    const { tx } = context;
    await requireOrder(tx);
    const { rows, next } = await filteredPage(tx, listedJobs, {
      descending: true,
      fits: ({ status }) => !statuses?.length || statuses.includes(status),
      token,
      limit,
      invalidToken: invalidNextToken,
    });
    const found = await Promise.all(rows.map(({ id }) => tx.get(jobs, id)));
    return { Jobs: found.filter((job) => job !== undefined).map(formatListed), NextToken: next };
  },
});

function formatListed(job: Job): JobListDescriptor {
  return {
    JobId: job.id,
    Description: job.description,
    Operation: nameOf(job),
    Priority: job.priority,
    Status: job.status,
    CreationTime: new Date(job.createdAtMs),
    TerminationDate: dateOf(job.endedAtMs),
    ProgressSummary: progressOf(job),
  };
}

export const updateJobPriority = operation("UpdateJobPriority", {
  authorize: (input, context) =>
    askAboutJob("s3:UpdateJobPriority", input, {
      context,
      more: { keys: { "s3:RequestJobPriority": String(input.Priority) } },
    }),

  async handle(input, context) {
    const job = await requireJob(input, context);
    if (isOver(job)) throw jobStatusRefused(job.status);
    await putJob({ ...job, priority: input.Priority }, context);
    return { JobId: job.id, Priority: input.Priority };
  },
});

export const updateJobStatus = operation("UpdateJobStatus", {
  authorize: (input, context) => askAboutJob("s3:UpdateJobStatus", input, { context }),

  async handle(input, context) {
    const job = await requireJob(input, context);
    const { RequestedJobStatus: wanted, StatusUpdateReason } = input;
    const noted: Job = { ...job, ...(StatusUpdateReason !== undefined && { statusReason: StatusUpdateReason }) };
    if (isOver(job) || (wanted === "Ready" && job.status !== "Suspended")) throw jobStatusRefused(job.status);
    if (wanted === "Cancelled") {
      await end({ ...noted, status: "Cancelled" }, context);
    } else {
      const { suspendedAtMs: _confirmed, ...confirmed } = noted;
      await putJob({ ...confirmed, status: "Ready" }, context);
      wakeQueue(context);
    }
    return { JobId: job.id, Status: wanted, StatusUpdateReason };
  },
});

export const putJobTagging = operation("PutJobTagging", {
  authorize: (input, context) =>
    askAboutJob("s3:PutJobTagging", input, { context, more: { requestTags: requestTagsOf(input.Tags) } }),

  async handle(input, context) {
    const job = await requireJob(input, context);
    context.tx.put(jobs, { ...job, tags: toTags(input.Tags) });
    return {};
  },
});

export const getJobTagging = operation("GetJobTagging", {
  authorize: (input, context) => askAboutJob("s3:GetJobTagging", input, { context }),

  async handle(input, context) {
    return { Tags: formatTags((await requireJob(input, context)).tags) };
  },
});

export const deleteJobTagging = operation("DeleteJobTagging", {
  authorize: (input, context) => askAboutJob("s3:DeleteJobTagging", input, { context }),

  async handle(input, context) {
    context.tx.put(jobs, { ...(await requireJob(input, context)), tags: {} });
    return {};
  },
});
