/** The lock of an object as reads tell it, to those who may ask for it. */
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import type { Bucket } from "../bucket-row.ts";
import type { StoredObject } from "../object.ts";
import type { LegalHold, RetentionMode } from "./lock.ts";

interface ShownLock {
  ObjectLockMode?: RetentionMode;
  ObjectLockRetainUntilDate?: Date;
  ObjectLockLegalHoldStatus?: LegalHold;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (only with s3:GetObjectRetention, s3:GetObjectLegalHold) */
export async function shownLock(object: StoredObject, bucket: Bucket, context: Context): Promise<ShownLock> {
  const { key, retention, legalHold } = object;
  const shown: ShownLock = {};
  const may = async (action: string) =>
    (await context.decide(onObject(action, context, { bucket, key, existingTags: object.tags }))).decision === "allow";
  if (retention && (await may("s3:GetObjectRetention"))) {
    shown.ObjectLockMode = retention.mode;
    shown.ObjectLockRetainUntilDate = new Date(retention.untilMs);
  }
  if (legalHold && (await may("s3:GetObjectLegalHold"))) shown.ObjectLockLegalHoldStatus = legalHold;
  return shown;
}
