/**
 * What a target is called with: always sealed under the cloud's key; with a KMS key of the owner's under a data key of
 * that besides, which callers and the schedule's role have to be allowed to use.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
 */
import { createSecretKey } from "node:crypto";
import { decrypt, encrypt } from "../../kernel/aead.ts";
import type { Arn } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import type { Principal } from "../../identity/principal.ts";
import type { Context } from "../../service/context.ts";
import { newDataKey, openDataKey, type KeyUse } from "../../service/kms-key.ts";
import { keyUnusable } from "./errors.ts";

export interface EncryptedInput {
  readonly sealed: string;
  /** As KMS encrypted it. */
  readonly dataKey?: string;
}

const PURPOSE = "scheduler input";

interface SealingUse {
  readonly arn: Arn;
  readonly kmsKeyArn: string | undefined;
}

/** Of a schedule without an input. @throws {AwsError} `ValidationException` where KMS refuses the caller the key */
export async function requireUsableKey({ arn, kmsKeyArn }: SealingUse, context: Context): Promise<void> {
  if (kmsKeyArn !== undefined) await newDataKey({ ...useOf(arn), keyId: kmsKeyArn }, context);
}

/** @throws {AwsError} `ValidationException` where KMS refuses the caller the key */
export async function sealInput(
  text: string,
  { arn, kmsKeyArn }: SealingUse,
  context: Context,
): Promise<EncryptedInput> {
  if (kmsKeyArn === undefined) return { sealed: context.keys.seal(text, PURPOSE) };
  const { secret, encrypted: dataKey } = await newDataKey({ ...useOf(arn), keyId: kmsKeyArn }, context);
  const bytes = encrypt(createSecretKey(secret), Buffer.from(text, "utf8"));
  return { sealed: context.keys.seal(bytes, PURPOSE), dataKey };
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
  const secret = await openDataKey(dataKey, { ...useOf(arn), ...(as !== undefined && { as }) }, context);
  const text = decrypt(createSecretKey(secret), bytes);
  assert(text !== undefined, "inputs open under the data key that they were encrypted with");
  return text.toString("utf8");
}

const useOf = (arn: Arn): KeyUse => ({
  bound: { "aws:scheduler:schedule:arn": arn },
  refusal: ({ message }) => keyUnusable(message),
});
