/**
 * Whether a bucket keeps the versions of its objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
 */
import type { PutBucketVersioningRequest } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type Bucket, type Versioning } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { versioningMissing } from "./errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { versioningLocked } from "../lock/errors.ts";
import { proveMfa } from "./mfa-delete.ts";
import { versioningReplicated } from "../replication/errors.ts";

type VersioningInput = Validated<PutBucketVersioningRequest>;

export const putBucketVersioning = operation("PutBucketVersioning", {
  authorize: async (input, context) => onBucket("s3:PutBucketVersioning", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const versioning = toVersioning(input, bucket);
    if (versioning.status === "Suspended" && bucket.objectLock) throw versioningLocked();
    if (versioning.status === "Suspended" && bucket.replicates) throw versioningReplicated();
    if (bucket.versioning?.mfaDelete || versioning.mfaDelete) await proveMfa(input, bucket.owner, context);
    context.tx.put(buckets, { ...bucket, versioning });
    return {};
  },
});

/** What of MFA delete is not said stays as it is. */
function toVersioning({ VersioningConfiguration: asked }: VersioningInput, bucket: Bucket): Versioning {
  const { Status: status, MFADelete: mfaDelete } = asked;
  if (status === undefined) throw versioningMissing();
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  if (mfaDelete === undefined) return { ...bucket.versioning, status };
  if (mfaDelete !== "Enabled" && mfaDelete !== "Disabled") throw malformedXml();
  return { status, mfaDelete: mfaDelete === "Enabled" };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html (MfaDelete is only told where it was ever set) */
export const getBucketVersioning = operation("GetBucketVersioning", {
  authorize: async (input, context) => onBucket("s3:GetBucketVersioning", await requireBucket(input, context), context),

  async handle(input, context) {
    const { versioning } = await requireBucket(input, context);
    if (versioning === undefined) return {};
    const { status, mfaDelete } = versioning;
    return {
      Status: status,
      ...(mfaDelete !== undefined && { MFADelete: mfaDelete ? ("Enabled" as const) : ("Disabled" as const) }),
    };
  },
});
