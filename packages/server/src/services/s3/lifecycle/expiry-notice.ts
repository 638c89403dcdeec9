/**
 * What answers tell of the end of objects and uploads.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StoredObject } from "../object/object.ts";
import type { Upload } from "../upload/row.ts";
import { ageReachedMs, expirationOf } from "./due.ts";
import { rulesOf, selects } from "./rule.ts";

/** Of the current object: `x-amz-expiration`. */
export async function noticeOfExpiry(
  object: StoredObject,
  bucket: Bucket,
  context: Context,
): Promise<{ readonly Expiration?: string }> {
  if (bucket.lifecycle === undefined) return {};
  const first = expirationOf(object, await rulesOf(bucket, context));
  if (first === undefined) return {};
  const date = new Date(first.dueMs).toUTCString();
  return { Expiration: `expiry-date="${date}", rule-id="${encodeURIComponent(first.rule.id)}"` };
}

/** Of an upload: `x-amz-abort-date`, `x-amz-abort-rule-id`. */
export async function noticeOfAbort(
  { key, startedAtMs }: Pick<Upload, "key" | "startedAtMs">,
  bucket: Bucket,
  context: Context,
): Promise<{ readonly AbortDate?: Date; readonly AbortRuleId?: string }> {
  if (bucket.lifecycle === undefined) return {};
  const found = (await rulesOf(bucket, context))
    .filter((rule) => rule.abortAfterDays !== undefined && selects(rule, { key }))
    .toSorted((one, other) => (one.abortAfterDays ?? 0) - (other.abortAfterDays ?? 0))
    .at(0);
  if (found?.abortAfterDays === undefined) return {};
  return { AbortDate: new Date(ageReachedMs(startedAtMs, found.abortAfterDays)), AbortRuleId: found.id };
}
