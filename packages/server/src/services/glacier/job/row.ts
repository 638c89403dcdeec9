/** The rows of retrieval jobs, in the order in which they were begun. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { BlobRef, ByteRange, Context } from "../../../service/context.ts";
import { dropBody } from "../archive/body.ts";
import { jobNotFound } from "../errors.ts";
import type { RETRIEVAL_MS } from "../limits.ts";
import { timeOf } from "../opaque-id.ts";
import { readTimerKey, timerKey, type Place } from "../place.ts";
import { retrievals } from "../retrieval/row.ts";
import { requireVault, type FoundVault, type Vault, type VaultInput } from "../vault/row.ts";

export type Tier = keyof typeof RETRIEVAL_MS;

export interface ArchiveTask {
  readonly kind: "archive";
  readonly archiveId: string;
  readonly description: string;
  readonly size: number;
  /** Of the whole archive; hexadecimal. */
  readonly treeHash: string;
  readonly range: ByteRange;
  /** Of the range, where it is a part of the tree and not all of it. */
  readonly rangeTreeHash?: string | undefined;
  readonly tier: Tier;
}

export interface InventoryTask {
  readonly kind: "inventory";
  /** When the inventory was made. */
  readonly atMs: number;
  readonly format: "JSON" | "CSV";
  /** These as they were asked for. */
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly limit?: string | undefined;
  readonly marker?: string | undefined;
}

/** What a job has ready. */
export type Output =
  | { readonly kind: "body"; readonly bodyId: string }
  | { readonly kind: "inventory"; readonly blob: BlobRef; readonly nextMarker: string | undefined };

export interface RetrievalJob {
  readonly vault: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly description?: string | undefined;
  readonly topic?: string | undefined;
  readonly task: ArchiveTask | InventoryTask;
  readonly state:
    | { readonly kind: "InProgress" }
    | { readonly kind: "Succeeded"; readonly completedAtMs: number; readonly output: Output }
    | { readonly kind: "Failed"; readonly completedAtMs: number; readonly message: string };
}

export const jobs = table<RetrievalJob>("glacier.job", "region", ({ vault, createdAtMs, id }) => [
  vault,
  createdAtMs,
  id,
]);

export const findJob = (
  { vault, id }: Pick<RetrievalJob, "vault" | "id">,
  tx: Transaction,
): Promise<RetrievalJob | undefined> => tx.get(jobs, vault, timeOf(id), id);

export interface FoundJob extends FoundVault {
  readonly job: RetrievalJob;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireJob(input: VaultInput & { readonly jobId: string }, context: Context): Promise<FoundJob> {
  const found = await requireVault(input, context);
  const job = await findJob({ vault: found.vault.name, id: input.jobId }, found.place.tx);
  if (!job) throw jobNotFound(input.jobId);
  return { ...found, job };
}

/** The job: forgets what was done a day ago. */
export async function expireJob(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [vault = "", id = ""],
  } = readTimerKey(key, context);
  const job = await findJob({ vault, id }, place.tx);
  if (job) await dropJob(job, place, context);
}

async function dropJob(job: RetrievalJob, { tx }: Place, context: Context): Promise<void> {
  if (job.state.kind === "Succeeded") {
    const { output } = job.state;
    if (output.kind === "body") await dropBody(output.bodyId, context);
    else context.blobs.drop(output.blob);
  }
  tx.delete(jobs, job.vault, job.createdAtMs, job.id);
  tx.delete(retrievals, job.createdAtMs, job.id);
}

/** All of a vault that is deleted. */
export async function dropJobs({ name }: Vault, place: Place, context: Context): Promise<void> {
  for (;;) {
    const [job] = await place.tx.scan(jobs, { prefix: [name], limit: 1 });
    if (!job) return;
    context.cancel("completeJob", timerKey(place, name, job.id));
    context.cancel("expireJob", timerKey(place, name, job.id));
    await dropJob(job, place, context);
  }
}
