/** Jobs in the order in which they are done, and in that in which they are listed: neither looks at all of them. */
import type { JobStatus } from "@aws-sdk/client-s3-control";
import { table, type Transaction } from "../../../../kernel/table.ts";
import { jobs, type Job } from "./row.ts";

/** A job that goes on by itself; the next one first. */
type WaitingJob = Pick<Job, "id" | "priority" | "createdAtMs">;

const waitingJobs = table<WaitingJob>("s3.batch-job-waiting", "region", ({ id, priority, createdAtMs }) => [
  -priority,
  createdAtMs,
  id,
]);

interface ListedJob extends Pick<Job, "id" | "createdAtMs"> {
  readonly status: JobStatus;
}

/** The oldest first. */
export const listedJobs = table<ListedJob>("s3.batch-job-listed", "region", ({ createdAtMs, id }) => [createdAtMs, id]);

/** One row: that all jobs are in order. An earlier version knew none. */
interface JobOrder {
  /** The job that was worked on last. */
  readonly active: string | undefined;
}

const jobOrders = table<JobOrder>("s3.batch-job-order", "region", () => []);

const WAITING: ReadonlySet<JobStatus> = new Set<JobStatus>(["New", "Preparing", "Ready", "Active", "Paused"]);

const isWaiting = ({ status }: Job): boolean => WAITING.has(status);

function putInOrder(job: Job, tx: Transaction): void {
  const { id, priority, createdAtMs, status } = job;
  tx.put(listedJobs, { id, createdAtMs, status });
  if (isWaiting(job)) tx.put(waitingJobs, { id, priority, createdAtMs });
  if (status === "Active") tx.put(jobOrders, { active: id });
}

/** Puts the jobs of an earlier version in order, once. */
export async function requireOrder(tx: Transaction): Promise<JobOrder> {
  const order = await tx.get(jobOrders);
  if (order !== undefined) return order;
  tx.put(jobOrders, { active: undefined });
  for (const job of await tx.scan(jobs, { limit: Number.MAX_SAFE_INTEGER })) putInOrder(job, tx);
  return (await tx.get(jobOrders)) ?? { active: undefined };
}

/** The job is another now, new, or gone. */
export async function arrange(
  { before, after }: { readonly before: Job | undefined; readonly after: Job | undefined },
  tx: Transaction,
): Promise<void> {
  if (before && before.status === after?.status && before.priority === after.priority) return;
  await requireOrder(tx);
  if (before) tx.delete(waitingJobs, ...waitingJobs.keyOf(before));
  if (after) putInOrder(after, tx);
  else if (before) tx.delete(listedJobs, before.createdAtMs, before.id);
}

/** The job that is next, and the one that it outruns. */
export async function nextJob(tx: Transaction): Promise<{ readonly next?: Job; readonly outrun?: Job }> {
  const { active } = await requireOrder(tx);
  const [first] = await tx.scan(waitingJobs, { limit: 1 });
  const next = first && (await tx.get(jobs, first.id));
  if (next === undefined) return {};
  const last = active === undefined || active === next.id ? undefined : await tx.get(jobs, active);
  return last?.status === "Active" ? { next, outrun: last } : { next };
}
