/**
 * A bucket's lifecycle configuration.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { invalidArgument, invalidRequest, malformedXml, noSuchLifecycle } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { LIFECYCLE_RULES_MAX } from "../limits.ts";
import { formatRule, parseRule } from "./rule-form.ts";
import { lifecycles, type SmallestMoved } from "./rule.ts";
import { passAtMidnight } from "./wake.ts";

export const putBucketLifecycleConfiguration = operation("PutBucketLifecycleConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:PutLifecycleConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireDigestAndIntegrity(context.request);
    const smallestMoved = parseSmallest(input.TransitionDefaultMinimumObjectSize);
    const written = input.LifecycleConfiguration?.Rules ?? [];
    if (written.length === 0 || written.length > LIFECYCLE_RULES_MAX) throw malformedXml();
    const rules = written.map((rule) => parseRule(rule, () => newRuleId(context)));
    if (new Set(rules.map(({ id }) => id)).size < rules.length) {
      throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule");
    }
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html (MFA-enabled buckets)
    if (bucket.versioning?.mfaDelete) {
      throw invalidRequest("Lifecycle configuration is not supported on buckets with MFA Delete enabled.");
    }
    context.tx.put(lifecycles, { bucket: bucket.name, rules, smallestMoved });
    passAtMidnight(bucket, context);
    return { TransitionDefaultMinimumObjectSize: smallestMoved };
  },
});

/** As AWS's look: a UUID in base64. */
const newRuleId = (context: Context): string => Buffer.from(context.newId()).toString("base64");

function parseSmallest(asked: string | undefined): SmallestMoved {
  if (asked === undefined) return "all_storage_classes_128K";
  if (asked === "all_storage_classes_128K" || asked === "varies_by_storage_class") return asked;
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded)
  throw invalidRequest(`Invalid TransitionDefaultMinimumObjectSize found: ${asked}`);
}

export const getBucketLifecycleConfiguration = operation("GetBucketLifecycleConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:GetLifecycleConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    const found = await context.tx.get(lifecycles, name);
    if (!found) throw noSuchLifecycle(name);
    return { Rules: found.rules.map(formatRule), TransitionDefaultMinimumObjectSize: found.smallestMoved };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html (s3:PutLifecycleConfiguration) */
export const deleteBucketLifecycle = operation("DeleteBucketLifecycle", {
  authorize: async (input, context) =>
    onBucket("s3:PutLifecycleConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { lifecycle, ...bucket } = await requireBucket(input, context);
    context.tx.delete(lifecycles, bucket.name);
    context.tx.put(buckets, lifecycle?.tiers ? { ...bucket, lifecycle } : bucket);
    return {};
  },
});
