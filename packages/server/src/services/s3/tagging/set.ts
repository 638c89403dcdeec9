/**
 * Tags of buckets and objects: how they are written, and which are allowed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
import type { Tag } from "@aws-sdk/client-s3";
import { TAGS_PER_RESOURCE_MAX, type Tags } from "../../../kernel/tags.ts";
import type { Validated } from "../../../service/sdk.ts";
import { badRequest, invalidArgument, invalidTag } from "../errors.ts";
import { TAGS_PER_OBJECT_MAX, TAG_KEY_CHARACTERS_MAX, TAG_VALUE_CHARACTERS_MAX } from "../limits.ts";

type TagSet = readonly Validated<Tag>[];

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws {AwsError} `InvalidTag`, `BadRequest` */
export const toObjectTags = (set: TagSet): Tags =>
  toTags(set, {
    reserved: "Your TagKey cannot be prefixed with aws:",
    tooMany: () => badRequest(`Object tags cannot be greater than ${TAGS_PER_OBJECT_MAX}`),
    max: TAGS_PER_OBJECT_MAX,
  });

/**
 * Of a bucket to be made. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded: test_create_bucket_with_tags_exc)
 * @throws {AwsError} `InvalidTag`, `BadRequest`
 */
export const toNewBucketTags = (set: TagSet): Tags => {
  const isReserved = set.some(({ Key }) => Key.toLowerCase().startsWith("aws:"));
  if (!isReserved) return toBucketTags(set);
  throw invalidTag(
    'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
  );
};

/** @throws {AwsError} `InvalidTag`, `BadRequest` */
export const toBucketTags = (set: TagSet): Tags =>
  toTags(set, {
    reserved: "System tags cannot be added/updated by requester",
    tooMany: () => badRequest(`Bucket tag count cannot be greater than ${TAGS_PER_RESOURCE_MAX}`),
    max: TAGS_PER_RESOURCE_MAX,
  });

/** For condition keys: the tags as they were sent, unchecked. */
export const requestTagsOf = (set: TagSet): Tags => Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));

export const formatTagSet = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

interface Rules {
  readonly max: number;
  readonly tooMany: () => Error;
  readonly reserved: string;
}

function toTags(set: TagSet, { max, tooMany, reserved }: Rules): Tags {
  if (set.length > max) throw tooMany();
  for (const { Key, Value } of set) {
    if (Key.toLowerCase().startsWith("aws:")) throw invalidTag(reserved, { key: Key });
    if (!isWithin(Key, TAG_KEY_CHARACTERS_MAX) || Key === "")
      throw invalidTag("The TagKey you have provided is invalid", { key: Key });
    if (!isWithin(Value, TAG_VALUE_CHARACTERS_MAX))
      throw invalidTag("The TagValue you have provided is invalid", { key: Key, value: Value });
  }
  const keys = set.map(({ Key }) => Key);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw invalidTag("Cannot provide multiple Tags with the same key", { key: twice });
  return requestTagsOf(set);
}

const isWithin = (text: string, max: number): boolean => Array.from(text).length <= max && CHARACTERS.test(text);

/**
 * The tags of an `x-amz-tagging` header: `team=a&cost%20centre=7`. They have no order; here they get that of their keys.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.py (test_put_object_with_tags)
 *
 * @throws {AwsError} `InvalidArgument`, `InvalidTag`, `BadRequest`
 */
export function parseTagging(header: string | undefined): Tags | undefined {
  if (header === undefined || header === "") return undefined;
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_put_object_with_tags: `key1&&&key2`)
  const written = header.split("&").filter((pair) => pair !== "");
  const pairs = written.map((pair) => pair.split("="));
  // Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/object/initiateMPU.js (run against AWS)
  if (pairs.some(({ length, 0: key }) => length > 2 || key === "")) throw badTagging(header);
  const set = pairs.map(([key = "", value = ""]) => ({ Key: decode(key, header), Value: decode(value, header) }));
  const isLegible = set.every(({ Key, Value }) => CHARACTERS.test(Key) && CHARACTERS.test(Value));
  if (!isLegible || new Set(set.map(({ Key }) => Key)).size < set.length) throw badTagging(header);
  return toObjectTags(set.toSorted((a, b) => (a.Key < b.Key ? -1 : 1)));
}

function decode(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badTagging(header);
  }
}

const badTagging = (header: string) =>
  invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    { name: "x-amz-tagging", value: header },
  );
