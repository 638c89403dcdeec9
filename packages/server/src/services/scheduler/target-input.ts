/**
 * What a target is called with: always sealed under the cloud's key; with a KMS key of the owner's under a data key of
 * that besides, which callers and the schedule's role have to be allowed to use.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import type { Arn } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Principal } from "../../identity/principal.ts";
import type { Context } from "../../service/context.ts";
import { keyUnusable } from "./errors.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

export interface EncryptedInput {
  readonly sealed: string;
  /** As KMS encrypted it. */
  readonly dataKey?: string;
}

const PURPOSE = "scheduler input";
const NOTHING = new Uint8Array();

/** @throws {AwsError} `ValidationException` where KMS refuses the caller the key */
export async function sealInput(
  text: string,
  { arn, kmsKeyArn }: { readonly arn: Arn; readonly kmsKeyArn: string | undefined },
  context: Context,
): Promise<EncryptedInput> {
  if (kmsKeyArn === undefined) return { sealed: context.keys.seal(text, PURPOSE) };
  const made = await asValidation(() =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { KeyId: kmsKeyArn, KeySpec: "AES_256", EncryptionContext: boundTo(arn) },
    }),
  );
  const { Plaintext = NOTHING, CiphertextBlob = NOTHING } = made;
  const bytes = encrypt(createSecretKey(Plaintext), Buffer.from(text, "utf8"));
  return { sealed: context.keys.seal(bytes, PURPOSE), dataKey: Buffer.from(CiphertextBlob).toString("base64") };
}

/**
 * @param as whose rights KMS asks for: the caller's where left out
 * @throws {AwsError} `ValidationException` where KMS refuses the key
 */
export async function openInput(
  { sealed, dataKey }: EncryptedInput,
  { arn, as }: { readonly arn: Arn; readonly as?: Principal },
  context: Context,
): Promise<string> {
  const bytes = context.keys.open(sealed, PURPOSE);
  assert(bytes !== undefined, "inputs are sealed here");
  if (dataKey === undefined) return Buffer.from(bytes).toString("utf8");
  const opened = await asValidation(() =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: { CiphertextBlob: Buffer.from(dataKey, "base64"), EncryptionContext: boundTo(arn) },
      ...(as !== undefined && { as }),
    }),
  );
  const text = decrypt(createSecretKey(opened.Plaintext ?? NOTHING), bytes);
  assert(text !== undefined, "inputs open under the data key that they were encrypted with");
  return text.toString("utf8");
}

const boundTo = (arn: Arn) => ({ "aws:scheduler:schedule:arn": arn });

async function asValidation<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AwsError) throw keyUnusable(error.message);
    throw error;
  }
}
