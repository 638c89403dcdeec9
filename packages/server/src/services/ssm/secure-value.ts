/**
 * Values that KMS encrypts: those of standard parameters themselves, those of advanced ones under a data key of their
 * own. The caller asks KMS, bound to the parameter's ARN.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";
import { decryptByKms, encryptByKms, keyArnIn, newDataKey, type KeyUse } from "../../service/kms-key.ts";
import { keyInvalid, kmsDenied } from "./errors.ts";
import { arnOf, type Parameter } from "./parameter-row.ts";

export const MANAGED_KEY = "alias/aws/ssm";
/** Before a data key, its length. */
const LENGTH_BYTES = 2;

type Encrypted = Pick<Parameter, "partition" | "region" | "account" | "key" | "tier" | "keyId">;

/** Base64. @throws {AwsError} `InvalidKeyId`, `AccessDeniedException` */
export async function sealValue(text: string, parameter: Encrypted, context: Context): Promise<string> {
  const bytes = Buffer.from(text, "utf8");
  const use = { ...useOf(parameter), keyId: keyArnIn(parameter.keyId ?? MANAGED_KEY, parameter) };
  if (parameter.tier === "Standard") return Buffer.from(await encryptByKms(bytes, use, context)).toString("base64");
  const { secret, encrypted } = await newDataKey(use, context);
  const dataKey = Buffer.from(encrypted, "base64");
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(dataKey.byteLength);
  return Buffer.concat([length, dataKey, encrypt(createSecretKey(secret), bytes)]).toString("base64");
}

/** @throws {AwsError} `InvalidKeyId`, `AccessDeniedException` */
export async function openValue(sealed: string, parameter: Encrypted, context: Context): Promise<string> {
  const bytes = Buffer.from(sealed, "base64");
  const use = useOf(parameter);
  if (parameter.tier === "Standard") return Buffer.from(await decryptByKms(bytes, use, context)).toString("utf8");
  const end = LENGTH_BYTES + bytes.readUInt16BE();
  const secret = await decryptByKms(bytes.subarray(LENGTH_BYTES, end), use, context);
  const text = decrypt(createSecretKey(secret), bytes.subarray(end));
  assert(text !== undefined, "values open under the data key that they were encrypted with");
  return text.toString("utf8");
}

const useOf = (parameter: Encrypted): KeyUse => ({
  bound: { PARAMETER_ARN: arnOf(parameter) },
  region: parameter.region,
  refusal: ({ code, message }) => {
    if (DENIED.has(code)) return kmsDenied(message);
    return UNUSABLE.has(code) ? keyInvalid(message) : undefined;
  },
});

const DENIED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);
const UNUSABLE: ReadonlySet<string> = new Set([
  "NotFoundException",
  "InvalidArnException",
  "DisabledException",
  "InvalidKeyUsageException",
  "KMSInvalidStateException",
]);
