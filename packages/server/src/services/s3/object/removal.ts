/**
 * Deleting objects and versions, one by one and in batches.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
import type { DeletedObject, _Error as S3Error, ObjectIdentifier } from "@aws-sdk/client-s3";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { askToDelete } from "../acl/deletion.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { askToCompare, matches } from "./conditions.ts";
import { malformedXml, noSuchKey, preconditionFailed } from "../errors.ts";
import { noSuchVersion } from "../version/errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { requireBypassable, requireRemovable, type Unlocking } from "../lock/protection.ts";
import { requireMfa } from "../version/mfa-delete.ts";
import { announce, announceNothing } from "./change.ts";
import { findObject, findVersion, isVersionId, versionIdOf, type ObjectInput } from "./object.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";
import { endCurrent, endVersion } from "../version/succession.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { NULL_VERSION } from "../version/id.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";

export const deleteObject = operation("DeleteObject", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    return [await askToDelete(input, bucket, context), ...askToCompare(input, { bucket, key: input.Key }, context)];
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    requireBypassable(input, bucket);
    refuseUnbuilt({
      "x-amz-if-match-last-modified-time": input.IfMatchLastModifiedTime,
      "x-amz-if-match-size": input.IfMatchSize,
    });
    if (input.VersionId !== undefined) await requireMfa(input, bucket, context);
    const removed = await remove(input, { ...input, bucket }, context);
    return {
      ...(removed && isMarker(removed) && { DeleteMarker: true }),
      VersionId: removed ? versionIdOf(removed, bucket) : bucket.versioning && input.VersionId,
      ...chargeOf(bucket, context),
    };
  },
});

type Removal = ObjectInput & { readonly IfMatch?: string | undefined };

/**
 * Deletes what is there; nothing happens where nothing is, but that a bucket with versions gets a delete marker. Gives
 * the version that is gone, or the marker that came.
 */
async function remove(input: Removal, unlocking: Unlocking, context: Context): Promise<StoredVersion | undefined> {
  return input.VersionId === undefined
    ? removeCurrent(input, unlocking.bucket, context)
    : removeOne(input, unlocking, context);
}

async function removeCurrent(input: Removal, bucket: Bucket, context: Context): Promise<StoredVersion | undefined> {
  const current = await findObject(input, context);
  if (input.IfMatch !== undefined) await requireCurrent(input, bucket, context);
  const marker = await endCurrent({ bucket, key: input.Key, current }, context);
  if (marker) await announce({ kind: "ObjectRemoved:DeleteMarkerCreated", bucket, version: marker }, context);
  else if (current) await announce({ kind: "ObjectRemoved:Delete", bucket, version: current }, context);
  return marker;
}

async function removeOne(input: Removal, unlocking: Unlocking, context: Context): Promise<StoredVersion | undefined> {
  const { bucket } = unlocking;
  if (input.IfMatch !== undefined) await requireCurrent(input, bucket, context);
  const found = await findVersion(input, bucket, context);
  if (found === undefined) return undefined;
  await requireRemovable(found, unlocking, context);
  await endVersion(found, context);
  await announce({ kind: "ObjectRemoved:Delete", bucket, version: found }, context);
  return found;
}

/**
 * Holds the condition to the newest version, whichever is to be removed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 *
 * @throws {AwsError} `NoSuchKey`, `PreconditionFailed`
 */
async function requireCurrent(
  { Bucket, Key, IfMatch = "*" }: Removal,
  bucket: Bucket,
  context: Context,
): Promise<void> {
  const newest = await findVersion({ Bucket, Key }, bucket, context);
  if (!newest) throw noSuchKey(Key);
  if (isMarker(newest) || !matches(IfMatch, newest.etag)) throw preconditionFailed("If-Match");
}

/** Each key is asked for by itself, so the batch as a whole needs no permission. */
export const deleteObjects = operation("DeleteObjects", {
  callers: "open",

  async authorize(input, context) {
    await requirePaidBucket(input, context);
    return [];
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { Objects, Quiet } = input.Delete;
    // Differs: AWS refuses it also of a batch that names versions; what empties buckets of any kind says it of all of them
    if (Objects.every(({ VersionId }) => VersionId === undefined)) requireBypassable(input, bucket);
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (Content-MD5)
    await requireDigestAndIntegrity(context.request);
    if (Objects.length === 0 || Objects.length > PAGE_ITEMS_MAX) throw malformedXml();
    if (Objects.some(({ VersionId }) => VersionId !== undefined)) await requireMfa(input, bucket, context);
    const deleted: DeletedObject[] = [];
    const errors: S3Error[] = [];
    for (const identifier of Objects) {
      const outcome = await attempt(identifier, { ...input, bucket }, context);
      if ("Code" in outcome) errors.push(outcome);
      else deleted.push(outcome);
    }
    return {
      ...(!Quiet && { Deleted: deleted }),
      ...(errors.length > 0 && { Errors: errors }),
      ...chargeOf(bucket, context),
    };
  },
});

async function attempt(
  identifier: Validated<ObjectIdentifier>,
  unlocking: Unlocking,
  context: Context,
): Promise<DeletedObject | (S3Error & { readonly Code: string })> {
  const { bucket } = unlocking;
  const { Key, VersionId, ETag } = identifier;
  try {
    refuseUnbuilt({ LastModifiedTime: identifier.LastModifiedTime, Size: identifier.Size });
    await context.require(await askToDelete({ Bucket: bucket.name, Key, VersionId }, bucket, context));
    for (const access of askToCompare({ IfMatch: ETag }, { bucket, key: Key }, context)) await context.require(access);
    if (VersionId !== undefined && !isVersionId(VersionId)) throw noSuchVersion({ key: Key, versionId: VersionId });
    const isNothing = await hasNothing(identifier, bucket, context);
    const removed = await remove({ Bucket: bucket.name, Key, VersionId, IfMatch: ETag }, unlocking, context);
    if (isNothing) await announceNothing(bucket, Key, context);
    return { Key, VersionId, ...(removed && isMarker(removed) && formatMarker(removed)) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Key, VersionId, Code: error.code, Message: error.message };
  }
}

/** Whether there is nothing to remove, nor anything to mark as removed; only asked where somebody is notified. */
async function hasNothing({ Key, VersionId }: Validated<ObjectIdentifier>, bucket: Bucket, context: Context) {
  if (bucket.notifies !== true || VersionId !== undefined || bucket.versioning !== undefined) return false;
  return (await findObject({ Bucket: bucket.name, Key }, context)) === undefined;
}

const formatMarker = ({ versionId = NULL_VERSION }: StoredVersion) => ({
  DeleteMarker: true,
  DeleteMarkerVersionId: versionId,
});
