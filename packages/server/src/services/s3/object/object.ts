/**
 * Objects: their rows and how they are found.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingObjects.html
 */
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket, onObject, type KeyedInput } from "../access.ts";
import type { Owned } from "../acl/decision.ts";
import type { Annotated } from "../annotation/row.ts";
import type { Body } from "../body/body.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StoredChecksum } from "../body/checksum.ts";
import type { Encryption } from "../encryption/encryption.ts";
import { invalidArgument, keyTooLong, noSuchKey } from "../errors.ts";
import { deleteMarkerNotAllowed, noSuchVersion } from "../version/errors.ts";
import { KEY_BYTES_MAX } from "../limits.ts";
import type { Locked } from "../lock/lock.ts";
import type { Metadata } from "./metadata.ts";
import type { Replicated } from "../replication/status.ts";
import { requirePaidBucket, type PayingInput } from "../bucket/requester-pays.ts";
import type { Archived } from "../storage-class/restoration.ts";
import { NULL_VERSION, sequenceOf } from "../version/id.ts";
import {
  findNullVersion,
  findOlderVersion,
  isMarker,
  newestVersion,
  versions,
  type DeleteMarker,
  type StoredVersion,
} from "../version/row.ts";

/** One version of one object: the current one, in the order `CURRENT`, or one that lies among the `versions` of its key. */
export interface StoredObject extends Annotated, Metadata, Archived, Owned, Locked, Replicated {
  readonly bucket: string;
  readonly key: string;
  readonly order: number;
  /** Absent: the version `null`, as all are of buckets that never had versioning. */
  readonly versionId?: string | undefined;
  /** Its place among the versions of its key, the newer the greater; where left out, as `modifiedAtMs` has it. */
  readonly sequence?: number | undefined;
  /** Since when it is not the newest version. */
  readonly noncurrentAtMs?: number | undefined;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Whole seconds, as HTTP dates are. */
  readonly modifiedAtMs: number;
  readonly checksum: StoredChecksum;
  /** Under keys of S3's own where left out. */
  readonly encryption?: Encryption | undefined;
  readonly body: Body;
  /** The upload that it was made of, so that completing it again answers as before. */
  readonly uploadId?: string;
  readonly tags: Tags;
}

export const CURRENT = 0;

export const objects = table<StoredObject>("s3.object", "global", ({ bucket, key, order }) => [bucket, key, order]);

/** The members by which an operation names the object it means. */
export interface ObjectInput extends PayingInput {
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

/** The current version. */
export const findObject = (
  { Bucket, Key }: ObjectInput,
  { tx }: Pick<Context, "tx">,
): Promise<StoredObject | undefined> => tx.get(objects, Bucket, Key, CURRENT);

/**
 * The version that a call means, be it a delete marker: the newest where it names none.
 *
 * @throws {AwsError} `InvalidArgument` where the id is none.
 */
export async function findVersion(
  input: ObjectInput,
  { versioning }: Pick<Bucket, "versioning">,
  context: Pick<Context, "tx">,
): Promise<StoredVersion | undefined> {
  const { Bucket: bucket, Key: key, VersionId: versionId } = input;
  requireVersionId(versionId);
  const current = await findObject(input, context);
  if (versionId === undefined) return current ?? (versioning && newestVersion({ bucket, key }, context));
  if (current && (current.versionId ?? NULL_VERSION) === versionId) return current;
  if (versioning === undefined) return undefined;
  if (versionId === NULL_VERSION) return findNullVersion({ bucket, key }, context);
  return findOlderVersion({ bucket, key, versionId }, context);
}

/** The same, where it is an object. */
export async function findExisting(
  input: ObjectInput,
  bucket: Bucket,
  context: Pick<Context, "tx">,
): Promise<StoredObject | undefined> {
  const found = await findVersion(input, bucket, context);
  return found && isMarker(found) ? undefined : found;
}

/**
 * The version that a read means. That it does not exist is told only to who may list the bucket. Where the newest is a
 * delete marker there is no object, but a delete marker that is named itself is refused as one.
 *
 * @throws {AwsError} `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed`; `AccessDenied`
 */
export async function requireObject(input: ObjectInput, bucket: Bucket, context: Context): Promise<StoredObject> {
  const { Key: key, VersionId: versionId } = input;
  const found = await findVersion(input, bucket, context);
  if (found && !isMarker(found)) return found;
  if (found && versionId !== undefined) throw deleteMarkerMet("GET", found);
  await context.require(onBucket("s3:ListBucket", bucket, context, { "s3:prefix": key }));
  if (versionId !== undefined && versionId !== NULL_VERSION) throw noSuchVersion({ key, versionId });
  throw noSuchKey(key, found && markerHeaders(found));
}

/**
 * The version that a call means to read or change something of that only objects have: a delete marker is refused as
 * one, whether it is named or the newest.
 *
 * @throws {AwsError} as `requireObject` does
 */
export async function requireNoMarker(
  method: "GET" | "PUT" | "POST" | "DELETE",
  input: ObjectInput,
  { bucket, context }: { readonly bucket: Bucket; readonly context: Context },
): Promise<StoredObject> {
  const found = await findVersion(input, bucket, context);
  if (found && isMarker(found)) throw deleteMarkerMet(method, found);
  return found ?? requireObject(input, bucket, context);
}

/** What is told of a delete marker beside that there is no object. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
const markerHeaders = ({ versionId = NULL_VERSION }: DeleteMarker) => ({
  "x-amz-delete-marker": "true",
  "x-amz-version-id": versionId,
});

function deleteMarkerMet(method: string, marker: DeleteMarker) {
  const lastModified = new Date(marker.modifiedAtMs).toUTCString();
  return deleteMarkerNotAllowed(method, { ...markerHeaders(marker), "last-modified": lastModified });
}

/** Puts a version again, with something changed of it, where it lies. */
export function rewriteObject(object: StoredObject, { tx }: Pick<Context, "tx">): void {
  if (object.order === CURRENT) tx.put(objects, object);
  else tx.put(versions, object);
}

/** How a version is named in a bucket that has versions. */
export const versionIdOf = (
  { versionId = NULL_VERSION }: Pick<StoredVersion, "versionId">,
  { versioning }: Pick<Bucket, "versioning">,
): string | undefined => versioning && versionId;

export const isVersionId = (text: string): boolean => text === NULL_VERSION || sequenceOf(text) !== undefined;

/** @throws {AwsError} `InvalidArgument` where the id is none. */
function requireVersionId(versionId: string | undefined): void {
  if (versionId === undefined || isVersionId(versionId)) return;
  const message = versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified";
  throw invalidArgument(message, { name: "versionId", value: versionId });
}

/** A question about an existing object: its tags are conditions. */
export async function askForObject(
  action: string,
  input: ObjectInput & KeyedInput,
  context: Context,
): Promise<ReturnType<typeof onObject>> {
  const bucket = await requirePaidBucket(input, context);
  const existing = await findExisting(input, bucket, context);
  const access = onObject(action, context, { bucket, key: input.Key, input, existing, existingTags: existing?.tags });
  return existing === undefined ? askedOfNothing(access, bucket, context) : access;
}

/**
 * No list says anything of what is not there: that it is not, who may list the bucket is told.
 * Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_cors_origin_response: 404 where the bucket's list lets anybody read)
 */
function askedOfNothing(access: Access, bucket: Bucket, context: Context): Access {
  if (bucket.acl === undefined) return access;
  const { grants } = onBucket("s3:ListBucket", bucket, context);
  return grants === undefined ? access : { ...access, grants };
}

/** @throws {AwsError} `KeyTooLongError` */
export function requireKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > KEY_BYTES_MAX) throw keyTooLong(size, KEY_BYTES_MAX);
}
