/**
 * The versions of a bucket that a batch replication is about.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobManifestGeneratorFilter.html
 */
import type { _Object as ListedObject } from "@aws-sdk/client-s3";
import type { JobManifestGeneratorFilter } from "@aws-sdk/client-s3-control";
import { onBucket } from "../../access.ts";
import { requireBucket, type Bucket } from "../../bucket/row.ts";
import { isEligible } from "../../replication/existing.ts";
import { storageClassOf } from "../../storage-class/storage-class.ts";
import { isMarker, type StoredVersion } from "../../version/row.ts";
import { walkVersions, type VersionMarker } from "../../version/walk.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import type { Hand } from "./queue.ts";
import type { Task } from "./row.ts";

export const isAboutReplication = (filter: JobManifestGeneratorFilter): boolean =>
  filter.EligibleForReplication !== undefined || filter.ObjectReplicationStatuses !== undefined;

interface Wanted {
  readonly filter: JobManifestGeneratorFilter;
  /** What the rest of the filter says. */
  readonly fits: (object: ListedObject) => boolean;
}

/** What the role of such a job needs. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html */
const ACTIONS = ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"];

/** @throws {AwsError} `AccessDenied` */
export async function listForReplication(
  name: string,
  { filter, fits }: Wanted,
  { context, session }: Hand,
): Promise<readonly Task[]> {
  const acting = context.as(session);
  const bucket = await requireBucket({ Bucket: name }, context);
  for (const action of ACTIONS) await acting.require(onBucket(action, bucket, acting));
  const tasks: Task[] = [];
  for (let marker: VersionMarker | undefined; ;) {
    const walk = { bucket: name, prefix: "", delimiter: undefined, marker, limit: PAGE_ITEMS_MAX };
    const { entries, more } = await walkVersions(context.tx, walk);
    const found = entries.flatMap((entry) => (entry.kind === "row" ? [entry.row.version] : []));
    for (const version of found) {
      const { key, versionId } = version;
      if (!fits(listed(version)) || !(await isWanted(version, filter, { bucket, hand: { context, session } })))
        continue;
      tasks.push({ bucket: name, key, ...(versionId !== undefined && { versionId }) });
    }
    const last = found.at(-1);
    if (!more || last === undefined) return tasks;
    marker = { key: last.key, versionId: last.versionId ?? "null" };
  }
}

async function isWanted(
  version: StoredVersion,
  { EligibleForReplication: eligible, ObjectReplicationStatuses: statuses }: JobManifestGeneratorFilter,
  { bucket, hand }: { readonly bucket: Bucket; readonly hand: Hand },
): Promise<boolean> {
  const status = (isMarker(version) ? undefined : version.replication?.status) ?? "NONE";
  if (statuses?.length && !statuses.some((each) => each === status)) return false;
  return eligible === undefined || (await isEligible(version, bucket, hand.context)) === eligible;
}

const listed = (version: StoredVersion): ListedObject => ({
  Key: version.key,
  LastModified: new Date(version.modifiedAtMs),
  ...(!isMarker(version) && { Size: version.size, StorageClass: storageClassOf(version) }),
});
