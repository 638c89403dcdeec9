/**
 * Object lock of a bucket: whether versions can be locked in it, and how new ones are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
 */
import type { ObjectLockConfiguration } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { malformedXml, objectLockConfigurationNotFound } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";
import { bodyMissing, refusedArgument, versioningNotEnabled } from "./errors.ts";
import { requirePeriod } from "./event-hold.ts";
import { parseMode, type ObjectLock } from "./lock.ts";
import { formatPeriod, longestOf, parsePeriod, type Period, type PeriodMembers } from "./period.ts";

export const putObjectLockConfiguration = operation("PutObjectLockConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketObjectLockConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requirePaidBucket(input, context);
    await requireDigestAndIntegrity(context.request);
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
  const mode = parseMode(Rule.DefaultRetention.Mode);
  if (!mode) throw malformedXml();
  const { Days, Years, DefaultEventHold } = Rule.DefaultRetention;
  const eventHold = DefaultEventHold && requirePeriod(DefaultEventHold);
  if (eventHold && Days === undefined && Years === undefined) return { defaultRetention: { mode, eventHold } };
  const period = requireDefaultPeriod({ Days, Years });
  return { defaultRetention: { mode, period, ...(eventHold && { eventHold }) } };
}

/** Source: https://github.com/versity/versitygw/issues/1738, https://github.com/versity/versitygw/pull/2195 (recorded answers) */
function requireDefaultPeriod(members: PeriodMembers): Period {
  const period = parsePeriod(members);
  if (period === "malformed") throw malformedXml();
  const name = period.unit === "days" ? "Days" : "Years";
  if (period.count <= 0) throw refusedArgument(name, "Default retention period must be a positive integer value.");
  if (period.count > longestOf(period)) throw refusedArgument(name, "Default retention period too large.");
  return period;
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
    const { mode: Mode, period, eventHold } = defaultRetention;
    const DefaultEventHold = eventHold && formatPeriod(eventHold);
    const DefaultRetention = {
      Mode,
      ...(period && formatPeriod(period)),
      ...(DefaultEventHold && { DefaultEventHold }),
    };
    return { ObjectLockConfiguration: { ObjectLockEnabled, Rule: { DefaultRetention } } };
  },
});
