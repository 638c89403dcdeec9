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
} from "./errors.ts";

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
 * The key that the request brings to encrypt under; `undefined` where it brings none.
 * Differs: it is taken over HTTP as well, where AWS wants TLS.
 * @throws {AwsError} `InvalidArgument`, `InvalidEncryptionAlgorithmError` where it brings half of one, or no key at all
 */
export function requireCustomerKey(input: CustomerKeyInput): CustomerKey | undefined {
  const brought = broughtKey(input);
  if (brought && brought.secret.byteLength !== KEY_BYTES) throw customerKeyInvalid();
  return brought && matching(brought);
}

/**
 * The key that the request shows of what is encrypted already: one of another length is just another key.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_object_retrieval_sse_c)
 * @throws {AwsError} `InvalidArgument`, `InvalidEncryptionAlgorithmError`
 */
export function findShownKey(input: CustomerKeyInput): CustomerKey | undefined {
  const brought = broughtKey(input);
  return brought && matching(brought);
}

interface BroughtKey {
  readonly secret: Uint8Array;
  /** What the caller says that its MD5 is. */
  readonly stated: string | undefined;
}

function broughtKey(input: CustomerKeyInput): BroughtKey | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: stated } = input;
  if (algorithm === undefined && key === undefined && stated === undefined) return undefined;
  if (input.ServerSideEncryption !== undefined) throw customerKeyWithMethod(input.ServerSideEncryption);
  if (algorithm === undefined) throw customerAlgorithmMissing();
  if (algorithm !== "AES256") throw customerAlgorithmInvalid(algorithm);
  if (key === undefined) throw customerKeyMissing();
  return { secret: Buffer.from(key, "base64"), stated };
}

function matching({ secret, stated }: BroughtKey): CustomerKey {
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
