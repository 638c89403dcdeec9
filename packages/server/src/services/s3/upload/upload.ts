/**
 * Multi-part uploads: beginning, listing and giving up.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
import type { MultipartUpload } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import { onBucket, requireSomebody } from "../access.ts";
import { newObjectAccess } from "../acl/rules.ts";
import { ownerOfObject } from "../acl/decision.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { requireAlgorithm, requireChecksumType, USUAL_ALGORITHM } from "../body/checksum.ts";
import { ENCODING_TYPE, requireChoice } from "../choice.ts";
import { formatEncryption, startEncryption } from "../encryption/encryption.ts";
import { invalidArgument, invalidRequest, preconditionFailed } from "../errors.ts";
import { walkKeys, type Entry, type Place } from "../listing/key-walk.ts";
import { operation } from "../kit.ts";
import { noticeOfAbort } from "../lifecycle/expiry-notice.ts";
import { isAsleep, wake } from "../lifecycle/wake.ts";
import { PART_NUMBER_MAX } from "../limits.ts";
import { toLock } from "../lock/requested.ts";
import { toMetadata } from "../object/metadata.ts";
import { requireKey } from "../object/object.ts";
import { formatFolders, limitOf, split } from "../listing/object.ts";
import { askToWrite } from "../object/write.ts";
import { ownerOf } from "../acl/owner.ts";
import { storageClassOf, toStorageClass } from "../storage-class/storage-class.ts";
import { parseTagging } from "../tagging/set.ts";
import { askAboutUpload, formatInitiator, initiatorOf } from "./access.ts";
import { isUploadIdOf, newUploadId } from "./id.ts";
import { startedOver } from "./conflict.ts";
import { parts, partsOf, requireUpload, uploads, type Upload } from "./row.ts";
import { spellingOf, type Spelling } from "../listing/url-encoding.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";

export const createMultipartUpload = operation("CreateMultipartUpload", {
  callers: "open",

  async authorize(input, context) {
    requireSomebody(context, "initiate multipart uploads");
    const bucket = await requirePaidBucket(input, context);
    return askToWrite(input, { bucket, newTags: parseTagging(input.Tagging) }, context);
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const access = newObjectAccess(input, bucket, context);
    requireKey(input.Key);
    const { Bucket, Key } = input;
    const checksum = checksumOf(input);
    const { encryption } = await startEncryption(input, { bucket, key: Key }, context);
    const startedAtMs = context.now().getTime();
    const id = await newUploadId({ bucket: Bucket, key: Key }, context);
    context.tx.put(uploads, {
      bucket: Bucket,
      key: Key,
      id,
      startedAtMs,
      initiator: initiatorOf(context.principal),
      checksum,
      encryption,
      tags: parseTagging(input.Tagging) ?? {},
      ...toMetadata(input),
      ...toStorageClass(input.StorageClass),
      ...toLock(input, bucket, context),
      ...(await startedOver(input, context)),
      ...access,
    });
    if (isAsleep(bucket)) await wake(bucket.name, context);
    const notice = bucket.lifecycle && (await noticeOfAbort({ key: Key, startedAtMs }, bucket, context));
    return {
      Bucket,
      Key,
      UploadId: id,
      ...notice,
      ...formatEncryption(encryption),
      ...(checksum.chosen && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      ...chargeOf(bucket, context),
    };
  },
});

/**
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html (which types each algorithm has)
 *
 * @throws {AwsError} `InvalidRequest`
 */
function checksumOf(input: {
  readonly ChecksumAlgorithm?: string | undefined;
  readonly ChecksumType?: string | undefined;
}): Upload["checksum"] {
  const { ChecksumAlgorithm: name } = input;
  const type = input.ChecksumType === undefined ? undefined : requireChecksumType(input.ChecksumType);
  if (name === undefined) {
    if (type !== undefined) {
      throw invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    }
    return { algorithm: USUAL_ALGORITHM, type: "FULL_OBJECT", chosen: false };
  }
  const algorithm = requireAlgorithm(name);
  const usual = algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
  const chosen = type ?? usual;
  if (
    (chosen === "COMPOSITE" && algorithm === "CRC64NVME") ||
    (chosen === "FULL_OBJECT" && !algorithm.startsWith("CRC"))
  ) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: chosen, chosen: true };
}

export const abortMultipartUpload = operation("AbortMultipartUpload", {
  callers: "open",

  authorize: (input, context) => askAboutUpload("s3:AbortMultipartUpload", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const upload = await requireUpload(input, context);
    const { IfMatchInitiatedTime: expected } = input;
    if (expected && Math.floor(expected.getTime() / 1000) !== Math.floor(upload.startedAtMs / 1000)) {
      throw preconditionFailed("x-amz-if-match-initiated-time");
    }
    await endUpload(upload, context);
    return chargeOf(bucket, context);
  },
});

/** Removes an upload with the parts it still has; the blobs of those in `taken` live on. */
export async function endUpload(
  upload: Upload,
  context: Context,
  taken: ReadonlySet<number> = new Set(),
): Promise<void> {
  for (const part of await partsOf(upload, context, PART_NUMBER_MAX)) {
    if (!taken.has(part.number)) context.blobs.drop(part.blob);
    context.tx.delete(parts, upload.id, part.number);
  }
  context.tx.delete(uploads, upload.bucket, upload.key, upload.id);
}

export const listMultipartUploads = operation("ListMultipartUploads", {
  callers: "open",

  authorize: async (input, context) =>
    onBucket("s3:ListBucketMultipartUploads", await requirePaidBucket(input, context), context, {
      "s3:prefix": input.Prefix,
      "s3:delimiter": input.Delimiter,
    }),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { Prefix: prefix = "", Delimiter: delimiter, KeyMarker, UploadIdMarker, EncodingType } = input;
    requireChoice(EncodingType, ENCODING_TYPE);
    const limit = limitOf("max-uploads", input.MaxUploads);
    const walk = { table: uploads, bucket: bucket.name, prefix, delimiter, after: startOf(input), limit };
    const { entries, more } = limit === 0 ? { entries: [], more: false } : await walkKeys(context.tx, walk);
    const { rows, folders } = split(entries);
    const spell = spellingOf(EncodingType);
    return {
      Bucket: bucket.name,
      KeyMarker: spell(KeyMarker ?? ""),
      UploadIdMarker: (KeyMarker && UploadIdMarker) || "",
      ...formatNext(entries.at(-1), { more, spell }),
      // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json (test_list_multiparts_next_marker)
      Prefix: input.Prefix === undefined ? undefined : spell(prefix),
      Delimiter: delimiter ? spell(delimiter) : undefined,
      EncodingType: EncodingType === "url" ? ("url" as const) : undefined,
      MaxUploads: limit,
      IsTruncated: more,
      Uploads: rows.map((upload) => formatUpload(upload, { spell, bucket })),
      CommonPrefixes: formatFolders(folders, spell),
      ...chargeOf(bucket, context),
    };
  },
});

/**
 * An upload's id counts as a marker only with the key it belongs to.
 *
 * @throws {AwsError} `InvalidArgument` where it is another's.
 */
function startOf(input: {
  readonly Bucket: string;
  readonly KeyMarker?: string | undefined;
  readonly UploadIdMarker?: string | undefined;
}): Place | undefined {
  const { Bucket: bucket, KeyMarker: key, UploadIdMarker: id } = input;
  if (!key) return undefined;
  if (!id) return { kind: "key", key };
  if (!isUploadIdOf({ bucket, key }, id)) {
    throw invalidArgument("Invalid uploadId marker", { name: "upload-id-marker", value: id });
  }
  return { kind: "row", key, rest: [id] };
}

function formatNext(
  last: Entry<Upload> | undefined,
  { more, spell }: { readonly more: boolean; readonly spell: Spelling },
) {
  if (last?.kind === "row") return { NextKeyMarker: spell(last.key), NextUploadIdMarker: last.row.id };
  // Differs: AWS leaves the marker of a page that ends with a folder empty, and nobody can go on from there
  return { NextKeyMarker: more && last ? spell(last.prefix) : "", NextUploadIdMarker: "" };
}

const formatUpload = (
  upload: Upload,
  { spell, bucket }: { readonly spell: Spelling; readonly bucket: Bucket },
): MultipartUpload => ({
  Key: spell(upload.key),
  UploadId: upload.id,
  Initiated: new Date(upload.startedAtMs),
  StorageClass: storageClassOf(upload),
  Owner: ownerOf(ownerOfObject(upload, bucket)),
  Initiator: formatInitiator(upload),
  ...(upload.checksum.chosen && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
});
