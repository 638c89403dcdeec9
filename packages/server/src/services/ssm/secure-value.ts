/**
 * Values that KMS encrypts: those of standard parameters themselves, those of advanced ones under a data key of their
 * own. The caller asks KMS, bound to the parameter's ARN.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { keyInvalid, kmsDenied } from "./errors.ts";
import { arnOf, type Parameter } from "./parameter-row.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

export const MANAGED_KEY = "alias/aws/ssm";
const NOTHING = new Uint8Array();
/** Before a data key, its length. */
const LENGTH_BYTES = 2;

type Encrypted = Pick<Parameter, "partition" | "region" | "account" | "key" | "tier" | "keyId">;

const bound = (parameter: Encrypted) => ({ PARAMETER_ARN: arnOf(parameter) });

/** Base64. @throws {AwsError} `InvalidKeyId`, `AccessDeniedException` */
export async function sealValue(text: string, parameter: Encrypted, context: Context): Promise<string> {
  const bytes = Buffer.from(text, "utf8");
  const request = { KeyId: keyOf(parameter), EncryptionContext: bound(parameter) };
  const { region } = parameter;
  if (parameter.tier === "Standard") {
    const { CiphertextBlob = NOTHING } = await asKms(() =>
      context.call<KmsSdk, "Encrypt">({
        service: "kms",
        operation: "Encrypt",
        input: { ...request, Plaintext: bytes },
        region,
      }),
    );
    return Buffer.from(CiphertextBlob).toString("base64");
  }
  const { CiphertextBlob = NOTHING, Plaintext = NOTHING } = await asKms(() =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { ...request, KeySpec: "AES_256" },
      region,
    }),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(CiphertextBlob.byteLength);
  return Buffer.concat([length, CiphertextBlob, encrypt(createSecretKey(Plaintext), bytes)]).toString("base64");
}

/** @throws {AwsError} `InvalidKeyId`, `AccessDeniedException` */
export async function openValue(sealed: string, parameter: Encrypted, context: Context): Promise<string> {
  const bytes = Buffer.from(sealed, "base64");
  if (parameter.tier === "Standard") return Buffer.from(await decrypted(bytes, parameter, context)).toString("utf8");
  const end = LENGTH_BYTES + bytes.readUInt16BE();
  const secret = await decrypted(bytes.subarray(LENGTH_BYTES, end), parameter, context);
  const text = decrypt(createSecretKey(secret), bytes.subarray(end));
  assert(text !== undefined, "values open under the data key that they were encrypted with");
  return text.toString("utf8");
}

async function decrypted(bytes: Uint8Array, parameter: Encrypted, context: Context): Promise<Uint8Array> {
  const { Plaintext = NOTHING } = await asKms(() =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: { CiphertextBlob: bytes, EncryptionContext: bound(parameter) },
      region: parameter.region,
    }),
  );
  return Plaintext;
}

/** An alias or an id is of the parameter's own account, whoever calls. */
function keyOf({ keyId = MANAGED_KEY, partition, region, account }: Encrypted): string {
  if (keyId.startsWith("arn:")) return keyId;
  const resource = keyId.startsWith("alias/") ? keyId : `key/${keyId}`;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}

const DENIED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);
const UNUSABLE: ReadonlySet<string> = new Set([
  "NotFoundException",
  "InvalidArnException",
  "DisabledException",
  "InvalidKeyUsageException",
  "KMSInvalidStateException",
]);

async function asKms<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (DENIED.has(error.code)) throw kmsDenied(error.message);
    if (UNUSABLE.has(error.code)) throw keyInvalid(error.message);
    throw error;
  }
}
