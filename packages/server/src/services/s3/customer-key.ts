/**
 * Keys that callers bring along and S3 forgets.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
import { createHash } from "node:crypto";
import {
  customerAlgorithmInvalid,
  customerAlgorithmMissing,
  customerKeyInvalid,
  customerKeyMd5Wrong,
  customerKeyMissing,
  customerKeyWanted,
  customerKeyWithMethod,
  customerKeyWrong,
} from "./encryption-errors.ts";

/** The members that bring a key. */
export interface CustomerKeyInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}

export interface CustomerKey {
  readonly secret: Uint8Array;
  /** Base64. */
  readonly md5: string;
}

const KEY_BYTES = 32;

/**
 * The key that the request brings; `undefined` where it brings none.
 * Differs: it is taken over HTTP as well, where AWS wants TLS.
 * @throws {AwsError} `InvalidArgument`, `InvalidEncryptionAlgorithmError` where it brings half of one, or no key at all
 */
export function requireCustomerKey(input: CustomerKeyInput): CustomerKey | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: stated } = input;
  if (algorithm === undefined && key === undefined && stated === undefined) return undefined;
  if (input.ServerSideEncryption !== undefined) throw customerKeyWithMethod(input.ServerSideEncryption);
  if (algorithm === undefined) throw customerAlgorithmMissing();
  if (algorithm !== "AES256") throw customerAlgorithmInvalid(algorithm);
  if (key === undefined) throw customerKeyMissing();
  const secret = Buffer.from(key, "base64");
  if (secret.byteLength !== KEY_BYTES) throw customerKeyInvalid();
  const md5 = createHash("md5").update(secret).digest("base64");
  if (stated !== md5) throw customerKeyMd5Wrong();
  return { secret, md5 };
}

/**
 * The secret, where the key is the one that the object was stored with.
 * @throws {AwsError} `InvalidRequest` where none is shown, `AccessDenied` where it is another
 */
export function requireSameKey(shown: CustomerKey | undefined, md5: string): Uint8Array {
  if (shown === undefined) throw customerKeyWanted();
  if (shown.md5 !== md5) throw customerKeyWrong();
  return shown.secret;
}

/** The members that bring the key of a copy's source. */
export interface SourceKeyInput {
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly CopySourceSSECustomerKey?: string | undefined;
  readonly CopySourceSSECustomerKeyMD5?: string | undefined;
}

export const sourceKeyOf = (input: SourceKeyInput): CustomerKeyInput => ({
  SSECustomerAlgorithm: input.CopySourceSSECustomerAlgorithm,
  SSECustomerKey: input.CopySourceSSECustomerKey,
  SSECustomerKeyMD5: input.CopySourceSSECustomerKeyMD5,
});
