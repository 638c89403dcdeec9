/**
 * How a bucket encrypts what asks for nothing else.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html
 */
import type { ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type DefaultEncryption } from "../bucket/row.ts";
import { isKnown } from "./encryption.ts";
import { defaultKeyWithoutKms } from "./errors.ts";
import { malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";

export const putBucketEncryption = operation("PutBucketEncryption", {
  authorize: async (input, context) =>
    onBucket("s3:PutEncryptionConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const [rule, ...others] = input.ServerSideEncryptionConfiguration.Rules;
    if (rule === undefined || others.length > 0) throw malformedXml();
    context.tx.put(buckets, { ...bucket, encryption: requireRule(rule) });
    return {};
  },
});

/** @throws {AwsError} `MalformedXML`, `InvalidArgument` */
function requireRule(rule: Validated<ServerSideEncryptionRule>): DefaultEncryption {
  const {
    ApplyServerSideEncryptionByDefault: byDefault,
    BucketKeyEnabled: bucketKey,
    BlockedEncryptionTypes: blocked,
  } = rule;
  const { SSEAlgorithm: algorithm = "AES256", KMSMasterKeyID: keyId } = byDefault ?? {};
  if (!isKnown(algorithm)) throw malformedXml();
  if (algorithm === "AES256" && keyId !== undefined) throw defaultKeyWithoutKms();
  const types = blocked?.EncryptionType;
  return {
    algorithm,
    ...(keyId !== undefined && { keyId }),
    ...(bucketKey !== undefined && { bucketKey }),
    takesCustomerKeys: types?.includes("NONE") ?? false,
  };
}

/** Every object is encrypted with keys of S3's own where nothing else was said. */
export const getBucketEncryption = operation("GetBucketEncryption", {
  authorize: async (input, context) =>
    onBucket("s3:GetEncryptionConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { encryption = { algorithm: "AES256" as const } } = await requireBucket(input, context);
    const { algorithm, keyId, bucketKey = false, takesCustomerKeys = false } = encryption;
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: algorithm,
              ...(keyId !== undefined && { KMSMasterKeyID: keyId }),
            },
            BucketKeyEnabled: bucketKey,
            // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
            ...(!takesCustomerKeys && { BlockedEncryptionTypes: { EncryptionType: ["SSE-C" as const] } }),
          },
        ],
      },
    };
  },
});

export const deleteBucketEncryption = operation("DeleteBucketEncryption", {
  authorize: async (input, context) =>
    onBucket("s3:PutEncryptionConfiguration", await requireBucket(input, context), context),

  async handle(input, context) {
    const { encryption: _gone, ...bucket } = await requireBucket(input, context);
    context.tx.put(buckets, bucket);
    return {};
  },
});
