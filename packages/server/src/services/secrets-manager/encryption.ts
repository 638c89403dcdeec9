/**
 * How values lie at rest: each version under a data key of its own, which the caller asks KMS for.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import type { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { keyArnIn, newDataKey, openDataKey, type KeyUse } from "../../service/kms-key.ts";
import { decryptionFailed, encryptionFailed, kmsDenied, kmsKeyNotFound, managedKeyElsewhere } from "./errors.ts";
import { arnOf, type Secret } from "./secret-row.ts";

const MANAGED_KEY = "alias/aws/secretsmanager";

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
  const { kmsKeyId = MANAGED_KEY } = secret;
  requireKeyWithin(kmsKeyId, secret, context);
  const use = { ...useOf({ secret, version }, encryptionFailed), keyId: keyArnIn(kmsKeyId, secret) };
  const { secret: key, encrypted: dataKey } = await newDataKey(use, context);
  return {
    content: encrypt(createSecretKey(key), bytes).toString("base64"),
    dataKey,
    ...(secret.kmsKeyId !== undefined && { kmsKeyId }),
  };
}

/** @throws {AwsError} that KMS refuses, in Secrets Manager's words */
export async function openValue(sealed: Sealed, { secret, version }: Place, context: Context): Promise<Uint8Array> {
  requireKeyWithin(sealed.kmsKeyId ?? MANAGED_KEY, secret, context);
  const key = await openDataKey(sealed.dataKey, useOf({ secret, version }, decryptionFailed), context);
  const bytes = decrypt(createSecretKey(key), Buffer.from(sealed.content, "base64"));
  assert(bytes !== undefined, "values open under the data key that they were encrypted with");
  return bytes;
}

/**
 * The account's own key for Secrets Manager is of no use to another account.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/secretsmanager/test_secretsmanager.py (validated: test_cross_account_access)
 * @throws {AwsError} `InvalidRequestException`
 */
function requireKeyWithin(kmsKeyId: string, { account }: Secret, caller: Context): void {
  if (kmsKeyId.endsWith(MANAGED_KEY) && caller.account !== account) throw managedKeyElsewhere();
}

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context */
const useOf = ({ secret, version }: Place, failed: (why: string) => AwsError): KeyUse => ({
  bound: { SecretARN: arnOf(secret), SecretVersionId: version },
  region: secret.region,
  refusal: ({ code, message }) => {
    if (DENIED.has(code)) return kmsDenied();
    if (UNKNOWN.has(code)) return kmsKeyNotFound(message);
    return UNUSABLE.has(code) ? failed(message) : undefined;
  },
});

const DENIED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);
const UNKNOWN: ReadonlySet<string> = new Set(["NotFoundException", "InvalidArnException"]);
const UNUSABLE: ReadonlySet<string> = new Set([
  "DisabledException",
  "InvalidKeyUsageException",
  "KMSInvalidStateException",
  "InvalidCiphertextException",
]);
