/**
 * Parts of multi-part uploads: taken in, copied from objects, listed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
 */
import type { Context } from "../../../service/context.ts";
import { piecesOf, readPieces } from "../body/body.ts";
import { ownerOfObject } from "../acl/decision.ts";
import { requireBucket } from "../bucket/row.ts";
import { parseCopyRange } from "../body/byte-range.ts";
import { claimedChecksum, formatChecksum, type ClaimedChecksum } from "../body/checksum.ts";
import { askToCopyFrom, copiedVersionOf, openSource, requireCopySize, requireSource } from "../copy/source.ts";
import { etagOf, formatEncryption, openUpload } from "../encryption/encryption.ts";
import { invalidRequest } from "../errors.ts";
import { takeIn, type TakenBody } from "../body/intake.ts";
import { operation, streaming } from "../kit.ts";
import { noticeOfAbort } from "../lifecycle/expiry-notice.ts";
import { requireDigestOfLocked } from "../lock/requested.ts";
import { limitOf, requireCount } from "../listing/object.ts";
import { requirePartNumber } from "./part-number.ts";
import { askToWrite, quote, requireLength } from "../object/write.ts";
import { ownerOf } from "../acl/owner.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { askAboutUpload, formatInitiator } from "./access.ts";
import { parts, requireUpload, type Part, type Upload, type UploadInput } from "./row.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";

export const uploadPart = streaming("UploadPart", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    return askToWrite(input, { bucket, newTags: undefined }, context);
  },

  async receive(input, context) {
    requirePartNumber(input.PartNumber);
    const { headers, body, trailers } = context.request;
    const bytes = requireLength(context.request);
    const upload = await requireUpload(input, context);
    const { checksum } = upload;
    const secret = await openUpload(upload, input, context);
    const claim = claimedChecksum(input, headers);
    requireChosen(checksum, claim);
    const hasDigest = claim !== undefined || input.ContentMD5 !== undefined;
    requireDigestOfLocked({ lock: upload, hasDigest, what: "Part" }, await requireBucket(input, context));
    const measure = { algorithm: checksum.algorithm, bytes, claim, contentMd5: input.ContentMD5, trailers, secret };
    return takeIn(body, measure, context.blobs);
  },

  async handle(input, context, taken) {
    const bucket = await requireBucket(input, context);
    const { encryption } = await requireUpload(input, context);
    const part = await putPart(input, taken, context);
    return {
      ETag: quote(part.etag),
      ...formatEncryption(encryption),
      ...formatChecksum(taken.claimed ?? taken.checksum),
      ...chargeOf(bucket, context),
    };
  },
});

/**
 * Parts of an upload that chose an algorithm come with a checksum by it, at least where the parts'
 * checksums make that of the whole. An upload that did not takes any.
 */
function requireChosen({ algorithm, type, chosen }: Upload["checksum"], claim: ClaimedChecksum | undefined): void {
  if (!chosen || claim?.algorithm === algorithm || (!claim && type === "FULL_OBJECT")) return;
  const actual = claim ? claim.algorithm.toLowerCase() : "null";
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${actual}`,
  );
}

/** Stores a part, over an earlier one of its number. */
async function putPart(
  input: UploadInput & { readonly PartNumber: number },
  taken: TakenBody,
  context: Context,
): Promise<Part> {
  const { id, encryption } = await requireUpload(input, context);
  const earlier = await context.tx.get(parts, id, input.PartNumber);
  if (earlier) context.blobs.drop(earlier.blob);
  const part: Part = {
    uploadId: id,
    number: input.PartNumber,
    size: taken.size,
    etag: etagOf(taken.md5, encryption, context),
    checksum: taken.checksum.value,
    modifiedAtMs: Math.floor(context.now().getTime() / 1000) * 1000,
    blob: taken.blob,
  };
  context.blobs.keep(taken.blob);
  context.tx.put(parts, part);
  return part;
}

export const uploadPartCopy = streaming("UploadPartCopy", {
  async authorize(input, context) {
    requirePartNumber(input.PartNumber);
    const bucket = await requirePaidBucket(input, context);
    return [
      ...(await askToCopyFrom(input, {}, context)),
      ...askToWrite(input, { bucket, newTags: undefined }, context),
    ];
  },

  async receive(input, context) {
    const upload = await requireUpload(input, context);
    const source = await requireSource(input, context);
    const range = input.CopySourceRange === undefined ? undefined : parseCopyRange(input.CopySourceRange, source.size);
    const bytes = range ? range.end - range.start + 1 : source.size;
    requireCopySize(bytes);
    const from = await openSource(source, input, context);
    const secret = await openUpload(upload, input, context);
    const stream = readPieces(context.blobs, await piecesOf(source.body, context), { range, secret: from });
    const taken = await takeIn(stream, { algorithm: upload.checksum.algorithm, bytes, secret }, context.blobs);
    return { taken, versionId: copiedVersionOf(input, source) };
  },

  async handle(input, context, { taken, versionId }) {
    const bucket = await requireBucket(input, context);
    const { encryption, checksum } = await requireUpload(input, context);
    const { etag, modifiedAtMs } = await putPart(input, taken, context);
    return {
      CopyPartResult: {
        ETag: quote(etag),
        LastModified: new Date(modifiedAtMs),
        ...(checksum.chosen && formatChecksum(taken.checksum)),
      },
      CopySourceVersionId: versionId,
      ...formatEncryption(encryption),
      ...chargeOf(bucket, context),
    };
  },
});

export const listParts = operation("ListParts", {
  callers: "open",

  authorize: (input, context) => askAboutUpload("s3:ListMultipartUploadParts", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const upload = await requireUpload(input, context);
    const limit = limitOf("max-parts", input.MaxParts);
    const marker = requireCount("part-number-marker", Number(input.PartNumberMarker ?? 0));
    const found = await context.tx.scan(parts, { prefix: [upload.id], after: [upload.id, marker], limit: limit + 1 });
    const given = found.slice(0, limit);
    const { algorithm, type, chosen } = upload.checksum;
    return {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(given.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: found.length > limit && limit > 0,
      Parts: given.map((part) => formatPart(part, upload)),
      Initiator: formatInitiator(upload),
      Owner: ownerOf(ownerOfObject(upload, bucket)),
      StorageClass: storageClassOf(upload),
      ...(bucket.lifecycle && (await noticeOfAbort(upload, bucket, context))),
      ...(chosen && { ChecksumAlgorithm: algorithm, ChecksumType: type }),
      ...chargeOf(bucket, context),
    };
  },
});

const formatPart = ({ number, size, etag, checksum, modifiedAtMs }: Part, upload: Upload) => ({
  PartNumber: number,
  Size: size,
  ETag: quote(etag),
  LastModified: new Date(modifiedAtMs),
  ...(upload.checksum.chosen && formatChecksum({ algorithm: upload.checksum.algorithm, value: checksum })),
});
