/**
 * Copying an object. A body in one piece is not copied but referred to once more; a multi-part one is
 * read through, since a copy is a single piece with a tag and checksum of its own.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
import type { CopyObjectRequest } from "@aws-sdk/client-s3";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { requireSomebody } from "../access.ts";
import { newObjectAccess } from "../acl/rules.ts";
import {
  annotationsOf,
  carry,
  giveAnnotations,
  requireUnchanged,
  type Annotation,
  type Carried,
} from "../annotation/row.ts";
import { piecesOf, readPieces } from "../body/body.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { formatChecksum, requireAlgorithm, type StoredChecksum } from "../body/checksum.ts";
import { METADATA_DIRECTIVE, requireChoice, TAGGING_DIRECTIVE, ANNOTATION_DIRECTIVE } from "../choice.ts";
import {
  askToCopyFrom,
  findSource,
  openSource,
  parseCopySource,
  requireCopySize,
  requireSource,
  copiedVersionOf,
} from "./source.ts";
import { etagOf, formatEncryption, OWN_KEYS, startEncryption, type Encryption } from "../encryption/encryption.ts";
import { invalidArgument, invalidRequest, operationAborted } from "../errors.ts";
import { takeIn, type TakenBody } from "../body/intake.ts";
import { streaming } from "../kit.ts";
import { toLock } from "../lock/requested.ts";
import { noticeOfExpiry } from "../lifecycle/expiry-notice.ts";
import { toMetadata, toRedirect, type Metadata } from "../object/metadata.ts";
import { requireKey, versionIdOf, type StoredObject } from "../object/object.ts";
import { askToWrite, quote, storeObject } from "../object/write.ts";
import { toStorageClass } from "../storage-class/storage-class.ts";
import { parseTagging } from "../tagging/set.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";

type CopyInput = Validated<CopyObjectRequest>;

/** Source: https://github.com/versity/versitygw/issues/1242 (AWS's answer) */
function requireNoBody({ request }: Context): void {
  if (Number(request.headers["content-length"] ?? 0) === 0) return;
  throw invalidRequest("The request included a body. Requests of this type must not include a non-empty body.");
}

export const copyObject = streaming("CopyObject", {
  callers: "open",

  async authorize(input, context) {
    requireSomebody(context, "copy objects");
    const bucket = await requirePaidBucket(input, context);
    const source = await findSource(input, context);
    const tags = tagsOf(input, source);
    const newTags = Object.keys(tags).length > 0 ? tags : undefined;
    const along = { tags: input.TaggingDirective !== "REPLACE", annotations: takesTexts(input) };
    return [
      ...(await askToCopyFrom(input, along, context)),
      ...askToWrite(input, { bucket, newTags, withAnnotations: along.annotations && !!source?.annotations }, context),
    ];
  },

  /** `undefined`: the source's own body will do. */
  async receive(input, context): Promise<ReadThrough | undefined> {
    requireNoBody(context);
    refuseRange(context);
    requireChoice(input.MetadataDirective, METADATA_DIRECTIVE);
    requireChoice(input.TaggingDirective, TAGGING_DIRECTIVE);
    requireChoice(input.AnnotationDirective, ANNOTATION_DIRECTIVE);
    toLock(input, await requireBucket(input, context), context);
    toStorageClass(input.StorageClass);
    requireKey(input.Key);
    const source = await findSource(input, context);
    if (!source) return undefined;
    const bucket = await requireBucket(input, context);
    const { encryption, secret } = await startEncryption(input, { bucket, key: input.Key }, context);
    if (encryption.kind === "AES256" && isShareable(source, input)) return undefined;
    requireCopySize(source.size);
    const from = await openSource(source, input, context);
    const pieces = await piecesOf(source.body, context);
    const measure = { algorithm: algorithmOf(source, input), bytes: source.size, secret };
    const stream = readPieces(context.blobs, pieces, { secret: from });
    const texts = await carry(await textsOf(input, source, context), { from, to: secret }, context);
    return { source, encryption, texts, taken: await takeIn(stream, measure, context.blobs) };
  },

  async handle(input, context, through) {
    const bucket = await requireBucket(input, context);
    const access = newObjectAccess(input, bucket, context);
    const source = await requireSource(input, context);
    requireCopySize(source.size);
    requireChange(input, source, bucket);
    const content = through ? contentOf(through, source, context) : await sharedContent(source, input, context);
    const [{ blob }] = content.pieces;
    // kept before the place is cleared: it may be the source itself
    context.blobs.keep(blob);
    const texts = await textsOf(input, source, context);
    if (through) requireUnchanged(through.texts, texts);
    const object = await storeObject(
      {
        ...giveAnnotations(through?.texts.written ?? texts, context),
        ...toLock(input, bucket, context),
        kind: "ObjectCreated:Copy",
        bucket,
        place: input,
        metadata: metadataOf(input, source),
        tags: tagsOf(input, source),
        ...toStorageClass(input.StorageClass),
        ...access,
        ...content,
      },
      context,
    );
    const notice = bucket.lifecycle && (await noticeOfExpiry(object, bucket, context));
    return {
      ...formatCopy(object),
      ...notice,
      VersionId: versionIdOf(object, bucket),
      CopySourceVersionId: copiedVersionOf(input, source),
      ...chargeOf(bucket, context),
    };
  },
});

/**
 * Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
 *
 * @throws {AwsError} `InvalidArgument`
 */
function refuseRange({ request }: Context): void {
  const { range } = request.headers;
  if (range === undefined || request.calling !== undefined) return;
  throw invalidArgument("RANGE is not supported in Copy!", { name: "Range", value: range });
}

/** Whether the source's tag and checksum are those of its bytes as one piece, by the algorithm asked for. */
const isShareable = (source: StoredObject, input: CopyInput): boolean =>
  source.encryption === undefined &&
  source.checksum.type === "FULL_OBJECT" &&
  !source.etag.includes("-") &&
  source.checksum.algorithm === algorithmOf(source, input);

const algorithmOf = ({ checksum }: StoredObject, { ChecksumAlgorithm }: CopyInput) =>
  ChecksumAlgorithm === undefined ? checksum.algorithm : requireAlgorithm(ChecksumAlgorithm);

interface ReadThrough {
  readonly source: StoredObject;
  readonly encryption: Encryption;
  readonly taken: TakenBody;
  readonly texts: Carried;
}

/** Whether annotations come along. */
const takesTexts = ({ AnnotationDirective }: CopyInput): boolean => AnnotationDirective !== "EXCLUDE";

const textsOf = async (input: CopyInput, source: StoredObject, context: Context): Promise<readonly Annotation[]> =>
  takesTexts(input) ? annotationsOf(source, context) : [];

interface Content {
  readonly etag: string;
  readonly size: number;
  readonly checksum: StoredChecksum;
  readonly encryption: Encryption;
  readonly pieces: readonly [{ readonly blob: TakenBody["blob"] }];
}

/** @throws {AwsError} `OperationAborted` where the source was put anew while it was read. */
function contentOf({ source: read, encryption, taken }: ReadThrough, source: StoredObject, context: Context): Content {
  if (read.etag !== source.etag) throw operationAborted();
  const { md5, size, checksum, blob } = taken;
  const etag = etagOf(md5, encryption, context);
  return { etag, size, checksum: { ...checksum, type: "FULL_OBJECT" }, encryption, pieces: [{ blob }] };
}

/** @throws {AwsError} `OperationAborted` where the source was put anew, in another form, since it was looked at. */
async function sharedContent(source: StoredObject, input: CopyInput, context: Context): Promise<Content> {
  const [piece] = await piecesOf(source.body, context);
  if (!piece || !isShareable(source, input)) throw operationAborted();
  const { etag, size, checksum } = source;
  return { etag, size, checksum, encryption: OWN_KEYS, pieces: [{ blob: piece.blob }] };
}

/**
 * A copy onto itself must change something: what a bucket says of encryption counts as such, though it be the usual.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded: test_copy_in_place_with_bucket_encryption, test_s3_copy_object_in_place_with_encryption)
 */
function requireChange(input: CopyInput, source: StoredObject, bucket: Bucket): void {
  const { Bucket, Key, VersionId } = parseCopySource(input.CopySource);
  // an older version is brought back so
  if (VersionId !== undefined || Bucket !== input.Bucket || Key !== input.Key || input.MetadataDirective === "REPLACE")
    return;
  const { StorageClass, ServerSideEncryption, WebsiteRedirectLocation } = input;
  if ([StorageClass, ServerSideEncryption, WebsiteRedirectLocation].some((asked) => asked !== undefined)) return;
  if (source.encryption !== undefined || bucket.encryption !== undefined) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** Where a website sends on from the source is never copied. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-website-redirect-location) */
const metadataOf = (input: CopyInput, { headers, userMetadata }: StoredObject): Metadata =>
  input.MetadataDirective === "REPLACE" ? toMetadata(input) : { headers, userMetadata, ...toRedirect(input) };

const tagsOf = (input: CopyInput, source: StoredObject | undefined): Tags =>
  input.TaggingDirective === "REPLACE" ? (parseTagging(input.Tagging) ?? {}) : (source?.tags ?? {});

const formatCopy = ({ etag, modifiedAtMs, checksum, encryption }: StoredObject) => ({
  CopyObjectResult: {
    ETag: quote(etag),
    LastModified: new Date(modifiedAtMs),
    ...formatChecksum(checksum),
    ChecksumType: checksum.type,
  },
  ...formatEncryption(encryption),
});
