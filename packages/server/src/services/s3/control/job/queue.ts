/**
 * How jobs go on: those of one account and region one after the other, the highest priority first, some tasks at a time.
 * A job that is outrun pauses.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-priority.html
 */
import type { RoleSession } from "../../../../identity/principal.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Context } from "../../../../service/context.ts";
import { roleSession } from "../../../../service/role-session.ts";
import { BATCH_FAILING_TASKS_MIN, CONFIRMATION_MS_MAX, JOB_KEPT_MS, TASKS_PER_BATCH } from "../limits.ts";
import { putJob } from "./change.ts";
import { readManifest } from "./manifest.ts";
import { arrange, nextJob } from "./order.ts";
import { writeJobReport } from "./report.ts";
import {
  isOver,
  jobs,
  jobTokens,
  nameOf,
  outcomeBatches,
  taskBatches,
  type Job,
  type Outcome,
  type TaskBatch,
} from "./row.ts";
import { perform } from "./task.ts";

const RUN = "run-jobs";
const CLOSE = "close-job";
/** The errand that invokes the function of a job. */
export const INVOKE = "invoke-functions";

/** One timer runs all jobs of an account in a region. */
const QUEUE = "queue";

export const JOBS_OF_JOBS = {
  [RUN]: (context: Context) => runNext(context),
  [CLOSE]: (context: Context, id: string) => closeJob(id, context),
};

/** Has the jobs go on, as soon as the call is through. */
export const wakeQueue = (context: Context): void => context.at(context.now().getTime(), RUN, QUEUE);

async function runNext(context: Context): Promise<void> {
  const { next, outrun } = await nextJob(context.tx);
  if (next === undefined) return;
  if (outrun) await putJob({ ...outrun, status: "Paused" }, context);
  if ((await advance(next, context)) === "goes on") wakeQueue(context);
}

/** A job that waits for functions has the queue go on when they have answered. */
type Step = "goes on" | "waits";

/** One step of a job; one that cannot be made ends it. */
async function advance(job: Job, context: Context): Promise<Step> {
  try {
    const session = await sessionOf(job, context);
    const isNew = job.status === "New" || job.status === "Preparing";
    if (!isNew) return await work(job, { context, session });
    await prepare(job, { context, session });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await fail(job, error, context);
  }
  return "goes on";
}

/** The job's role, taken on. @throws {AwsError} */
export const sessionOf = ({ id, roleArn, account }: Job, context: Context): Promise<RoleSession> =>
  roleSession(
    { roleArn, service: "batchoperations.s3.amazonaws.com", sessionName: `s3-batch-${id}`, account },
    context,
  );

export const fail = (job: Job, { code, message }: AwsError, context: Context): Promise<void> =>
  end({ ...job, status: "Failed", failure: { code, reason: message } }, context);

/** In whose name. */
export interface Hand {
  readonly context: Context;
  readonly session: RoleSession;
}

async function prepare(job: Job, hand: Hand): Promise<void> {
  const { context } = hand;
  const { tasks, generated } = await readManifest(job, hand);
  for (let start = 0; start < tasks.length; start += TASKS_PER_BATCH) {
    const number = start / TASKS_PER_BATCH;
    context.tx.put(taskBatches, { job: job.id, number, tasks: tasks.slice(start, start + TASKS_PER_BATCH) });
  }
  const prepared = { ...job, total: tasks.length, ...(generated && { generated }) };
  if (!job.confirmationRequired) return putJob({ ...prepared, status: "Ready" }, context);
  const suspendedAtMs = context.now().getTime();
  await putJob({ ...prepared, status: "Suspended", suspendedAtMs }, context);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html (Suspended)
  context.at(suspendedAtMs + CONFIRMATION_MS_MAX, CLOSE, job.id);
}

async function work(job: Job, hand: Hand): Promise<Step> {
  const { context } = hand;
  const [batch] = await context.tx.scan(taskBatches, { prefix: [job.id], limit: 1 });
  const started = { ...job, startedAtMs: job.startedAtMs ?? context.now().getTime() };
  if (batch === undefined) {
    await complete(started, hand);
    return "goes on";
  }
  if (nameOf(job) === "LambdaInvoke") return haveInvoked(started, batch, context);
  const outcomes = [];
  for (const task of batch.tasks) outcomes.push(await perform(task, job, hand));
  await keepOutcomes(started, { batch, outcomes }, hand);
  return "goes on";
}

/** Functions take time: they are invoked by an errand. */
async function haveInvoked(job: Job, { number }: TaskBatch, context: Context): Promise<Step> {
  if (job.invoking === number) return "waits";
  await putJob({ ...job, status: "Active", invoking: number }, context);
  context.at(context.now().getTime(), INVOKE, job.id);
  return "waits";
}

interface Worked {
  readonly batch: TaskBatch;
  readonly outcomes: readonly Outcome[];
}

export async function keepOutcomes(job: Job, { batch, outcomes }: Worked, hand: Hand): Promise<void> {
  const { context } = hand;
  context.tx.delete(taskBatches, job.id, batch.number);
  context.tx.put(outcomeBatches, { job: job.id, number: batch.number, outcomes });
  const failed = job.failed + outcomes.filter(({ error }) => error !== undefined).length;
  const succeeded = job.succeeded + outcomes.filter(({ error }) => error === undefined).length;
  const worked: Job = { ...job, status: "Active", succeeded, failed };
  if (!isFailing(worked)) return putJob(worked, context);
  await writeJobReport(worked, hand);
  const reason = "Job failed due to too many failing tasks.";
  await end({ ...worked, status: "Failed", failure: { code: "TooManyFailures", reason } }, context);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html#batch-ops-job-status-failure (more than half of a thousand or more) */
const isFailing = ({ succeeded, failed }: Job): boolean =>
  succeeded + failed >= BATCH_FAILING_TASKS_MIN && failed > succeeded;

async function complete(job: Job, hand: Hand): Promise<void> {
  await writeJobReport(job, hand);
  await end({ ...job, status: "Complete" }, hand.context);
}

/** The job's last state: its lists go, itself it is kept for a while. */
export async function end(job: Job, context: Context): Promise<void> {
  const endedAtMs = context.now().getTime();
  await putJob({ ...job, endedAtMs }, context);
  await context.tx.clear(taskBatches, { prefix: [job.id], limit: Number.MAX_SAFE_INTEGER });
  await context.tx.clear(outcomeBatches, { prefix: [job.id], limit: Number.MAX_SAFE_INTEGER });
  context.at(endedAtMs + JOB_KEPT_MS, CLOSE, job.id);
}

/** What was not confirmed in time fails; what ended long ago is forgotten. */
async function closeJob(id: string, context: Context): Promise<void> {
  const job = await context.tx.get(jobs, id);
  if (job === undefined) return;
  if (isOver(job)) return forget(job, context);
  if (job.status !== "Suspended") return;
  await end(
    { ...job, status: "Failed", failure: { code: "ConfirmationExpired", reason: "The job was not confirmed." } },
    context,
  );
}

async function forget(job: Job, { tx }: Context): Promise<void> {
  const { id, token } = job;
  await arrange({ before: job, after: undefined }, tx);
  tx.delete(jobs, id);
  if (token !== undefined) return tx.delete(jobTokens, token);
  // jobs of earlier versions do not know theirs, and left it behind
  const tokens = await tx.scan(jobTokens, { limit: Number.MAX_SAFE_INTEGER });
  for (const left of tokens) if ((await tx.get(jobs, left.id)) === undefined) tx.delete(jobTokens, left.token);
}
