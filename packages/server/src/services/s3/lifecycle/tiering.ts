/**
 * Configurations of Intelligent-Tiering: what nobody reads for long is archived, within its class.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
 */
import type { IntelligentTieringConfiguration, Tiering } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import { requireWord } from "../choice.ts";
import { invalidArgument, malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { TIERING_ARCHIVE_DAYS_MIN, TIERING_DAYS_MAX, TIERING_DEEP_ARCHIVE_DAYS_MIN } from "../limits.ts";
import { requireFilter } from "../report/filter.ts";
import { asks, namedTable, pageOfNamed, putNamed, removeNamed, requireNamed } from "../report/named.ts";
import { passAtMidnight } from "./wake.ts";

export const tierings = namedTable<IntelligentTieringConfiguration>("s3.tiering");

export const putBucketIntelligentTieringConfiguration = operation("PutBucketIntelligentTieringConfiguration", {
  authorize: asks("s3:PutIntelligentTieringConfiguration"),

  async handle({ Id: id, IntelligentTieringConfiguration: asked, ...input }, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_intelligent_tier_config)
    if (asked.Id !== id) throw malformedXml();
    const configuration = {
      Id: id,
      ...(asked.Filter && { Filter: requireFilter(asked.Filter) }),
      Status: requireWord(asked.Status, ["Enabled", "Disabled"]),
      Tierings: requireTiers(asked.Tierings),
    };
    await putNamed(tierings, { bucket: bucket.name, id, configuration }, context);
    passAtMidnight({ ...bucket, lifecycle: { awake: true, ...bucket.lifecycle, tiers: true } }, context);
    return {};
  },
});

/** @throws {AwsError} `MalformedXML`, `InvalidArgument` */
function requireTiers(asked: readonly Validated<Tiering>[]): Tiering[] {
  if (asked.length === 0) throw malformedXml();
  if (new Set(asked.map(({ AccessTier }) => AccessTier)).size < asked.length) throw malformedXml();
  for (const { AccessTier, Days } of asked) {
    requireWord(AccessTier, ["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]);
    const min = AccessTier === "ARCHIVE_ACCESS" ? TIERING_ARCHIVE_DAYS_MIN : TIERING_DEEP_ARCHIVE_DAYS_MIN;
    if (Days < min || Days > TIERING_DAYS_MAX) throw daysOutOfRange(Days, min);
  }
  return asked.map(({ AccessTier, Days }) => ({ AccessTier, Days }));
}

const daysOutOfRange = (days: number, min: number) =>
  invalidArgument(`'Days' must be between ${min} and ${TIERING_DAYS_MAX}`, { name: "Days", value: String(days) });

export const getBucketIntelligentTieringConfiguration = operation("GetBucketIntelligentTieringConfiguration", {
  authorize: asks("s3:GetIntelligentTieringConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    return { IntelligentTieringConfiguration: await requireNamed(tierings, { bucket, id }, context) };
  },
});

export const deleteBucketIntelligentTieringConfiguration = operation("DeleteBucketIntelligentTieringConfiguration", {
  authorize: asks("s3:PutIntelligentTieringConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    await removeNamed(tierings, { bucket, id }, context);
    return {};
  },
});

export const listBucketIntelligentTieringConfigurations = operation("ListBucketIntelligentTieringConfigurations", {
  authorize: asks("s3:GetIntelligentTieringConfiguration"),

  async handle({ ContinuationToken: token, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    const { configurations, frame } = await pageOfNamed(tierings, { bucket, token }, context);
    return { ...frame, IntelligentTieringConfigurationList: configurations };
  },
});

const CONFIGURATIONS_MAX = 1000;

/** The configurations of a bucket that are in force. A bucket without any costs no look. */
export async function tieringsOf(
  { name, lifecycle }: Pick<Bucket, "name" | "lifecycle">,
  { tx }: Pick<Context, "tx">,
): Promise<readonly IntelligentTieringConfiguration[]> {
  if (!lifecycle?.tiers) return [];
  const rows = await tx.scan(tierings, { prefix: [name], limit: CONFIGURATIONS_MAX });
  return rows.flatMap(({ configuration }) => (configuration.Status === "Enabled" ? [configuration] : []));
}
