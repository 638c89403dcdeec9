/**
 * Putting, reading and deleting annotations of objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html
 */
import { isUtf8 } from "node:buffer";
import { collectAtMost, held } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { algorithmOf, claimedChecksum, formatChecksum } from "../body/checksum.ts";
import { matches } from "../object/conditions.ts";
import { formatEncryption, openEncryption } from "../encryption/encryption.ts";
import { operationAborted, preconditionFailed } from "../errors.ts";
import { takeIn } from "../body/intake.ts";
import { operation, streaming } from "../kit.ts";
import { ANNOTATION_BYTES_MAX, ANNOTATION_NAME_BYTES_MAX, ANNOTATIONS_PER_OBJECT_MAX } from "../limits.ts";
import { requireRemovable } from "../lock/protection.ts";
import { announce } from "../object/change.ts";
import {
  askForObject,
  requireNoMarker,
  requireObject,
  rewriteObject,
  versionIdOf,
  type ObjectInput,
  type StoredObject,
} from "../object/object.ts";
import { quote } from "../object/write.ts";
import { chargeOf } from "../bucket/requester-pays.ts";
import {
  annotationLimitExceeded,
  annotationNameTooLong,
  annotationNotText,
  annotationSizeWrong,
  annotationsNotTaken,
  invalidAnnotationName,
  noSuchAnnotation,
} from "./errors.ts";
import { annotations, type Annotation } from "./row.ts";

interface AnnotationInput extends ObjectInput {
  readonly AnnotationName: string;
  readonly ObjectIfMatch?: string | undefined;
}

const action = (verb: "Put" | "Get" | "Delete", { VersionId }: ObjectInput): string =>
  `s3:${verb}Object${VersionId === undefined ? "" : "Version"}Annotation`;

export const putObjectAnnotation = streaming("PutObjectAnnotation", {
  authorize: (input, context) => askForObject(action("Put", input), input, context),

  async receive(input, context) {
    const bucket = await requireBucket(input, context);
    requireName(input.AnnotationName);
    const { headers, body, trailers } = context.request;
    const claim = claimedChecksum(input, headers);
    const object = await requireTarget("PUT", input, { bucket, context });
    if (object.encryption?.kind === "SSE-C") throw annotationsNotTaken();
    const secret = await openEncryption({ ...object, region: bucket.region }, {}, context);
    const bytes = await collectAtMost(body, ANNOTATION_BYTES_MAX);
    if (!bytes || bytes.byteLength === 0) throw annotationSizeWrong();
    if (!isUtf8(bytes)) throw annotationNotText();
    const measure = { algorithm: algorithmOf(claim), bytes: bytes.byteLength, claim, contentMd5: input.ContentMD5 };
    return { was: object, taken: await takeIn(held(bytes), { ...measure, trailers, secret }, context.blobs) };
  },

  async handle(input, context, { was, taken }) {
    const bucket = await requireBucket(input, context);
    const object = await requireTarget("PUT", input, { bucket, context });
    if (JSON.stringify(object.encryption) !== JSON.stringify(was.encryption)) throw operationAborted();
    const { anchor = context.newId(), count = 0 } = object.annotations ?? {};
    const earlier = await context.tx.get(annotations, anchor, input.AnnotationName);
    if (!earlier && count >= ANNOTATIONS_PER_OBJECT_MAX) throw annotationLimitExceeded();
    if (earlier) context.blobs.drop(earlier.blob);
    else rewriteObject({ ...object, annotations: { anchor, count: count + 1 } }, context);
    context.blobs.keep(taken.blob);
    const annotation: Annotation = {
      anchor,
      name: input.AnnotationName,
      size: taken.size,
      etag: taken.md5,
      modifiedAtMs: context.now().getTime(),
      checksum: taken.checksum,
      blob: taken.blob,
    };
    context.tx.put(annotations, annotation);
    await announce({ kind: "ObjectAnnotation:Put", bucket, version: object }, context);
    return {
      Key: object.key,
      AnnotationName: annotation.name,
      ...formatOwner(object, bucket),
      ...formatAnnotation(annotation),
      ...chargeOf(bucket, context),
    };
  },
});

/** @throws {AwsError} `InvalidAnnotationName`, `AnnotationNameTooLong` */
function requireName(name: string): void {
  if (Buffer.byteLength(name) > ANNOTATION_NAME_BYTES_MAX) throw annotationNameTooLong();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html (cannot start with aws or s3)
  if (name === "" || /^(?:aws|s3)/i.test(name)) throw invalidAnnotationName();
}

/** @throws {AwsError} as `requireNoMarker` does; `PreconditionFailed` */
async function requireTarget(
  method: "PUT" | "DELETE",
  input: AnnotationInput,
  place: { readonly bucket: Bucket; readonly context: Context },
): Promise<StoredObject> {
  const object = await requireNoMarker(method, input, place);
  const { ObjectIfMatch: expected } = input;
  if (expected !== undefined && !matches(expected, object.etag)) throw preconditionFailed("x-amz-object-if-match");
  return object;
}

const formatOwner = (object: StoredObject, bucket: Bucket) => ({
  ObjectVersionId: versionIdOf(object, bucket),
  ServerSideEncryption: formatEncryption(object.encryption).ServerSideEncryption,
});

const formatAnnotation = ({ etag, checksum }: Annotation) => ({
  ETag: quote(etag),
  ...formatChecksum(checksum),
  ChecksumType: "FULL_OBJECT" as const,
});

export const getObjectAnnotation = operation("GetObjectAnnotation", {
  authorize: (input, context) => askForObject(action("Get", input), input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const object = await requireObject(input, bucket, context);
    const { anchor = "" } = object.annotations ?? {};
    const annotation = await context.tx.get(annotations, anchor, input.AnnotationName);
    if (!annotation) throw noSuchAnnotation(input.AnnotationName);
    const secret = await openEncryption({ ...object, region: bucket.region }, {}, context);
    const { size, modifiedAtMs, etag, blob } = annotation;
    return {
      AnnotationPayload: context.blobs.read(blob, undefined, secret),
      ContentLength: size,
      LastModified: new Date(modifiedAtMs),
      ...formatOwner(object, bucket),
      ...(input.ChecksumMode === "ENABLED" ? formatAnnotation(annotation) : { ETag: quote(etag) }),
      ...chargeOf(bucket, context),
    };
  },
});

export const deleteObjectAnnotation = operation("DeleteObjectAnnotation", {
  authorize: (input, context) => askForObject(action("Delete", input), input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const object = await requireTarget("DELETE", input, { bucket, context });
    const BypassGovernanceRetention = context.request.headers["x-amz-bypass-governance-retention"] === "true";
    await requireRemovable(object, { bucket, BypassGovernanceRetention }, context);
    const { anchor = "", count = 0 } = object.annotations ?? {};
    const annotation = await context.tx.get(annotations, anchor, input.AnnotationName);
    if (annotation) {
      context.blobs.drop(annotation.blob);
      context.tx.delete(annotations, anchor, annotation.name);
      rewriteObject({ ...object, annotations: { anchor, count: count - 1 } }, context);
      await announce({ kind: "ObjectAnnotation:Delete", bucket, version: object }, context);
    }
    return { ObjectVersionId: versionIdOf(object, bucket), ...chargeOf(bucket, context) };
  },
});
