/**
 * Retrieval jobs: begun, described, listed; what becomes of them is `completion.ts`.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/job-operations.html
 */
import type { GlacierJobDescription, InventoryRetrievalJobDescription } from "@aws-sdk/client-glacier";
import type { Context } from "../../../service/context.ts";
import { onVault } from "../access.ts";
import { findArchive } from "../archive/row.ts";
import { ageKeys } from "../archive/archive.ts";
import { piecesOf, treeHashOf } from "../archive/body.ts";
import { invalidValue, jobStatusInvalid, missing } from "../errors.ts";
import { taskOf, type Order } from "./order.ts";
import { jobs, requireJob, type ArchiveTask, type InventoryTask, type RetrievalJob } from "./row.ts";
import { operation, streaming, vaultArn } from "../kit.ts";
import { RETRIEVAL_MS, ROWS_PER_PAGE } from "../limits.ts";
import { newOpaqueId, timeOf } from "../opaque-id.ts";
import { pageOf } from "../paging.ts";
import { timerKey, type Place } from "../place.ts";
import { requireAllowance } from "../retrieval/policy.ts";
import { retrievals } from "../retrieval/row.ts";
import { requireVault, type FoundVault } from "../vault/row.ts";
import { vaultPath } from "../vault/vault.ts";

export const initiateJob = streaming("InitiateJob", {
  authorize: async (input, context) => {
    const archiveId = input.jobParameters?.ArchiveId;
    return onVault("InitiateJob", input, context, await ageKeys({ ...input, archiveId }, context));
  },

  async receive({ jobParameters: order, ...input }, context) {
    if (order === undefined) throw missing("Type");
    const found = await requireVault(input, context);
    const task = await taskOf(order, found);
    return { order, task: task.kind === "archive" ? await withRangeHash(task, found, context) : task };
  },

  async handle(input, context, { order, task }) {
    const found = await requireVault(input, context);
    const { place, vault } = found;
    if (task.kind === "archive" && task.tier === "Standard") {
      await requireAllowance(bytesOf(task), place.tx, context);
    }
    const { id } = putJob(task, order, found, context);
    return { location: `${vaultPath(place, vault.name)}/jobs/${id}`, jobId: id };
  },
});

const bytesOf = ({ range }: ArchiveTask): number => range.end - range.start + 1;

/** The hash of a range is known at once; that of the whole is told when the job is done. */
async function withRangeHash(task: ArchiveTask, { place, vault }: FoundVault, context: Context): Promise<ArchiveTask> {
  if (bytesOf(task) === task.size) return task;
  const archive = await findArchive({ vault: vault.name, id: task.archiveId }, place.tx);
  if (!archive) return task;
  const pieces = await piecesOf(archive.bodyId, place.tx);
  return { ...task, rangeTreeHash: await treeHashOf(pieces, { ...task.range, of: task.size }, context.blobs) };
}

function putJob(
  task: ArchiveTask | InventoryTask,
  { Description: description, SNSTopic: topic }: Order,
  { place, vault }: FoundVault,
  context: Context,
): RetrievalJob {
  const id = newOpaqueId("job", context);
  const createdAtMs = timeOf(id);
  const state = { kind: "InProgress" } as const;
  const job: RetrievalJob = { vault: vault.name, id, createdAtMs, description, topic, task, state };
  place.tx.put(jobs, job);
  if (task.kind === "archive" && task.tier === "Standard") {
    place.tx.put(retrievals, { startedAtMs: createdAtMs, jobId: id, bytes: bytesOf(task) });
  }
  const takesMs = RETRIEVAL_MS[task.kind === "archive" ? task.tier : "Standard"];
  context.at(createdAtMs + takesMs, "completeJob", timerKey(place, vault.name, id));
  return job;
}

export const describeJob = operation("DescribeJob", {
  authorize: (input, context) => onVault("DescribeJob", input, context),

  async handle(input, context) {
    const { job, place } = await requireJob(input, context);
    return formatJob(job, place);
  },
});

export const listJobs = operation("ListJobs", {
  authorize: (input, context) => onVault("ListJobs", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const fits = filterOf(input);
    const { rows, marker } = await pageOf(
      input,
      { from: jobs, prefix: [vault.name], max: ROWS_PER_PAGE, fits },
      place.tx,
    );
    return { JobList: rows.map((job) => formatJob(job, place)), Marker: marker };
  },
});

interface Filter {
  readonly statuscode?: string | undefined;
  readonly completed?: string | undefined;
}

/** @throws {AwsError} `InvalidParameterValueException` */
function filterOf({ statuscode, completed }: Filter): (job: RetrievalJob) => boolean {
  if (statuscode !== undefined && !["InProgress", "Succeeded", "Failed"].includes(statuscode)) {
    throw jobStatusInvalid(statuscode);
  }
  if (completed !== undefined && completed !== "true" && completed !== "false") {
    throw invalidValue("completed", completed);
  }
  return ({ state: { kind } }) =>
    (statuscode === undefined || kind === statuscode) &&
    (completed === undefined || (kind !== "InProgress") === (completed === "true"));
}

export function formatJob(job: RetrievalJob, place: Place): GlacierJobDescription {
  const { state, task } = job;
  return {
    JobId: job.id,
    JobDescription: job.description,
    VaultARN: vaultArn(place, job.vault),
    CreationDate: new Date(job.createdAtMs).toISOString(),
    Completed: state.kind !== "InProgress",
    StatusCode: state.kind,
    SNSTopic: job.topic,
    ...(state.kind !== "InProgress" && { CompletionDate: new Date(state.completedAtMs).toISOString() }),
    ...(state.kind !== "InProgress" && { StatusMessage: state.kind === "Failed" ? state.message : state.kind }),
    ...(task.kind === "archive" ? formatArchiveTask(task, state) : formatInventoryTask(task, state)),
  };
}

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-GlacierJobDescription.html (SHA256TreeHash) */
function formatArchiveTask(task: ArchiveTask, state: RetrievalJob["state"]): GlacierJobDescription {
  const isWhole = bytesOf(task) === task.size;
  return {
    Action: "ArchiveRetrieval",
    ArchiveId: task.archiveId,
    ArchiveSizeInBytes: task.size,
    ArchiveSHA256TreeHash: task.treeHash,
    RetrievalByteRange: `${task.range.start}-${task.range.end}`,
    SHA256TreeHash: isWhole && state.kind !== "InProgress" ? task.treeHash : task.rangeTreeHash,
    Tier: task.tier,
  };
}

function formatInventoryTask(task: InventoryTask, state: RetrievalJob["state"]): GlacierJobDescription {
  const output = state.kind === "Succeeded" && state.output.kind === "inventory" ? state.output : undefined;
  const parameters: InventoryRetrievalJobDescription = {
    Format: task.format,
    StartDate: task.startDate,
    EndDate: task.endDate,
    Limit: task.limit,
    Marker: output ? output.nextMarker : task.marker,
  };
  return {
    Action: "InventoryRetrieval",
    InventorySizeInBytes: output?.blob.size,
    InventoryRetrievalParameters: parameters,
  };
}
