/** Notes what is to be replicated, with each change that rules are about. */
import type { Context } from "../../../service/context.ts";
import { findVersion, rewriteObject, type StoredObject } from "../object/object.ts";
import type { Follow, ObjectChange } from "../object/change.ts";
import { isArchived } from "../storage-class/restoration.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import { replications, replicationTasks, type Replication, type ReplicationTask } from "./row.ts";
import { rulesFor, takesReplicas } from "./selection.ts";
import type { CopyStatus } from "./status.ts";

export const REPLICATION_JOB = "replicate";

/** Between a change and its copies: long enough that one sees that they are on their way. */
const DELAY_MS = 1000;

export const followByReplication: Follow = async (change, context) => {
  const found = await context.tx.get(replications, change.bucket.name);
  const what = found && whatOf(change);
  if (found === undefined || what === undefined) return;
  const { version } = change;
  const destinations = destinationsOf(what, version, found);
  if (destinations.length === 0 || version.versionId === undefined) return;
  if (!isMarker(version)) await markPending(version, destinations, context);
  plan({ what, version, versionId: version.versionId }, context);
};

/** What a change has done that copies do after it; deletions of versions, and all that lifecycle rules do, they do not. */
function whatOf({ kind }: ObjectChange): ReplicationTask["what"] | undefined {
  if (kind.startsWith("ObjectCreated:")) return "object";
  if (kind === "ObjectRemoved:DeleteMarkerCreated") return "marker";
  return /^Object(?:Tagging|Acl|Lock|Annotation):/.test(kind) ? "said" : undefined;
}

function destinationsOf(
  what: ReplicationTask["what"],
  version: StoredVersion,
  { rules }: Replication,
): readonly string[] {
  if (isMarker(version)) return version.replica ? [] : namesOf(rulesFor(version, rules));
  const isReplica = version.replication?.status === "REPLICA";
  if (what === "object") return isReplica || isArchived(version) ? [] : namesOf(rulesFor(version, rules));
  const chosen = rulesFor(version, rules);
  if (isReplica) return namesOf(chosen.filter((rule) => takesReplicas(rule)));
  // what was never replicated has no copies that could change
  return version.replication === undefined ? [] : namesOf(chosen);
}

const namesOf = (rules: ReturnType<typeof rulesFor>): readonly string[] =>
  rules.map(({ Destination }) => Destination?.Bucket ?? "");

async function markPending(told: StoredObject, destinations: readonly string[], context: Context): Promise<void> {
  // as it lies there now, whatever part of the change the teller had at hand
  const { bucket: Bucket, key: Key, versionId: VersionId } = told;
  const found = await findVersion({ Bucket, Key, VersionId }, { versioning: { status: "Enabled" } }, context);
  const version = found && !isMarker(found) ? found : told;
  const pending = Object.fromEntries(destinations.map((name): [string, CopyStatus] => [name, "PENDING"]));
  const copies = { ...version.replication?.copies, ...pending };
  const status = version.replication?.status === "REPLICA" ? "REPLICA" : "PENDING";
  rewriteObject({ ...version, replication: { status, copies } }, context);
}

interface Planned {
  readonly what: ReplicationTask["what"];
  readonly version: StoredVersion;
  readonly versionId: string;
}

function plan({ what, version, versionId }: Planned, context: Context): void {
  const { bucket, key } = version;
  const id = context.newId();
  const requestedAtMs = context.now().getTime();
  context.tx.put(replicationTasks, { id, bucket, key, versionId, what, requestedAtMs });
  context.at(requestedAtMs + DELAY_MS, REPLICATION_JOB, id);
}
