/**
 * How tables are encrypted: a bucket says how new ones are, each may have its own way from the beginning, and stays with
 * it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-encryption.html
 */
import type { EncryptionConfiguration } from "@aws-sdk/client-s3tables";
import type { ConditionKeys } from "../../../service/access.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onBucket, onTable } from "./access.ts";
import { putBucket, requireBucket } from "./bucket-row.ts";
import { OWN_KEYS, type TableEncryption } from "./encryption-kind.ts";
import { keyMissing, keyNotForThis } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireTable } from "./table-row.ts";

type Configuration = Validated<EncryptionConfiguration>;

/** @throws {AwsError} `BadRequestException` where the key does not go with the algorithm. */
export function toEncryption({ sseAlgorithm, kmsKeyArn }: Configuration): TableEncryption {
  if (sseAlgorithm === "AES256" && kmsKeyArn !== undefined) throw keyNotForThis();
  if (sseAlgorithm === "aws:kms" && kmsKeyArn === undefined) throw keyMissing();
  return { sseAlgorithm, ...(kmsKeyArn !== undefined && { kmsKeyArn }) };
}

export const askToEncrypt = (configuration: Configuration | undefined): ConditionKeys => ({
  "s3tables:SSEAlgorithm": configuration?.sseAlgorithm,
  "s3tables:KMSKeyArn": configuration?.kmsKeyArn,
});

export const putTableBucketEncryption = operation("PutTableBucketEncryption", {
  authorize: ({ tableBucketARN, encryptionConfiguration }, context) =>
    onBucket("PutTableBucketEncryption", tableBucketARN, context, { keys: askToEncrypt(encryptionConfiguration) }),

  async handle({ tableBucketARN, encryptionConfiguration }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    putBucket({ ...bucket, encryption: toEncryption(encryptionConfiguration) }, context);
    return {};
  },
});

export const getTableBucketEncryption = operation("GetTableBucketEncryption", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucketEncryption", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const { encryption = OWN_KEYS } = await requireBucket(tableBucketARN, context);
    return { encryptionConfiguration: { ...encryption } };
  },
});

export const deleteTableBucketEncryption = operation("DeleteTableBucketEncryption", {
  authorize: ({ tableBucketARN }, context) => onBucket("DeleteTableBucketEncryption", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    const { encryption: _before, ...bucket } = await requireBucket(tableBucketARN, context);
    putBucket(bucket, context);
    return {};
  },
});

export const getTableEncryption = operation("GetTableEncryption", {
  authorize: (input, context) => onTable("GetTableEncryption", input, context),

  async handle(input, context) {
    const { encryption } = await requireTable(input, context);
    return { encryptionConfiguration: { ...encryption } };
  },
});
