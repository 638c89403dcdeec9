/**
 * A job gets on, and its account hears of each state that it gets into.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-event-bridge-cloud-trail.html
 */
import type { Context } from "../../../../service/context.ts";
import { arn } from "../kit.ts";
import { arrange } from "./order.ts";
import { jobs, type Job } from "./row.ts";

export async function putJob(job: Job, context: Context): Promise<void> {
  const before = await context.tx.get(jobs, job.id);
  await arrange({ before, after: job }, context.tx);
  context.tx.put(jobs, job);
  if (before?.status === job.status) return;
  const { id: jobId, status, failure } = job;
  const details = {
    jobId,
    jobArn: arn(context, `job/${jobId}`),
    status,
    jobEventId: context.newId().replaceAll("-", ""),
    failureCodes: failure === undefined ? [] : [failure.code],
    statusChangeReason: [failure?.reason ?? job.statusReason].filter((reason) => reason !== undefined),
  };
  const name = before === undefined ? "JobCreated" : "JobStatusChanged";
  context.recordOwn({ name, by: "s3.amazonaws.com", details }, job);
}
