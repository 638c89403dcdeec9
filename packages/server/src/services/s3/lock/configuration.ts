/**
 * Object lock of a bucket: whether versions can be locked in it, and how new ones are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
 */
import type { DefaultRetention, ObjectLockConfiguration } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket-row.ts";
import { malformedXml, objectLockConfigurationNotFound } from "../errors.ts";
import { requireIntegrity } from "../integrity.ts";
import { operation } from "../kit.ts";
import { RETENTION_DAYS_MAX, RETENTION_YEARS_MAX } from "../limits.ts";
import { chargeOf } from "../requester-pays.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { bodyMissing, refusedArgument, versioningNotEnabled } from "./errors.ts";
import { parseMode, type ObjectLock, type Period } from "./lock.ts";

export const putObjectLockConfiguration = operation("PutObjectLockConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketObjectLockConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const objectLock = toObjectLock(input.ObjectLockConfiguration);
    if (bucket.versioning?.status !== "Enabled") throw versioningNotEnabled();
    context.tx.put(buckets, { ...bucket, objectLock });
    return chargeOf(bucket, context);
  },
});

function toObjectLock(asked: Validated<ObjectLockConfiguration> | undefined): ObjectLock {
  if (asked === undefined) throw bodyMissing();
  const { ObjectLockEnabled, Rule } = asked;
  if (ObjectLockEnabled !== "Enabled") throw malformedXml();
  if (Rule === undefined) return {};
  if (!Rule.DefaultRetention) throw malformedXml();
  refuseUnbuilt({ DefaultEventHold: Rule.DefaultRetention.DefaultEventHold });
  const mode = parseMode(Rule.DefaultRetention.Mode);
  if (!mode) throw malformedXml();
  return { defaultRetention: { mode, period: toPeriod(Rule.DefaultRetention) } };
}

function toPeriod({ Days, Years }: Validated<DefaultRetention>): Period {
  if ((Days === undefined) === (Years === undefined)) throw malformedXml();
  if (Days !== undefined) return { unit: "days", count: requireCount("Days", Days, RETENTION_DAYS_MAX) };
  return { unit: "years", count: requireCount("Years", Years ?? 0, RETENTION_YEARS_MAX) };
}

/** Source: https://github.com/versity/versitygw/issues/1738, https://github.com/versity/versitygw/pull/2195 (recorded answers) */
function requireCount(name: string, count: number, max: number): number {
  if (count <= 0) throw refusedArgument(name, "Default retention period must be a positive integer value.");
  if (count > max) throw refusedArgument(name, "Default retention period too large.");
  return count;
}

export const getObjectLockConfiguration = operation("GetObjectLockConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketObjectLockConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name, objectLock } = await requireBucket(input, context);
    if (!objectLock) throw objectLockConfigurationNotFound(name);
    const ObjectLockEnabled = "Enabled" as const;
    const { defaultRetention } = objectLock;
    if (!defaultRetention) return { ObjectLockConfiguration: { ObjectLockEnabled } };
    const { mode: Mode, period } = defaultRetention;
    const DefaultRetention = { Mode, ...(period.unit === "days" ? { Days: period.count } : { Years: period.count }) };
    return { ObjectLockConfiguration: { ObjectLockEnabled, Rule: { DefaultRetention } } };
  },
});
