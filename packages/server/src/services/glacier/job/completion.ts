/** How jobs end: when the time of their tier is over, what was asked for is ready. */
import type { Context } from "../../../service/context.ts";
import { findArchive } from "../archive/row.ts";
import { useBody } from "../archive/body.ts";
import { archiveNotFound } from "../errors.ts";
import { writeInventory } from "../inventory/output.ts";
import { findJob, jobs, type ArchiveTask, type RetrievalJob } from "./row.ts";
import { JOB_OUTPUT_KEPT_MS } from "../limits.ts";
import { sendNotice } from "./notice.ts";
import { readTimerKey, timerKey, type Place } from "../place.ts";
import { vaults } from "../vault/row.ts";

/** The job. */
export async function completeJob(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [vault = "", id = ""],
  } = readTimerKey(key, context);
  const begun = await findJob({ vault, id }, place.tx);
  if (begun?.state.kind !== "InProgress") return;
  const completedAtMs = context.now().getTime();
  const job: RetrievalJob = { ...begun, state: await endOf(begun, { place, completedAtMs }, context) };
  place.tx.put(jobs, job);
  context.at(completedAtMs + JOB_OUTPUT_KEPT_MS, "expireJob", timerKey(place, vault, id));
  const row = await place.tx.get(vaults, vault);
  if (row) await sendNotice(job, { vault: row, place }, context);
}

interface End {
  readonly place: Place;
  readonly completedAtMs: number;
}

async function endOf(
  { vault, task }: RetrievalJob,
  { place, completedAtMs }: End,
  context: Context,
): Promise<RetrievalJob["state"]> {
  if (task.kind === "inventory") {
    const output = await writeInventory({ vault, task }, place, context);
    return { kind: "Succeeded", completedAtMs, output };
  }
  return retrieve(vault, task, { place, completedAtMs }, context);
}

/**
 * An archive that is deleted before its retrieval is done cannot be had any more.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-delete.html
 */
async function retrieve(
  vault: string,
  { archiveId }: ArchiveTask,
  { place, completedAtMs }: End,
  context: Context,
): Promise<RetrievalJob["state"]> {
  const archive = await findArchive({ vault, id: archiveId }, place.tx);
  if (!archive) return { kind: "Failed", completedAtMs, message: archiveNotFound(archiveId).message };
  await useBody(archive.bodyId, context);
  return { kind: "Succeeded", completedAtMs, output: { kind: "body", bodyId: archive.bodyId } };
}
