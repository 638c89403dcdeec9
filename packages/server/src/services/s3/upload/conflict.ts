/**
 * Conditional completions: the condition holds from the beginning of an upload to its end, so an object that came, or
 * went, in the meantime is a conflict.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-error-response
 */
import { createHash } from "node:crypto";
import type { Context } from "../../../service/context.ts";
import type { WriteConditions } from "../object/conditions.ts";
import { conditionalConflict } from "../version/errors.ts";
import { findObject, type ObjectInput, type StoredObject } from "../object/object.ts";
import type { Upload } from "./row.ts";

/** What an upload remembers of the object in its place. */
export async function startedOver(place: ObjectInput, context: Context): Promise<Pick<Upload, "over">> {
  const existing = await findObject(place, context);
  return existing ? { over: identityOf(existing) } : {};
}

/** Two objects never share it, be they equal in all that is told of them. */
const identityOf = ({ body, modifiedAtMs, versionId }: StoredObject): string =>
  createHash("sha256")
    .update(JSON.stringify([body, modifiedAtMs, versionId]))
    .digest("base64");

/** @throws {AwsError} `ConditionalRequestConflict` where the conditions hold now, but not for what was there then. */
export function requireNoConflict(
  { IfMatch, IfNoneMatch }: WriteConditions,
  { key, over }: Upload,
  existing: StoredObject | undefined,
): void {
  if (IfNoneMatch !== undefined && over !== undefined) throw conditionalConflict("If-None-Match", key);
  if (IfMatch !== undefined && existing && identityOf(existing) !== over) throw conditionalConflict("If-Match", key);
}
