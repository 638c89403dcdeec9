/**
 * How values lie at rest: each version under a data key of its own, which the caller asks KMS for.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { decryptionFailed, encryptionFailed, kmsDenied, kmsKeyNotFound } from "./errors.ts";
import { arnOf, type Secret } from "./secret-row.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

const MANAGED_KEY = "alias/aws/secretsmanager";
const NOTHING = new Uint8Array();

export interface Sealed {
  /** Base64. */
  readonly content: string;
  /** As KMS encrypted it, base64. */
  readonly dataKey: string;
  readonly kmsKeyId?: string;
}

/** Where a value belongs: it opens nowhere else. */
interface Place {
  readonly secret: Secret;
  readonly version: string;
}

/** @throws {AwsError} that KMS refuses, in Secrets Manager's words */
export async function sealValue(bytes: Uint8Array, { secret, version }: Place, context: Context): Promise<Sealed> {
  const { kmsKeyId } = secret;
  const made = await asKms(encryptionFailed, () =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { KeyId: keyOf(secret), KeySpec: "AES_256", EncryptionContext: bound(secret, version) },
      region: secret.region,
    }),
  );
  const { Plaintext = NOTHING, CiphertextBlob = NOTHING } = made;
  return {
    content: encrypt(createSecretKey(Plaintext), bytes).toString("base64"),
    dataKey: Buffer.from(CiphertextBlob).toString("base64"),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

/** @throws {AwsError} that KMS refuses, in Secrets Manager's words */
export async function openValue(sealed: Sealed, { secret, version }: Place, context: Context): Promise<Uint8Array> {
  const opened = await asKms(decryptionFailed, () =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: {
        CiphertextBlob: Buffer.from(sealed.dataKey, "base64"),
        EncryptionContext: bound(secret, version),
      },
      region: secret.region,
    }),
  );
  const { Plaintext = NOTHING } = opened;
  const bytes = decrypt(createSecretKey(Plaintext), Buffer.from(sealed.content, "base64"));
  assert(bytes !== undefined, "values open under the data key that they were encrypted with");
  return bytes;
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context */
const bound = (secret: Secret, version: string) => ({ SecretARN: arnOf(secret), SecretVersionId: version });

/** An alias or an id is of the secret's own account, whoever calls. */
function keyOf({ kmsKeyId = MANAGED_KEY, partition, region, account }: Secret): string {
  if (kmsKeyId.startsWith("arn:")) return kmsKeyId;
  // another account's call would have the key made in that account
  const resource = kmsKeyId.startsWith("alias/") ? kmsKeyId : `key/${kmsKeyId}`;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}

const DENIED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);
const UNKNOWN: ReadonlySet<string> = new Set(["NotFoundException", "InvalidArnException"]);
const UNUSABLE: ReadonlySet<string> = new Set([
  "DisabledException",
  "InvalidKeyUsageException",
  "KMSInvalidStateException",
  "InvalidCiphertextException",
]);

async function asKms<Output>(failed: (why: string) => AwsError, work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (DENIED.has(error.code)) throw kmsDenied();
    if (UNKNOWN.has(error.code)) throw kmsKeyNotFound(error.message);
    if (UNUSABLE.has(error.code)) throw failed(error.message);
    throw error;
  }
}
