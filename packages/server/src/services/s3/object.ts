/**
 * Objects: their rows and how they are found.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingObjects.html
 */
import { table } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { onBucket, onObject, type KeyedInput } from "./access.ts";
import type { Body } from "./body.ts";
import type { Bucket } from "./bucket-row.ts";
import type { StoredChecksum } from "./checksum.ts";
import type { Encryption } from "./encryption.ts";
import { invalidArgument, keyTooLong, noSuchKey, noSuchVersion } from "./errors.ts";
import { KEY_BYTES_MAX } from "./limits.ts";
import type { Metadata } from "./metadata.ts";
import { requirePaidBucket, type PayingInput } from "./requester-pays.ts";
import type { Classed } from "./storage-class.ts";

/**
 * One version of one object. The current one has the order `CURRENT`; once there are others, they
 * follow it, the newest first, so that one look finds the current version and one scan all of them.
 */
export interface StoredObject extends Metadata, Classed {
  readonly bucket: string;
  readonly key: string;
  readonly order: number;
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
 * The version that a read means. That it does not exist is told only to who may list the bucket.
 *
 * @throws {AwsError} `NoSuchKey`, `NoSuchVersion`; `AccessDenied`
 */
export async function requireObject(input: ObjectInput, bucket: Bucket, context: Context): Promise<StoredObject> {
  const { Key: key, VersionId: versionId } = input;
  requireVersionId(versionId);
  const found = await findObject(input, context);
  if (found && isNullVersion(versionId)) return found;
  await context.require(onBucket("s3:ListBucket", bucket, context, { "s3:prefix": key }));
  throw isNullVersion(versionId) ? noSuchKey(key) : noSuchVersion({ key, versionId: String(versionId) });
}

/** Without versioning an object's only version is called `null`. */
export const isNullVersion = (versionId: string | undefined): boolean =>
  versionId === undefined || versionId === "null";

/** Version ids are opaque, and yet S3 knows what one looks like. */
const VERSION_ID = /^[A-Za-z0-9._]{32}$/;

/** @throws {AwsError} `InvalidArgument` where the id is none. */
export function requireVersionId(versionId: string | undefined): void {
  if (versionId === undefined || isNullVersion(versionId) || VERSION_ID.test(versionId)) return;
  throw invalidArgument("Invalid version id specified", { name: "versionId", value: versionId });
}

/** A question about an existing object: its tags are conditions. */
export async function askForObject(
  action: string,
  input: ObjectInput & KeyedInput,
  context: Context,
): Promise<ReturnType<typeof onObject>> {
  const bucket = await requirePaidBucket(input, context);
  const existing = await findObject(input, context);
  return onObject(action, context, { bucket, key: input.Key, input, existingTags: existing?.tags });
}

/** @throws {AwsError} `KeyTooLongError` */
export function requireKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > KEY_BYTES_MAX) throw keyTooLong(size, KEY_BYTES_MAX);
}
