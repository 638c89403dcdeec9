/**
 * Whereto a bucket's objects are replicated.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
 */
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { replicationConfigurationNotFound } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { passRole } from "../pass-role.ts";
import { sourceNotVersioned } from "./errors.ts";
import { replications } from "./row.ts";
import { requireRules } from "./rule.ts";

export const putBucketReplication = operation("PutBucketReplication", {
  async authorize(input, context) {
    const bucket = await requireBucket(input, context);
    const { Role: role } = input.ReplicationConfiguration;
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html (Permissions)
    const handedOn = passRole({ role, service: "s3.amazonaws.com", bucket: bucket.name }, context);
    return [onBucket("s3:PutReplicationConfiguration", bucket, context), handedOn];
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
