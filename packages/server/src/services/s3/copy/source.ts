/**
 * What is copied: where it lies, whether it may be read, and on what conditions.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)
 */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import { contextOfSource } from "../access-point/passage.ts";
import { buckets, logAccess, requireOwner, type Bucket } from "../bucket/row.ts";
import { requireCopyable } from "../object/conditions.ts";
import { sourceKeyOf, type SourceKeyInput } from "../encryption/customer-key.ts";
import { openEncryption } from "../encryption/encryption.ts";
import { invalidArgument, invalidRequest, noSuchBucket, sourceNotInActiveTier } from "../errors.ts";
import { copyOfMarker } from "../version/errors.ts";
import { BODY_BYTES_MAX } from "../limits.ts";
import { findExisting, findVersion, requireObject, type ObjectInput, type StoredObject } from "../object/object.ts";
import { requirePayer } from "../bucket/requester-pays.ts";
import { NULL_VERSION } from "../version/id.ts";
import { isMarker } from "../version/row.ts";
import { isReadable } from "../storage-class/restoration.ts";

export interface CopySourceInput {
  readonly CopySource: string;
  readonly ExpectedSourceBucketOwner?: string | undefined;
  readonly RequestPayer?: string | undefined;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

/**
 * `bucket/key`, encoded as forms are, the slash too where a client likes, with an optional `?versionId=…`.
 * An endpoint before it is no part of it.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (seen on AWS: test_response_structure, test_copy_object_special_character_plus_for_space)
 *
 * @throws {AwsError} `InvalidArgument`
 */
export function parseCopySource(header: string): ObjectInput {
  const [, place = "", VersionId] = /^(?:https?:\/\/[^/]*)?(.*?)(?:\?versionId=([^?]*))?$/s.exec(header) ?? [];
  const decoded = decode(place);
  if (decoded === undefined) throw badPart("encoding", header);
  const [, Bucket, Key] = /^\/?([^/?]+)\/(.+)$/s.exec(decoded) ?? [];
  if (Bucket === undefined || Key === undefined) throw badSource();
  if (!BUCKET_SHAPE.test(Bucket)) throw badPart("bucket name", header);
  return { Bucket, Key, VersionId };
}

/**
 * What the answer says of the version that was copied: a version `null` goes by its name where it was asked for by it.
 * Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/versioning/objectPutCopyPart.js (run against AWS)
 */
export const copiedVersionOf = (
  { CopySource }: Pick<CopySourceInput, "CopySource">,
  { versionId }: StoredObject,
): string | undefined =>
  versionId ?? (parseCopySource(CopySource).VersionId === NULL_VERSION ? NULL_VERSION : undefined);

/** As loose as names of buckets ever were, and those of access points. */
const BUCKET_SHAPE = /^(?:arn:.*|(?!\d+\.\d+\.\d+\.\d+$)[\w.-]+)$/s;

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Source: https://github.com/versity/versitygw/blob/main/tests/integration/CopyObject.go (seen on S3) */
const badPart = (part: string, value: string) =>
  invalidArgument(`Invalid copy source ${part}`, { name: "x-amz-copy-source", value });

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_copy_object_wrong_format, recorded: the name stands for the value as well) */
const badSource = () =>
  invalidArgument("Invalid copy source object key", { name: "x-amz-copy-source", value: "x-amz-copy-source" });

/** The source's bucket may lie in any region. */
async function requireSourceBucket(input: CopySourceInput, { tx }: Pick<Context, "tx">): Promise<Bucket> {
  const { Bucket: name } = parseCopySource(input.CopySource);
  const bucket = await tx.get(buckets, name);
  if (!bucket) throw noSuchBucket(name);
  requireOwner(bucket, input.ExpectedSourceBucketOwner);
  return bucket;
}

/** The source as far as it is there to be asked about. */
export async function findSource(
  input: CopySourceInput,
  context: Pick<Context, "tx">,
): Promise<StoredObject | undefined> {
  return findExisting(parseCopySource(input.CopySource), await requireSourceBucket(input, context), context);
}

/** What comes along with the bytes. */
interface Along {
  readonly tags?: boolean;
  readonly annotations?: boolean;
}

/** What the caller must be allowed to do to the source: to read it and what comes along, as far as it has such. */
export async function askToCopyFrom(input: CopySourceInput, along: Along, context: Context): Promise<Access[]> {
  const source = parseCopySource(input.CopySource);
  const bucket = await requireSourceBucket(input, context);
  if (bucket.logging !== undefined) await logAccess(bucket, source.Key, context);
  requirePayer(bucket, input, context);
  const found = await findExisting(source, bucket, context);
  const version = source.VersionId === undefined ? "" : "Version";
  const question = {
    bucket,
    key: source.Key,
    input: { VersionId: source.VersionId },
    existing: found,
    existingTags: found?.tags,
  };
  const actions = [`s3:GetObject${version}`];
  if (along.tags && found && Object.keys(found.tags).length > 0) actions.push(`s3:GetObject${version}Tagging`);
  if (along.annotations && found?.annotations) actions.push(`s3:GetObject${version}Annotation`);
  return actions.map((action) => onObject(action, contextOfSource(context), question));
}

/** The secret that the source's body was encrypted under, for who may use its key. */
export async function openSource(
  source: StoredObject,
  input: CopySourceInput & SourceKeyInput,
  context: Context,
): Promise<Uint8Array | undefined> {
  requireActive(source, context);
  const { region } = await requireSourceBucket(input, context);
  return openEncryption({ ...source, region }, sourceKeyOf(input), context);
}

/** @throws {AwsError} `ObjectNotInActiveTierError` */
function requireActive(source: StoredObject, context: Context): void {
  if (!isReadable(source, context)) throw sourceNotInActiveTier();
}

/** @throws {AwsError} where the source is not there, too large for one copy, or not as the conditions want it. */
export async function requireSource(input: CopySourceInput, context: Context): Promise<StoredObject> {
  const bucket = await requireSourceBucket(input, context);
  const place = parseCopySource(input.CopySource);
  await refuseMarker(place, bucket, context);
  const source = await requireObject(place, bucket, context);
  const conditions = {
    ifMatch: input.CopySourceIfMatch,
    ifNoneMatch: input.CopySourceIfNoneMatch,
    ifModifiedSince: input.CopySourceIfModifiedSince,
    ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  requireCopyable(conditions, source, context.now());
  requireActive(source, context);
  return source;
}

async function refuseMarker(place: ObjectInput, bucket: Bucket, context: Context): Promise<void> {
  if (place.VersionId === undefined) return;
  const found = await findVersion(place, bucket, context);
  if (found && isMarker(found)) throw copyOfMarker();
}

/** @throws {AwsError} `InvalidRequest` */
export function requireCopySize(size: number): void {
  if (size <= BODY_BYTES_MAX) return;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${BODY_BYTES_MAX}`,
  );
}
