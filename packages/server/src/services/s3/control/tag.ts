/**
 * Tags, of whatever S3 Control can tag.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html
 */
import { TAGS_PER_RESOURCE_MAX, type Tags } from "../../../kernel/tags.ts";
import { invalidTag } from "./errors.ts";

interface TagPair {
  readonly Key: string;
  readonly Value: string;
}

/** For condition keys: the tags as they were sent, unchecked. */
export const requestTagsOf = (pairs: readonly TagPair[]): Tags =>
  Object.fromEntries(pairs.map(({ Key, Value }) => [Key, Value]));

/**
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_tag_resource_validation)
 *
 * @throws {AwsError} `InvalidTag`
 */
export function toTags(pairs: readonly TagPair[], before: Tags = {}): Tags {
  if (pairs.some(({ Key }) => Key.toLowerCase().startsWith("aws:"))) {
    throw invalidTag(
      'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
    );
  }
  if (new Set(pairs.map(({ Key }) => Key)).size < pairs.length) {
    throw invalidTag("There are duplicate tag keys in your request. Remove the duplicate tag keys and try again.");
  }
  const tags = { ...before, ...requestTagsOf(pairs) };
  if (Object.keys(tags).length > TAGS_PER_RESOURCE_MAX) {
    throw invalidTag(`Tag count cannot be greater than ${TAGS_PER_RESOURCE_MAX}`);
  }
  return tags;
}

export const formatTags = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
