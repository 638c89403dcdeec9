/**
 * Policies of buckets.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
import { callerName } from "../../../service/caller.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { requireValidPolicy } from "./rules.ts";
import { buckets, requireBucket, type Bucket, type BucketInput, type BucketPolicy } from "../bucket/row.ts";
import { invalidPrincipal, methodNotAllowed, noSuchBucketPolicy, publicPolicyBlocked } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { arn, operation } from "../kit.ts";
import { isShutFor } from "../public-access/block.ts";
import { isPublicPolicy } from "./public.ts";

export const putBucketPolicy = operation("PutBucketPolicy", {
  authorize: (input, context) => askAboutPolicy("s3:PutBucketPolicy", input, context),

  async handle(input, context) {
    const bucket = await requireOwnBucket("PUT", input, context);
    await requireIntegrity(context.request);
    const itself = arn(context, bucket.name);
    await requireValidPolicy(input.Policy, { itself, objects: `${itself}/` });
    if (isShutFor("BlockPublicPolicy", bucket) && isPublicPolicy(input.Policy)) {
      throw publicPolicyBlocked({ caller: callerName(context.principal), resource: itself });
    }
    const changed = { ...bucket, policy: await pin(input.Policy, context) };
    if (!input.ConfirmRemoveSelfBucketAccess) await requireSelfAccess(changed, context);
    context.tx.put(buckets, changed);
    return {};
  },
});

/** @throws {AwsError} `MalformedPolicy` where somebody it names does not exist. */
async function pin(document: string, context: Context): Promise<BucketPolicy> {
  const pinned = await context.directory.pinPrincipals(document, context);
  if (pinned.kind === "unknown") throw invalidPrincipal(pinned.principal);
  return pinned;
}

/**
 * Who puts a policy keeps the right to change it, unless they say that they mean to lose it.
 * The root user of the owner always keeps it.
 */
async function requireSelfAccess(bucket: Bucket, context: Context): Promise<void> {
  if (context.principal.type === "root" && context.principal.account === bucket.owner) return;
  await context.require(onBucket("s3:PutBucketPolicy", bucket, context));
}

export const getBucketPolicy = operation("GetBucketPolicy", {
  authorize: (input, context) => askAboutPolicy("s3:GetBucketPolicy", input, context),

  async handle(input, context) {
    const { name, policy } = await requireOwnBucket("GET", input, context);
    if (policy === undefined) throw noSuchBucketPolicy(name);
    return { Policy: await context.directory.showPrincipals(policy, context) };
  },
});

export const deleteBucketPolicy = operation("DeleteBucketPolicy", {
  authorize: (input, context) => askAboutPolicy("s3:DeleteBucketPolicy", input, context),

  async handle(input, context) {
    const { policy: _gone, ...bucket } = await requireOwnBucket("DELETE", input, context);
    context.tx.put(buckets, bucket);
    return {};
  },
});

export const getBucketPolicyStatus = operation("GetBucketPolicyStatus", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketPolicyStatus", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name, policy } = await requireBucket(input, context);
    if (policy === undefined) throw noSuchBucketPolicy(name);
    return { PolicyStatus: { IsPublic: isPublicPolicy(policy.document) } };
  },
});

const askAboutPolicy = async (action: string, input: BucketInput, context: Context) =>
  onBucket(action, await requireBucket(input, context), context);

/**
 * Whoever may touch the policy of another account's bucket still cannot.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html (405 Method Not Allowed)
 */
async function requireOwnBucket(method: string, input: BucketInput, context: Context): Promise<Bucket> {
  const bucket = await requireBucket(input, context);
  if (bucket.owner !== context.account) throw methodNotAllowed(method);
  return bucket;
}
