/** How a job that imports users ends. */
import type { Context } from "../../../service/context.ts";
import { activeImport, importJobs, type ImportJob, type ImportState, type RunningImport } from "./row.ts";

type Ended = Extract<ImportState, { endedMs: number }>["status"];

/** Nobody needs the file any more, and another job may begin. */
export function endImport(
  job: RunningImport,
  status: Ended,
  message: string,
  context: Pick<Context, "tx" | "blobs" | "now">,
): ImportJob {
  const { tx, blobs } = context;
  const { startedMs, file } = job.state;
  const ended: ImportJob = { ...job, state: { status, startedMs, endedMs: context.now().getTime(), message } };
  tx.put(importJobs, ended);
  tx.delete(activeImport);
  blobs.drop(file);
  return ended;
}
