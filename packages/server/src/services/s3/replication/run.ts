/** Does what was noted of copies, and notes what became of it. */
import type { ReplicationRule } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket-row.ts";
import { notify } from "../notification/notify.ts";
import { findVersion, rewriteObject, type StoredObject } from "../object.ts";
import { isMarker, type StoredVersion } from "../version-row.ts";
import { copyMarker, copyObjectVersion, requireTarget } from "./copy.ts";
import { ReplicationFailure } from "./failure.ts";
import { replications, replicationTasks, type Replication, type ReplicationTask } from "./replication-row.ts";
import { actingAs } from "./role.ts";
import { rulesFor } from "./selection.ts";
import type { CopyStatus, ObjectReplication } from "./status.ts";

/** The job: one version to all its destinations. */
export const runReplication: Job = async (context, id) => {
  const task = await context.tx.get(replicationTasks, id);
  if (task === undefined) return;
  context.tx.delete(replicationTasks, id);
  const bucket = await context.tx.get(buckets, task.bucket);
  const found = await context.tx.get(replications, task.bucket);
  if (!bucket || !found) return;
  const input = { Bucket: task.bucket, Key: task.key, VersionId: task.versionId };
  const version = await findVersion(input, bucket, context);
  if (version) await replicate({ version, bucket, replication: found, task }, context);
};

interface Order {
  readonly version: StoredVersion;
  readonly bucket: Bucket;
  readonly replication: Replication;
  readonly task: Pick<ReplicationTask, "requestedAtMs" | "what">;
}

async function replicate(order: Order, context: Context): Promise<void> {
  const { version, replication } = order;
  const outcomes: Record<string, CopyStatus> = {};
  for (const rule of rulesFor(version, replication.rules)) {
    const destination = rule.Destination?.Bucket ?? "";
    if (!isMarker(version) && version.replication?.copies?.[destination] !== "PENDING") continue;
    outcomes[destination] = await replicateTo(rule, order, context);
  }
  if (!isMarker(version)) noteOutcomes(version, outcomes, context);
}

async function replicateTo(rule: ReplicationRule, order: Order, context: Context): Promise<CopyStatus> {
  const { version, bucket: source, replication } = order;
  try {
    const acting = await actingAs(replication.role, source, context);
    const target = await requireTarget(rule, source, context);
    if (isMarker(version)) await copyMarker(version, target, acting);
    else await copyObjectVersion({ version, source, target, rule }, acting);
    return "COMPLETED";
  } catch (error) {
    if (!(error instanceof ReplicationFailure)) throw error;
    await tellOfFailure(rule, error, order, context);
    return "FAILED";
  }
}

function noteOutcomes(version: StoredObject, outcomes: Readonly<Record<string, CopyStatus>>, context: Context): void {
  const copies = { ...version.replication?.copies, ...outcomes };
  const status = version.replication?.status === "REPLICA" ? "REPLICA" : statusOf(Object.values(copies));
  rewriteObject({ ...version, replication: { status, copies } }, context);
}

/** One that failed makes all fail; what is on its way still may. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html */
function statusOf(copies: readonly CopyStatus[]): ObjectReplication["status"] {
  if (copies.includes("FAILED")) return "FAILED";
  return copies.includes("PENDING") ? "PENDING" : "COMPLETED";
}

const OPERATIONS = { object: "OBJECT_PUT", said: "OBJECT_TAGGING", marker: "DELETE_MARKER_PUT" } as const;

/** Told where the rule has metrics. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html */
async function tellOfFailure(
  { ID, Destination }: ReplicationRule,
  { reason }: ReplicationFailure,
  { version, bucket, task }: Order,
  context: Context,
): Promise<void> {
  if (bucket.notifies !== true || Destination?.Metrics?.Status !== "Enabled") return;
  const replicationEventData = {
    replicationRuleId: ID,
    destinationBucket: Destination.Bucket,
    s3Operation: OPERATIONS[task.what],
    requestTime: new Date(task.requestedAtMs).toISOString(),
    failureReason: reason,
  };
  const name = "Replication:OperationFailedReplication" as const;
  await notify({ name, bucket, version, more: { replicationEventData } }, context);
}
