/**
 * Whereto a bucket's objects are replicated.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
 */
import { formatArn, parseAccountId, parseArn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket-row.ts";
import { replicationConfigurationNotFound } from "../errors.ts";
import { requireIntegrity } from "../integrity.ts";
import { arn, operation } from "../kit.ts";
import { sourceNotVersioned } from "./errors.ts";
import { replications } from "./replication-row.ts";
import { requireRules } from "./rule.ts";

export const putBucketReplication = operation("PutBucketReplication", {
  async authorize(input, context) {
    const bucket = await requireBucket(input, context);
    const { Role } = input.ReplicationConfiguration;
    return [onBucket("s3:PutReplicationConfiguration", bucket, context), passRole(Role, arn(context, bucket.name))];
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    if (bucket.versioning?.status !== "Enabled") throw sourceNotVersioned();
    const asked = input.ReplicationConfiguration;
    const rules = await requireRules(asked, bucket.name, context);
    context.tx.put(replications, { bucket: bucket.name, role: asked.Role, rules });
    context.tx.put(buckets, { ...bucket, replicates: true });
    return {};
  },
});

/** Who has S3 use a role needs the right to hand it on. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html (Permissions) */
function passRole(role: string, bucket: string): Access {
  const parts = parseArn(role);
  const owner = parts && parseAccountId(parts.account);
  return {
    action: "iam:PassRole",
    resource: parts ? formatArn(parts) : "*",
    ...(owner && { owner }),
    keys: { "iam:PassedToService": "s3.amazonaws.com", "iam:AssociatedResourceArn": bucket },
  };
}

export const getBucketReplication = operation("GetBucketReplication", {
  authorize: async (input, context) =>
    onBucket("s3:GetReplicationConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    const found = await context.tx.get(replications, name);
    if (found === undefined) throw replicationConfigurationNotFound(name);
    return { ReplicationConfiguration: { Role: found.role, Rules: [...found.rules] } };
  },
});

export const deleteBucketReplication = operation("DeleteBucketReplication", {
  authorize: async (input, context) =>
    onBucket("s3:PutReplicationConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { replicates: _before, ...bucket } = await requireBucket(input, context);
    context.tx.delete(replications, bucket.name);
    context.tx.put(buckets, bucket);
    return {};
  },
});
