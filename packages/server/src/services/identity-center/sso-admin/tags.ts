/** Tags of what IAM Identity Center has, in the form that its API gives and takes. */
import type { Tag } from "@aws-sdk/client-sso-admin";
import { addTags, TAGS_PER_RESOURCE_MAX, type Tags } from "../../../kernel/tags.ts";
import { quotaExceeded, reservedTagKey } from "./errors.ts";

interface GivenTag {
  readonly Key: string;
  readonly Value: string;
}

const readTags = (given: readonly GivenTag[] = []): Tags =>
  Object.fromEntries(given.map(({ Key, Value }) => [Key, Value]));

/** @throws {AwsError} `ValidationException`, `ServiceQuotaExceededException` */
export const withTags = (tags: Tags, given: readonly GivenTag[] | undefined, id: string): Tags =>
  addTags(tags, readTags(given), {
    reservedKey: reservedTagKey,
    tooMany: () => quotaExceeded("Tag", TAGS_PER_RESOURCE_MAX, id),
  });

export const formatTags = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** For `authorize`; `undefined` where a call brings none. */
export const requestTags = (given: readonly GivenTag[] | undefined): Tags | undefined =>
  given === undefined || given.length === 0 ? undefined : readTags(given);
