/**
 * Listings of a bucket's keys, in both versions.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import type { _Object, CommonPrefix } from "@aws-sdk/client-s3";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket, tellingRegion } from "../access.ts";
import { ownersIn, type ShowOwner } from "../acl/shown-owner.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { ENCODING_TYPE, requireChoice } from "../choice.ts";
import { invalidArgument, invalidContinuationToken } from "../errors.ts";
import { placeOf, walkKeys, type Entry, type Place } from "./key-walk.ts";
import { operation } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { objects, type StoredObject } from "../object/object.ts";
import { quote } from "../object/write.ts";
import { retelling, type Retelling } from "../storage-class/restoration.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { spellingOf, type Spelling } from "./url-encoding.ts";
import { chargeOf, requirePaidBucket, type PayingInput } from "../bucket/requester-pays.ts";

interface ListInput extends PayingInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: string | undefined;
  readonly OptionalObjectAttributes?: readonly string[] | undefined;
}

async function askToList(input: ListInput, context: Context) {
  const bucket = await requirePaidBucket(input, context);
  const access = onBucket("s3:ListBucket", bucket, context, {
    "s3:prefix": input.Prefix ?? "",
    "s3:delimiter": input.Delimiter,
    "s3:max-keys": input.MaxKeys === undefined ? undefined : String(input.MaxKeys),
  });
  return tellingRegion(access, bucket);
}

export const listObjects = operation("ListObjects", {
  callers: "open",
  authorize: askToList,

  async handle(input, context) {
    const { Marker } = input;
    const listing = await list(input, Marker ? { kind: "key", key: Marker } : undefined, context);
    const { spell, next, retell } = listing;
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_bucket_name_with_dots, recorded: nobody is told whose an object is)
    const ownerOf = context.principal.type === "anonymous" ? undefined : ownersIn(listing.bucket);
    return {
      ...formatListing(input, listing),
      Contents: listing.rows.map((row) => formatObject(row, { spell, ownerOf, retell })),
      Marker: spell(Marker ?? ""),
      // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html (NextMarker: only with a delimiter)
      NextMarker: next && input.Delimiter ? spell(next.kind === "folder" ? next.prefix : next.key) : undefined,
    };
  },
});

export const listObjectsV2 = operation("ListObjectsV2", {
  callers: "open",
  authorize: askToList,

  async handle(input, context) {
    const { ContinuationToken, StartAfter, FetchOwner } = input;
    const after = ContinuationToken === undefined ? startOf(StartAfter) : parseContinuation(ContinuationToken);
    const listing = await list(input, after, context);
    const { spell, next, rows, folders, retell } = listing;
    const ownerOf = FetchOwner ? ownersIn(listing.bucket) : undefined;
    return {
      ...formatListing(input, listing),
      Contents: rows.map((row) => formatObject(row, { spell, ownerOf, retell })),
      KeyCount: rows.length + folders.length,
      ContinuationToken,
      NextContinuationToken: next && formatContinuation(next),
      // with a token it is neither heeded nor shown
      StartAfter: StartAfter === undefined || ContinuationToken !== undefined ? undefined : spell(StartAfter),
    };
  },
});

const startOf = (key: string | undefined): Place | undefined => (key ? { kind: "key", key } : undefined);

const formatContinuation = (place: Place): string =>
  encodeToken(place.kind === "folder" ? ["folder", place.prefix] : ["key", place.key]);

function parseContinuation(token: string): Place {
  const [kind, text] = decodeToken(token, invalidContinuationToken);
  if (typeof text !== "string" || (kind !== "key" && kind !== "folder")) throw invalidContinuationToken();
  return kind === "key" ? { kind, key: text } : { kind, prefix: text };
}

interface Listing {
  readonly rows: readonly StoredObject[];
  readonly folders: readonly string[];
  /** Where the next page begins. */
  readonly next: Place | undefined;
  readonly limit: number;
  readonly bucket: Bucket;
  readonly charge: ReturnType<typeof chargeOf>;
  readonly spell: Spelling;
  readonly retell: Retelling;
}

async function list(input: ListInput, after: Place | undefined, context: Context): Promise<Listing> {
  const bucket = await requireBucket(input, context);
  requireChoice(input.EncodingType, ENCODING_TYPE);
  const limit = limitOf("max-keys", input.MaxKeys);
  const { Prefix: prefix = "", Delimiter: delimiter } = input;
  const walk = { table: objects, bucket: bucket.name, prefix, delimiter, after, limit };
  const { entries, more } = limit === 0 ? { entries: [], more: false } : await walkKeys(context.tx, walk);
  const last = entries.at(-1);
  return {
    ...split(entries),
    next: more && last ? placeOf(last) : undefined,
    limit,
    bucket,
    charge: chargeOf(bucket, context),
    spell: spellingOf(input.EncodingType),
    retell: retelling(input.OptionalObjectAttributes, context.now()),
  };
}

/** @throws {AwsError} `InvalidArgument` */
export const limitOf = (name: string, asked: number | undefined): number =>
  asked === undefined ? PAGE_ITEMS_MAX : Math.min(requireCount(name, asked), PAGE_ITEMS_MAX);

/**
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_multipart.py (the words)
 * @throws {AwsError} `InvalidArgument`
 */
export function requireCount(name: string, asked: number): number {
  const fact = { name, value: String(asked) };
  if (asked < 0) throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, fact);
  if (!Number.isInteger(asked) || asked > 2_147_483_647)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, fact);
  return asked;
}

export function split<Row>(entries: readonly Entry<Row>[]): {
  readonly rows: readonly Row[];
  readonly folders: readonly string[];
} {
  const rows: Row[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (entry.kind === "row") rows.push(entry.row);
    else folders.push(entry.prefix);
  }
  return { rows, folders };
}

/** No member of the answer, but a header of it: see the dialect of S3. */
const BUCKET_REGION = "BucketRegion";

function formatListing(input: ListInput, { folders, next, limit, spell, charge, bucket }: Listing) {
  const { Bucket: Name, Prefix = "", Delimiter, EncodingType } = input;
  return {
    Name,
    Prefix: spell(Prefix),
    Delimiter: Delimiter ? spell(Delimiter) : undefined,
    MaxKeys: limit,
    EncodingType: EncodingType === "url" ? ("url" as const) : undefined,
    IsTruncated: next !== undefined,
    CommonPrefixes: formatFolders(folders, spell),
    [BUCKET_REGION]: bucket.region,
    ...charge,
  };
}

export const formatFolders = (folders: readonly string[], spell: Spelling): CommonPrefix[] =>
  folders.map((prefix) => ({ Prefix: spell(prefix) }));

/** How objects are told of. */
interface Telling {
  readonly spell: Spelling;
  /** Where owners are shown. */
  readonly ownerOf: ShowOwner | undefined;
  readonly retell: Retelling;
}

export function formatObject(row: StoredObject, { spell, ownerOf, retell }: Telling): _Object {
  return {
    Key: spell(row.key),
    LastModified: new Date(row.modifiedAtMs),
    ETag: quote(row.etag),
    ChecksumAlgorithm: [row.checksum.algorithm],
    ChecksumType: row.checksum.type,
    Size: row.size,
    StorageClass: storageClassOf(row),
    Owner: ownerOf?.(row),
    RestoreStatus: retell(row),
  };
}
