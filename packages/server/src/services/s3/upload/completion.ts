/**
 * Making an object out of the parts of an upload. Their bytes stay where they are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
import { createHash } from "node:crypto";
import type { CompletedPart, CompleteMultipartUploadRequest } from "@aws-sdk/client-s3";
import { assert } from "../../../kernel/assert.ts";
import { combineCrc, startChecksum, type ChecksumAlgorithm, type CrcAlgorithm } from "../../../kernel/checksum.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { piecesOf } from "../body/body.ts";
import { requireBucket } from "../bucket/row.ts";
import { ownedAs } from "../acl/decision.ts";
import { partChecksum, requireChecksumType, statedChecksum, type StoredChecksum } from "../body/checksum.ts";
import {
  badChecksum,
  badPartChecksum,
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  malformedXml,
  noSuchUpload,
} from "../errors.ts";
import { requireWritable } from "../object/conditions.ts";
import { formatEncryption, refuseEncryptionHeader, requireUploadKey } from "../encryption/encryption.ts";
import type { Sum } from "../body/intake.ts";
import { requireContentMd5 } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { noticeOfExpiry } from "../lifecycle/expiry-notice.ts";
import { PART_BYTES_MIN, PART_NUMBER_MAX } from "../limits.ts";
import { metadataOf } from "../object/metadata.ts";
import { findObject, type StoredObject } from "../object/object.ts";
import { askToWrite, formatStored, quote, storeObject } from "../object/write.ts";
import { requireNoConflict } from "./conflict.ts";
import { endUpload } from "./upload.ts";
import { partsOf, requireUpload, type Part, type Upload } from "./row.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";

type CompleteInput = Validated<CompleteMultipartUploadRequest>;

export const completeMultipartUpload = operation("CompleteMultipartUpload", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const { Bucket, Key, IfMatch, IfNoneMatch } = input;
    return askToWrite({ Bucket, Key, IfMatch, IfNoneMatch }, { bucket, newTags: undefined }, context);
  },

  async handle(input, context) {
    refuseEncryptionHeader(context);
    const bucket = await requireBucket(input, context);
    const { Bucket, Key, UploadId: uploadId } = input;
    const place = { Location: locationOf(input, context), Bucket, Key, ...chargeOf(bucket, context) };
    const done = await findObject(input, context);
    await requireContentMd5(context.request);
    if (done?.uploadId === uploadId) {
      await requireSameParts(input, done, context);
      // Source: https://github.com/adobe/S3Mock/blob/main/integration-tests/src/test/kotlin/com/adobe/testing/s3mock/its/MultipartIT.kt (seen on S3)
      return { ...place, ...formatStored(done), ChecksumType: undefined };
    }
    const upload = await requireUpload(input, context);
    requireUploadKey(upload, input);
    requireSameType(input, upload);
    const chosen = await chooseParts(input, upload, context);
    const size = chosen.reduce((sum, part) => sum + part.size, 0);
    requireObjectSize(input.MpuObjectSize, size, context);
    const checksum = await checksumOf(upload, chosen);
    requireStatedChecksum(input, upload, checksum);
    requireWritable(input, done, Key);
    requireNoConflict(input, upload, done);
    await endUpload(upload, context, new Set(chosen.map(({ number }) => number)));
    const object = await storeObject(
      {
        kind: "ObjectCreated:CompleteMultipartUpload",
        bucket,
        place: input,
        etag: etagOf(chosen),
        size,
        checksum,
        encryption: upload.encryption,
        pieces: chosen.map(({ blob, number, etag, checksum: sum }) => ({
          blob,
          part: { number, etag, checksum: sum },
        })),
        metadata: metadataOf(upload),
        tags: upload.tags,
        storageClass: upload.storageClass,
        retention: upload.retention,
        legalHold: upload.legalHold,
        ...ownedAs(upload),
        uploadId,
      },
      context,
    );
    const notice = bucket.lifecycle && (await noticeOfExpiry(object, bucket, context));
    return { ...place, ...formatCompleted(object, upload), ...notice };
  },
});

/**
 * Of a body under a key that is not S3's own, an upload that chose no algorithm tells no checksum.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_multipart_upload_sse, test_multipart_upload_sse_c)
 */
function formatCompleted(object: StoredObject, { checksum, encryption }: Upload) {
  if (checksum.chosen || encryption.kind === "AES256") return formatStored(object);
  return { ETag: quote(object.etag), VersionId: object.versionId, ...formatEncryption(encryption) };
}

/**
 * The parts that the object is made of, as the caller lists them.
 *
 * @throws {AwsError} `MalformedXML`, `InvalidPartOrder`, `InvalidPart`, `BadDigest`, `EntityTooSmall`, `InvalidRequest`
 */
async function chooseParts(input: CompleteInput, upload: Upload, context: Context): Promise<readonly Part[]> {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_complete_multipart_too_small)
  if (input.MultipartUpload === undefined) throw invalidRequest("You must specify at least one part");
  const listed = input.MultipartUpload.Parts ?? [];
  if (listed.length === 0 || listed.length > PART_NUMBER_MAX) throw malformedXml();
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_object_checksums.py (run against S3)
  if (listed.some(({ ETag }) => ETag === undefined)) throw malformedXml();
  requireOrder(listed, upload);
  const uploaded = new Map((await partsOf(upload, context, PART_NUMBER_MAX)).map((part) => [part.number, part]));
  const chosen = listed.map((entry) => choose(entry, upload, uploaded));
  const small = chosen.slice(0, -1).find(({ size }) => size < PART_BYTES_MIN);
  if (small) throw entityTooSmall({ ...small, min: PART_BYTES_MIN });
  return chosen;
}

/**
 * An upload that is complete may be completed again as it was, and no other way.
 * Source: https://github.com/openstack/swift/blob/master/test/s3api/test_conditional_writes.py (run against S3)
 *
 * @throws {AwsError} `NoSuchUpload`
 */
async function requireSameParts(input: CompleteInput, done: StoredObject, context: Context): Promise<void> {
  const listed = (input.MultipartUpload?.Parts ?? []).map(({ PartNumber }) => PartNumber);
  const parts = (await piecesOf(done.body, context)).map(({ part }) => part?.number);
  if (listed.length > 0 && listed.join() !== parts.join()) throw noSuchUpload(input.UploadId);
}

function requireOrder(listed: readonly Validated<CompletedPart>[], { id }: Upload): void {
  let before = 0;
  for (const { PartNumber } of listed) {
    // Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3)
    if (PartNumber === undefined) throw malformedXml();
    if (PartNumber < 1)
      throw invalidArgument("PartNumber must be >= 1", { name: "PartNumber", value: String(PartNumber) });
    if (PartNumber <= before) throw invalidPartOrder(id);
    before = PartNumber;
  }
}

function choose(entry: Validated<CompletedPart>, upload: Upload, uploaded: ReadonlyMap<number, Part>): Part {
  const { PartNumber: number = 0, ETag = "" } = entry;
  const etag = ETag.replaceAll('"', "");
  const part = uploaded.get(number);
  const stated = partChecksum(entry);
  if (upload.checksum.chosen) requireStatedSum(stated, number, upload);
  if (part?.etag !== etag || (stated && !isSumOf(stated, part, upload.checksum.algorithm)))
    throw invalidPart({ uploadId: upload.id, number, etag });
  return part;
}

/** Where the upload chose an algorithm, parts are named with sums by it, and those of a composite with nothing less. */
function requireStatedSum(stated: Sum | undefined, number: number, { checksum: { algorithm, type } }: Upload): void {
  if (stated && stated.algorithm !== algorithm) throw badPartChecksum(stated.algorithm.toLowerCase(), number);
  if (stated || type !== "COMPOSITE") return;
  throw invalidRequest(
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
  );
}

/** By another algorithm nothing is kept of a part, also where it came with such a checksum. */
const isSumOf = ({ algorithm, value }: Sum, { checksum }: Part, kept: ChecksumAlgorithm): boolean =>
  algorithm === kept && value === checksum;

/** Source: https://github.com/versity/versitygw/issues/1398 (what AWS says of one that is no number) */
function requireObjectSize(stated: number | undefined, size: number, { request }: Context): void {
  const sent = request.headers["x-amz-mp-object-size"];
  if (sent !== undefined && /^-\d+$/.test(sent)) {
    throw invalidRequest(`Value for x-amz-mp-object-size header is less than zero: '${sent}'`);
  }
  if (stated === undefined && sent !== undefined) {
    throw invalidRequest(`Value for x-amz-mp-object-size header is invalid: '${sent}'`);
  }
  if (stated === undefined || stated === size) return;
  throw invalidRequest(
    `The provided 'x-amz-mp-object-size' header value ${stated} does not match what was computed: ${size}`,
  );
}

/** The digest of the parts' digests, and how many there were. */
function etagOf(chosen: readonly Part[]): string {
  const hash = createHash("md5");
  for (const { etag } of chosen) hash.update(Buffer.from(etag, "hex"));
  return `${hash.digest("hex")}-${chosen.length}`;
}

async function checksumOf({ checksum: { algorithm, type } }: Upload, chosen: readonly Part[]): Promise<StoredChecksum> {
  if (type === "FULL_OBJECT") return { algorithm, type, value: combined(algorithm, chosen) };
  const sum = await startChecksum(algorithm);
  for (const part of chosen) sum.update(Buffer.from(part.checksum, "base64"));
  return { algorithm, type, value: `${sum.digest()}-${chosen.length}` };
}

function combined(algorithm: ChecksumAlgorithm, chosen: readonly Part[]): string {
  assert(isCrc(algorithm), "only cyclic checksums are combined");
  return chosen
    .map(({ checksum, size }) => ({ checksum, size }))
    .reduce((head, part) => ({
      checksum: combineCrc(algorithm, head.checksum, part.checksum, part.size),
      size: head.size + part.size,
    })).checksum;
}

const isCrc = (algorithm: ChecksumAlgorithm): algorithm is CrcAlgorithm => algorithm.startsWith("CRC");

/** A host that begins with the bucket names it already. */
function locationOf({ Bucket, Key }: CompleteInput, { request: { endpoint } }: Context): string {
  const name = Bucket.toLowerCase();
  const { hostname } = new URL(endpoint);
  const isNamed = hostname.startsWith(`${name}.`) || (hostname === name && name.includes("."));
  const path = Key.split("/").map(encodeURIComponent).join("/");
  return isNamed ? `${endpoint}/${path}` : `${endpoint}/${Bucket}/${path}`;
}

function requireSameType({ ChecksumType }: CompleteInput, { checksum: { type, chosen } }: Upload): void {
  if (ChecksumType === undefined) return;
  if (requireChecksumType(ChecksumType) === type && chosen) return;
  throw invalidRequest(
    `The upload was created using the ${chosen ? type : "null"} checksum mode. The complete request must use the same checksum mode.`,
  );
}

/**
 * What the caller says of the whole: of a full object together with its type, and of an upload that chose no algorithm
 * only what S3 itself keeps.
 */
function requireStatedChecksum(input: CompleteInput, { checksum: { chosen } }: Upload, is: StoredChecksum): void {
  const stated = statedChecksum(input);
  if (!stated || (!chosen && stated.algorithm !== is.algorithm)) return;
  const [sum] = is.value.split("-");
  const isMeant = !chosen || is.type === "COMPOSITE" || input.ChecksumType?.toUpperCase() === is.type;
  if (!isMeant || stated.algorithm !== is.algorithm || (stated.value !== is.value && stated.value !== sum)) {
    throw badChecksum(is.algorithm.toLowerCase());
  }
}
