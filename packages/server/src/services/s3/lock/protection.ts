/**
 * Holding locked versions against those who would remove them, or end their lock early.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-bypass
 */
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StoredObject } from "../object/object.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import { objectLocked, refusedArgument } from "./errors.ts";
import { protectionOf } from "./lock.ts";

export interface BypassInput {
  readonly BypassGovernanceRetention?: boolean | undefined;
}

/** @throws {AwsError} `InvalidArgument` where there is nothing in the bucket to bypass. */
export function requireBypassable({ BypassGovernanceRetention }: BypassInput, { objectLock }: Bucket): void {
  if (BypassGovernanceRetention === undefined || objectLock) return;
  const name = "x-amz-bypass-governance-retention";
  throw refusedArgument(name, `${name} is only applicable to Object Lock enabled buckets.`);
}

export interface Unlocking extends BypassInput {
  readonly bucket: Bucket;
}

/** @throws {AwsError} `AccessDenied` where the version may not be removed yet. */
export async function requireRemovable(version: StoredVersion, unlocking: Unlocking, context: Context): Promise<void> {
  if (isMarker(version)) return;
  const protection = protectionOf(version, context.now());
  if (protection === "absolute") throw objectLocked();
  if (protection === "bypassable") await requireBypass(version, unlocking, context);
}

/** @throws {AwsError} `AccessDenied` where the caller does not say that it bypasses, or may not. */
export async function requireBypass(
  { key, tags }: StoredObject,
  { bucket, BypassGovernanceRetention }: Unlocking,
  context: Context,
): Promise<void> {
  if (!BypassGovernanceRetention) throw objectLocked();
  const question = { bucket, key, existingTags: tags };
  await context.require(onObject("s3:BypassGovernanceRetention", context, question));
}
