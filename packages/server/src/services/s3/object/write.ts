/**
 * Putting objects, and the one way by which any operation stores one.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context, RequestFacts } from "../../../service/context.ts";
import { onObject, type KeyedInput } from "../access.ts";
import { newObjectAccess, newOwner, type AclInput } from "../acl/rules.ts";
import { listsCount, type Owned } from "../acl/decision.ts";
import { asksForAcl } from "../acl/requested.ts";
import type { Annotated } from "../annotation/row.ts";
import { putBody, type Piece } from "../body/body.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { algorithmOf, claimedChecksum, formatChecksum, type StoredChecksum } from "../body/checksum.ts";
import { askToCompare, requireWritable, type WriteConditions } from "./conditions.ts";
import { etagOf, formatEncryption, startEncryption, type Encryption } from "../encryption/encryption.ts";
import { entityTooLarge, missingContentLength, notImplemented } from "../errors.ts";
import { takeIn } from "../body/intake.ts";
import { streaming } from "../kit.ts";
import { noticeOfExpiry } from "../lifecycle/expiry-notice.ts";
import { BODY_BYTES_MAX } from "../limits.ts";
import { withDefault, type Locked } from "../lock/lock.ts";
import { lockActions, lockKeys, requireDigestOfLocked, toLock, type LockInput } from "../lock/requested.ts";
import { toMetadata, type Metadata } from "./metadata.ts";
import { announce, type ObjectChange } from "./change.ts";
import { CURRENT, findObject, objects, requireKey, type ObjectInput, type StoredObject } from "./object.ts";
import { toStorageClass, type Classed } from "../storage-class/storage-class.ts";
import { makeRoom } from "../version/succession.ts";
import { parseTagging } from "../tagging/set.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";

export const putObject = streaming("PutObject", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    return askToWrite(input, { bucket, newTags: parseTagging(input.Tagging) }, context);
  },

  async receive(input, context) {
    const claim = claimedChecksum(input, context.request.headers);
    refuseUnbuilt({ "x-amz-write-offset-bytes": input.WriteOffsetBytes });
    requireKey(input.Key);
    const bytes = requireLength(context.request);
    const metadata = toMetadata(input);
    const { body, trailers } = context.request;
    const bucket = await requireBucket(input, context);
    const kept = { ...toStorageClass(input.StorageClass), ...toLock(input, bucket, context) };
    const hasDigest = claim !== undefined || input.ContentMD5 !== undefined;
    requireDigestOfLocked({ lock: kept, hasDigest, what: "Object" }, bucket);
    const { encryption, secret } = await startEncryption(input, { bucket, key: input.Key }, context);
    const { ContentMD5: contentMd5 } = input;
    const measure = { algorithm: algorithmOf(claim), bytes, claim, contentMd5, isWhole: true, trailers, secret };
    return { metadata, kept, encryption, taken: await takeIn(body, measure, context.blobs) };
  },

  async handle(input, context, { metadata, kept, encryption, taken }) {
    const bucket = await requireBucket(input, context);
    const object = await storeObject(
      {
        ...newObjectAccess(input, bucket, context),
        kind: context.request.isForm === true ? "ObjectCreated:Post" : "ObjectCreated:Put",
        bucket,
        place: input,
        etag: etagOf(taken.md5, encryption, context),
        encryption,
        size: taken.size,
        checksum: { ...taken.checksum, type: "FULL_OBJECT" },
        pieces: [{ blob: taken.blob }],
        metadata,
        ...kept,
        tags: parseTagging(input.Tagging) ?? {},
      },
      context,
    );
    context.blobs.keep(taken.blob);
    const notice = bucket.lifecycle && (await noticeOfExpiry(object, bucket, context));
    return { ...formatStored(object), ...notice, ...chargeOf(bucket, context) };
  },
});

/**
 * A body's size is known before it comes.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList (MissingContentLength)
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html (x-amz-decoded-content-length)
 *
 * @throws {AwsError} `MissingContentLength`, `NotImplemented`, `EntityTooLarge`
 */
export function requireLength({ headers, lengthUnsaid }: Pick<RequestFacts, "headers" | "lengthUnsaid">): number {
  const decoded = headers["x-amz-decoded-content-length"];
  const isFramed = headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true;
  if (lengthUnsaid === true || (isFramed && decoded === undefined)) throw missingContentLength();
  if (!isFramed && headers["transfer-encoding"] !== undefined) throw notImplemented("Transfer-Encoding");
  const size = Number(decoded ?? headers["content-length"] ?? 0);
  if (size > BODY_BYTES_MAX) throw entityTooLarge(size, BODY_BYTES_MAX);
  return size;
}

type WriteInput = ObjectInput & KeyedInput & AclInput & LockInput;

interface WriteAlong {
  readonly bucket: Bucket;
  readonly newTags: Tags | undefined;
  readonly withAnnotations?: boolean;
}

/** What a caller must be allowed to give an object its bytes and, with them, its tags, annotations and list. */
export function askToWrite(
  input: WriteInput,
  { bucket, newTags, withAnnotations }: WriteAlong,
  context: Context,
): Access[] {
  const keys = lockKeys(input, context.now());
  const question = { bucket, key: input.Key, input, newTags, ...(keys && { keys }) };
  const asked = [onObject("s3:PutObject", context, question)];
  if (newTags) asked.push(onObject("s3:PutObjectTagging", context, question));
  if (withAnnotations) asked.push(onObject("s3:PutObjectAnnotation", context, question));
  asked.push(...askToCompare(input, question, context));
  asked.push(...lockActions(input).map((action) => onObject(action, context, question)));
  // what services write, logs and lists, needs no more. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-s3-inventory-1
  if (asksForAcl(input) && context.principal.type !== "service") {
    // whose the object will be may give it a list
    const existing = listsCount(bucket) ? { owner: newOwner(input, bucket, context.principal) } : undefined;
    asked.push(onObject("s3:PutObjectAcl", context, { ...question, existing }));
  }
  return asked;
}

export interface NewObject extends Annotated, Classed, Owned, Locked {
  /** What it is announced as. */
  readonly kind: ObjectChange["kind"];
  readonly bucket: Bucket;
  readonly place: ObjectInput & WriteConditions;
  readonly etag: string;
  readonly size: number;
  readonly checksum: StoredChecksum;
  readonly encryption: Encryption;
  /** Their blobs are kept by the caller. */
  readonly pieces: readonly Piece[];
  readonly metadata: Metadata;
  readonly tags: Tags;
  readonly uploadId?: string;
}

/**
 * Puts `made` in its place, over what is there.
 *
 * @throws {AwsError} where the place's conditions forbid it.
 */
export async function storeObject(made: NewObject, context: Context): Promise<StoredObject> {
  const { kind, bucket, place, pieces, metadata, encryption, ...rest } = made;
  const current = await findObject(place, context);
  requireWritable(place, current, place.Key);
  const object: StoredObject = {
    bucket: bucket.name,
    key: place.Key,
    order: CURRENT,
    ...(await makeRoom({ bucket, key: place.Key, current }, context)),
    modifiedAtMs: Math.floor(context.now().getTime() / 1000) * 1000,
    body: putBody(pieces, context),
    ...metadata,
    ...rest,
    ...(bucket.objectLock && withDefault(rest, bucket.objectLock, context.now())),
    ...(encryption.kind !== "AES256" && { encryption }),
  };
  context.tx.put(objects, object);
  await announce({ kind, bucket, version: object }, context);
  return object;
}

/** How a write is answered. That it made a version `null` is not said. */
export const formatStored = ({
  etag,
  checksum,
  encryption,
  versionId,
}: Pick<StoredObject, "etag" | "checksum" | "encryption" | "versionId">) => ({
  ETag: quote(etag),
  VersionId: versionId,
  ...formatChecksum(checksum),
  ChecksumType: checksum.type,
  ...formatEncryption(encryption),
});

export const quote = (etag: string): string => `"${etag}"`;
