/**
 * Policies of table buckets and of tables.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-resource-based-policies.html
 */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { parseGlob } from "../../../identity/policy/glob.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { isPublicPolicy } from "../policy/public.ts";
import { onBucket, onTable } from "./access.ts";
import { bucketArn, putBucket, requireBucket } from "./bucket-row.ts";
import { bucketPolicyNotFound, policyInvalid, publicPolicyBlocked, tablePolicyNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { putTable, requireTable, tableArn, type StoredTable } from "./table-row.ts";

type Home = Pick<StoredTable, "account" | "partition">;

/**
 * The policy as it is kept, with the users and roles it names held by their ids.
 * @throws {AwsError} `BadRequestException`, `ForbiddenException`
 */
async function requirePolicy(text: string, itself: Arn, home: Home, context: Context): Promise<PinnedPolicy> {
  const { default: known } = await import("../../../../models/iam/s3tables.json", { with: { type: "json" } });
  const isOwn = (resource: string): boolean =>
    parseGlob(resource).test(itself) ||
    resource.startsWith(`${itself}/table/`) ||
    parseGlob(resource).test(`${itself}/table/*`);
  const problem = validatePolicy(text, "resource", {
    actions: known.actions.map(([name]) => `s3tables:${String(name)}`),
    isResource: isOwn,
    applies: () => true,
  });
  if (problem) throw policyInvalid(problem.message);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables.html (all settings of Block Public Access are always on); assumed: what is answered
  if (isPublicPolicy(text)) throw publicPolicyBlocked();
  const pinned = await context.directory.pinPrincipals(text, { ...home, tx: context.tx });
  if (pinned.kind === "unknown") throw policyInvalid("Invalid principal in policy");
  return pinned;
}

const show = (policy: PinnedPolicy, home: Home, { directory, tx }: Context): Promise<string> =>
  directory.showPrincipals(policy, { ...home, tx });

export const putTableBucketPolicy = operation("PutTableBucketPolicy", {
  authorize: ({ tableBucketARN }, context) => onBucket("PutTableBucketPolicy", tableBucketARN, context),

  async handle({ tableBucketARN, resourcePolicy }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    const policy = await requirePolicy(resourcePolicy, bucketArn(bucket), bucket, context);
    putBucket({ ...bucket, policy }, context);
    return {};
  },
});

export const getTableBucketPolicy = operation("GetTableBucketPolicy", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucketPolicy", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    if (bucket.policy === undefined) throw bucketPolicyNotFound();
    return { resourcePolicy: await show(bucket.policy, bucket, context) };
  },
});

export const deleteTableBucketPolicy = operation("DeleteTableBucketPolicy", {
  authorize: ({ tableBucketARN }, context) => onBucket("DeleteTableBucketPolicy", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const { policy: _before, ...bucket } = await requireBucket(tableBucketARN, context);
    putBucket(bucket, context);
    return {};
  },
});

export const putTablePolicy = operation("PutTablePolicy", {
  authorize: (input, context) => onTable("PutTablePolicy", input, context),

  async handle({ resourcePolicy, ...named }, context) {
    const stored = await requireTable(named, context);
    const policy = await requirePolicy(resourcePolicy, tableArn(stored), stored, context);
    putTable({ ...stored, policy }, context);
    return {};
  },
});

export const getTablePolicy = operation("GetTablePolicy", {
  authorize: (input, context) => onTable("GetTablePolicy", input, context),

  async handle(input, context) {
    const stored = await requireTable(input, context);
    if (stored.policy === undefined) throw tablePolicyNotFound();
    return { resourcePolicy: await show(stored.policy, stored, context) };
  },
});

export const deleteTablePolicy = operation("DeleteTablePolicy", {
  authorize: (input, context) => onTable("DeleteTablePolicy", input, context),

  async handle(input, context) {
    const { policy: _before, ...stored } = await requireTable(input, context);
    putTable(stored, context);
    return {};
  },
});
