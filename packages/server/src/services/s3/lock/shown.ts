/** The lock of an object as reads tell it, to those who may ask for it. */
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StoredObject } from "../object/object.ts";
import { retainedUntil, type Retention, type RetentionMode, type Switch } from "./lock.ts";

interface ShownLock {
  ObjectLockMode?: RetentionMode;
  ObjectLockRetainUntilDate?: Date;
  ObjectLockLegalHoldStatus?: Switch;
  ObjectLockEventHold?: Switch;
  ObjectLockEventHoldDurationDays?: number;
  ObjectLockEventHoldDurationYears?: number;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (only with s3:GetObjectRetention, s3:GetObjectLegalHold) */
export async function shownLock(object: StoredObject, bucket: Bucket, context: Context): Promise<ShownLock> {
  const { key, retention, legalHold } = object;
  const shown: ShownLock = {};
  const may = async (action: string) =>
    (await context.decide(onObject(action, context, { bucket, key, existingTags: object.tags }))).decision === "allow";
  if (retention && (await may("s3:GetObjectRetention")))
    Object.assign(shown, formatRetention(retention, context.now()));
  if (legalHold && (await may("s3:GetObjectLegalHold"))) shown.ObjectLockLegalHoldStatus = legalHold;
  return shown;
}

function formatRetention(retention: Retention, now: Date): ShownLock {
  const { mode, eventHold } = retention;
  const shown: ShownLock = {
    ObjectLockMode: mode,
    ObjectLockRetainUntilDate: new Date(retainedUntil(retention, now)),
    ...(eventHold && { ObjectLockEventHold: eventHold.status }),
  };
  if (eventHold?.status !== "ON") return shown;
  const { unit, count } = eventHold.period;
  return unit === "days"
    ? { ...shown, ObjectLockEventHoldDurationDays: count }
    : { ...shown, ObjectLockEventHoldDurationYears: count };
}
