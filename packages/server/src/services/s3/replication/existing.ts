/**
 * Replicates versions that no rule was about when they were made, or whose copies failed: batch jobs have it done.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { findVersion } from "../object/object.ts";
import { isArchived } from "../storage-class/restoration.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import type { FailureReason } from "./failure.ts";
import { replications, type Replication } from "./row.ts";
import { replicate } from "./run.ts";
import { rulesFor } from "./selection.ts";

interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/**
 * Makes the copies of a version as the bucket's rules want them. `acting` has the rights of who asks for it.
 *
 * @throws {AwsError} under the code of a reason, as `failure.ts` has them
 */
export async function replicateExisting(place: Place, acting: Context, context: Context): Promise<void> {
  const { bucket: name, key } = place;
  const bucket = await requireBucket({ Bucket: name }, context);
  await acting.require(onObject("s3:InitiateReplication", acting, { bucket, key }));
  const replication = await context.tx.get(replications, name);
  if (replication === undefined) throw refused("SrcBucketReplicationConfigMissing");
  const version = await findVersion({ Bucket: name, Key: key, VersionId: place.versionId }, bucket, context);
  if (version === undefined) throw refused("SrcKeyNotFound");
  const rules = eligibleRules(version, replication);
  if (rules.length === 0) throw refused("SrcObjectNotEligible");
  const requestedAtMs = context.now().getTime();
  const task = { what: isMarker(version) ? "marker" : "object", requestedAtMs } as const;
  const failure = await replicate({ version, bucket, replication, rules, task }, context);
  if (failure !== undefined) throw refused(failure);
}

type Reason = FailureReason | "SrcBucketReplicationConfigMissing" | "SrcKeyNotFound" | "SrcObjectNotEligible";

const refused = (reason: Reason): AwsError => new AwsError(reason, reason);

/** Versions with ids alone are copied, and what is not archived. */
const eligibleRules = (version: StoredVersion, { rules }: Replication) =>
  version.versionId === undefined || (!isMarker(version) && isArchived(version)) ? [] : rulesFor(version, rules);

/** Whether rules of the bucket are about the version. */
export async function isEligible(
  version: StoredVersion,
  bucket: Bucket,
  { tx }: Pick<Context, "tx">,
): Promise<boolean> {
  const replication = bucket.replicates ? await tx.get(replications, bucket.name) : undefined;
  return replication !== undefined && eligibleRules(version, replication).length > 0;
}
