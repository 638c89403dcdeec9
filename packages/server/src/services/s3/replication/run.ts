/** Does what was noted of copies, and notes what became of it. */
import type { ReplicationRule } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { noteForListing } from "../metadata-table/listing-row.ts";
import { notify } from "../notification/notify.ts";
import { findVersion, rewriteObject, type StoredObject } from "../object/object.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import { copyMarker, copyObjectVersion, requireTarget } from "./copy.ts";
import { ReplicationFailure, type FailureReason } from "./failure.ts";
import { replications, replicationTasks, type Replication, type ReplicationTask } from "./row.ts";
import { actingAs } from "./role.ts";
import { rulesFor } from "./selection.ts";
import type { CopyStatus, ObjectReplication } from "./status.ts";

/** The job: one version to all destinations that it is on its way to. */
export const runReplication: Job = async (context, id) => {
  const task = await context.tx.get(replicationTasks, id);
  if (task === undefined) return;
  context.tx.delete(replicationTasks, id);
  const bucket = await context.tx.get(buckets, task.bucket);
  const replication = await context.tx.get(replications, task.bucket);
  if (!bucket || !replication) return;
  const input = { Bucket: task.bucket, Key: task.key, VersionId: task.versionId };
  const version = await findVersion(input, bucket, context);
  if (version === undefined) return;
  const rules = rulesFor(version, replication.rules).filter((rule) => isOnItsWay(version, rule));
  await replicate({ version, bucket, replication, rules, task }, context);
};

const isOnItsWay = (version: StoredVersion, { Destination }: ReplicationRule): boolean =>
  isMarker(version) || version.replication?.copies?.[Destination?.Bucket ?? ""] === "PENDING";

interface Order {
  readonly version: StoredVersion;
  readonly bucket: Bucket;
  readonly replication: Replication;
  /** One for each destination. */
  readonly rules: readonly ReplicationRule[];
  readonly task: Pick<ReplicationTask, "requestedAtMs" | "what">;
}

/** Makes the copies. Why the first of those failed that did, if any. */
export async function replicate(order: Order, context: Context): Promise<FailureReason | undefined> {
  const { version, rules } = order;
  const outcomes: Record<string, CopyStatus> = {};
  let failure: FailureReason | undefined;
  for (const rule of rules) {
    const reason = await replicateTo(rule, order, context);
    outcomes[rule.Destination?.Bucket ?? ""] = reason === undefined ? "COMPLETED" : "FAILED";
    failure ??= reason;
  }
  if (!isMarker(version)) {
    noteOutcomes(version, outcomes, context);
    await noteForListing("annotation", { bucket: order.bucket, key: version.key }, context);
  }
  return failure;
}

async function replicateTo(rule: ReplicationRule, order: Order, context: Context): Promise<FailureReason | undefined> {
  const { version, bucket: source, replication } = order;
  try {
    const acting = await actingAs(replication.role, source, context);
    const target = await requireTarget(rule, source, context);
    if (isMarker(version)) await copyMarker(version, target, acting);
    else await copyObjectVersion({ version, source, target, rule }, acting);
    return undefined;
  } catch (error) {
    if (!(error instanceof ReplicationFailure)) throw error;
    await tellOfFailure(rule, error, order, context);
    return error.reason;
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
