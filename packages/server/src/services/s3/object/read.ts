/**
 * Giving objects back: whole, in part, or only what is said about them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import type { GetObjectRequest } from "@aws-sdk/client-s3";
import type { ByteRange, Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { piecesOf, rangeOfPart, readPieces, type Piece } from "../body/body.ts";
import { requireBucket } from "../bucket/row.ts";
import { formatContentRange, parseRange } from "../body/byte-range.ts";
import { formatChecksum } from "../body/checksum.ts";
import { judge } from "./conditions.ts";
import { formatEncryption, openEncryption, refuseEncryptionHeader, requireShownKey } from "../encryption/encryption.ts";
import { headerNotLatin, invalidPartNumber, invalidRequest, notModified, preconditionFailed } from "../errors.ts";
import { operation } from "../kit.ts";
import { shownLock } from "../lock/shown.ts";
import { noticeOfExpiry } from "../lifecycle/expiry-notice.ts";
import { noteAccess } from "../lifecycle/tier.ts";
import { formatMetadata } from "./metadata.ts";
import { askForObject, requireObject, versionIdOf, type StoredObject } from "./object.ts";
import { quote } from "./write.ts";
import { requirePartNumber } from "../upload/part-number.ts";
import { formatReplication } from "../replication/status.ts";
import { chargeOf } from "../bucket/requester-pays.ts";
import { formatRestoration, requireReadable } from "../storage-class/restoration.ts";
import { formatStorageClass } from "../storage-class/storage-class.ts";

/** `HeadObject` has the same members. */
type ReadInput = Validated<GetObjectRequest>;

export const getObject = operation("GetObject", {
  callers: "open",
  authorize: (input, context) => askForObject(readAction(input), input, context),

  async handle(input, context) {
    const { answer, object, range, bucket } = await read(input, context);
    requireReadable(object, context);
    noteAccess(object, bucket, context);
    const secret = await openEncryption({ ...object, region: bucket.region }, input, context);
    const pieces = await piecesOf(object.body, context);
    return { ...answer, Body: readPieces(context.blobs, pieces, { range, secret }) };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-checksum-mode, for the key's permission) */
export const headObject = operation("HeadObject", {
  callers: "open",
  authorize: (input, context) => askForObject(readAction(input), input, context),

  async handle(input, context) {
    const { answer, object, bucket } = await read(input, context);
    // a key of KMS is needed for the sums alone: they tell of the bytes
    if (wantsChecksum(input)) await openEncryption({ ...object, region: bucket.region }, input, context);
    return { ...answer, ArchiveStatus: object.archiveTier };
  },
});

const readAction = ({ VersionId }: ReadInput): string =>
  VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";

async function read(input: ReadInput, context: Context) {
  const bucket = await requireBucket(input, context);
  refuseUnsignedOverrides(input, context);
  refuseEncryptionHeader(context);
  if (input.PartNumber !== undefined) requirePartNumber(input.PartNumber);
  const object = await requireObject(input, bucket, context);
  requireShownKey(object, input);
  requireConditions(input, object, context);
  const parts = input.PartNumber === undefined ? [] : await piecesOf(object.body, context);
  const range = rangeOf(input, object, parts);
  const tagCount = Object.keys(object.tags).length;
  // said of the current object as such, not of a version
  const notice = input.VersionId === undefined && bucket.lifecycle && (await noticeOfExpiry(object, bucket, context));
  const answer = {
    ...formatMetadata(object),
    ...overrides(input),
    ...formatValidators(object),
    ...formatReplication(object),
    ...(object.restoration && formatRestoration(object, context.now())),
    ...notice,
    VersionId: versionIdOf(object, bucket),
    ...(range && { ContentRange: formatContentRange(range, object.size) }),
    ...(wantsChecksum(input) && formatChecksumOf(object, partOf(input, parts), range)),
    ...(isMultipart(parts) && { PartsCount: parts.length }),
    ...(tagCount > 0 && { TagCount: tagCount }),
    ...(bucket.objectLock && (await shownLock(object, bucket, context))),
    ...chargeOf(bucket, context),
    ContentLength: range ? range.end - range.start + 1 : object.size,
  };
  return { answer, object, range, bucket };
}

const formatValidators = ({ etag, modifiedAtMs, encryption, storageClass }: StoredObject) => ({
  AcceptRanges: "bytes",
  ETag: quote(etag),
  LastModified: new Date(modifiedAtMs),
  ...formatEncryption(encryption),
  ...formatStorageClass({ storageClass }),
});

/**
 * A part of a composite has its own checksum; that of the whole says nothing of a range or of one part among others.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_get_object_range)
 */
function formatChecksumOf({ checksum, size }: StoredObject, part: Piece["part"], range: ByteRange | undefined) {
  const { algorithm, type: ChecksumType } = checksum;
  if (part && ChecksumType === "COMPOSITE")
    return { ...formatChecksum({ algorithm, value: part.checksum }), ChecksumType };
  const isWhole = !range || range.end - range.start + 1 === size;
  return isWhole ? { ...formatChecksum(checksum), ChecksumType } : undefined;
}

const partOf = ({ PartNumber = 0 }: ReadInput, pieces: readonly Piece[]): Piece["part"] => pieces[PartNumber - 1]?.part;

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_get_object_checksum: in any case of letters) */
const wantsChecksum = ({ ChecksumMode }: ReadInput): boolean => ChecksumMode?.toUpperCase() === "ENABLED";

const isMultipart = ([first]: readonly Piece[]): boolean => first?.part !== undefined;

function requireConditions(input: ReadInput, object: StoredObject, context: Context): void {
  const { IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = input;
  const { IfModifiedSince: ifModifiedSince, IfUnmodifiedSince: ifUnmodifiedSince } = input;
  const verdict = judge({ ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }, object, context.now());
  if (verdict.kind === "failed") throw preconditionFailed(verdict.condition);
  if (verdict.kind === "not-modified") throw notModified(cacheHeadersOf(object));
}

/** Source: https://www.rfc-editor.org/rfc/rfc9110#name-304-not-modified */
function cacheHeadersOf({ etag, modifiedAtMs, headers }: StoredObject): Readonly<Record<string, string>> {
  return {
    etag: quote(etag),
    "last-modified": new Date(modifiedAtMs).toUTCString(),
    ...(headers.cacheControl !== undefined && { "cache-control": headers.cacheControl }),
    ...(headers.expires !== undefined && { expires: headers.expires }),
  };
}

function rangeOf(
  { Range, PartNumber }: ReadInput,
  object: StoredObject,
  pieces: readonly Piece[],
): ByteRange | undefined {
  if (PartNumber === undefined) return parseRange(Range, object.size);
  if (Range !== undefined) throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  const range = rangeOfPart(pieces, PartNumber);
  if (!range) throw invalidPartNumber(PartNumber, pieces.length);
  return object.size === 0 ? undefined : range;
}

const OVERRIDES = [
  ["ResponseContentType", "ContentType", "response-content-type"],
  ["ResponseContentLanguage", "ContentLanguage", "response-content-language"],
  ["ResponseCacheControl", "CacheControl", "response-cache-control"],
  ["ResponseContentDisposition", "ContentDisposition", "response-content-disposition"],
  ["ResponseContentEncoding", "ContentEncoding", "response-content-encoding"],
] as const;

/** What a header can hold; control characters would begin another. */
const LATIN_1 = /^[\t\x20-\x7e\xa0-\xff]*$/;

type Overrides = Partial<Record<(typeof OVERRIDES)[number][1] | "ExpiresString", string>>;

/** Headers that the caller would rather see. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Overriding response header values) */
function overrides(input: ReadInput): Overrides {
  const asked: Overrides = {};
  for (const [from, to, name] of OVERRIDES) {
    const value = input[from];
    if (value === undefined) continue;
    if (!LATIN_1.test(value)) throw headerNotLatin(name, value);
    asked[to] = value;
  }
  const expires = expiresAsked(input);
  if (expires !== undefined) asked.ExpiresString = expires;
  return asked;
}

/** As it was written, be it a date or not, where it came over the wire. */
function expiresAsked(input: ReadInput & { readonly ResponseExpiresString?: unknown }): string | undefined {
  const { ResponseExpiresString: written, ResponseExpires } = input;
  if (typeof written !== "string") return ResponseExpires?.toUTCString();
  if (!LATIN_1.test(written)) throw headerNotLatin("response-expires", written);
  return written;
}

function refuseUnsignedOverrides(input: ReadInput, { principal }: Context): void {
  if (principal.type !== "anonymous" || Object.keys(overrides(input)).length === 0) return;
  throw invalidRequest("Request specific response headers cannot be used for anonymous GET requests.");
}
