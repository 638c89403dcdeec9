/**
 * Choosing from a list by how its objects are encrypted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobManifestGeneratorFilter.html (MatchAnyObjectEncryption)
 */
import type { ObjectEncryptionFilter } from "@aws-sdk/client-s3-control";
import { requireBucket } from "../../bucket/row.ts";
import { OWN_KEYS, type Encryption } from "../../encryption/encryption.ts";
import { findExisting } from "../../object/object.ts";
import type { Hand } from "./queue.ts";
import type { Task } from "./row.ts";

export async function chooseEncrypted(
  tasks: readonly Task[],
  any: readonly ObjectEncryptionFilter[],
  { context }: Hand,
): Promise<readonly Task[]> {
  const chosen: Task[] = [];
  for (const task of tasks) {
    const place = { Bucket: task.bucket, Key: task.key, VersionId: task.versionId };
    const object = await findExisting(place, await requireBucket(place, context), context);
    if (object && any.some((filter) => isEncrypted(object.encryption ?? OWN_KEYS, filter))) chosen.push(task);
  }
  return chosen;
}

/** Nothing here is `NOTSSE`: every object is encrypted, as those of AWS are since 2023. */
function isEncrypted(encryption: Encryption, { SSES3, SSEKMS, DSSEKMS, SSEC }: ObjectEncryptionFilter): boolean {
  switch (encryption.kind) {
    case "AES256":
      return SSES3 !== undefined;
    case "SSE-C":
      return SSEC !== undefined;
    case "aws:kms":
      return SSEKMS !== undefined && isUnder(encryption, SSEKMS);
    case "aws:kms:dsse":
      return DSSEKMS !== undefined && isUnder(encryption, DSSEKMS);
    default:
      return encryption satisfies never;
  }
}

interface Keyed {
  readonly KmsKeyArn?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

type UnderKms = Extract<Encryption, { readonly kind: "aws:kms" | "aws:kms:dsse" }>;

const isUnder = ({ keyArn, bucketKey }: UnderKms, { KmsKeyArn = keyArn, BucketKeyEnabled = bucketKey }: Keyed) =>
  KmsKeyArn === keyArn && BucketKeyEnabled === bucketKey;
