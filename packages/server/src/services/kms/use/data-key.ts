/** Keys made for their caller, in the clear and encrypted. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
import { createPrivateKey, createPublicKey } from "node:crypto";
import type { DataKeySpec } from "@aws-sdk/client-kms";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onNamedKey } from "../access.ts";
import {
  algorithmWrong,
  byteCountMissing,
  dataKeySizeMissing,
  dataKeySizeTwice,
  keyStoreUnsupported,
  recipientUnsupported,
  specUnsupported,
} from "../errors.ts";
import { encryptWith } from "./encryption.ts";
import { makeMaterial, makeSecret, spkiOf } from "../material/material.ts";
import { keyArn, type Key } from "../key/row.ts";
import { isBuiltSpec } from "../key/spec.ts";
import { operation, streaming, type KmsSdk } from "../kit.ts";
import { requireNamedKey } from "../key/named.ts";
import { requireRealRun } from "./trial-run.ts";
import { requireUsable, type Wanted } from "./use.ts";

type DataKeyInput = InputOf<KmsSdk, "GenerateDataKeyWithoutPlaintext">;
type PairInput = InputOf<KmsSdk, "GenerateDataKeyPairWithoutPlaintext">;

const BYTES: Readonly<Record<DataKeySpec, number>> = { AES_128: 16, AES_256: 32 };

const ask = (
  action: Action,
  { KeyId, EncryptionContext }: Pick<DataKeyInput, "KeyId" | "EncryptionContext">,
  context: Context,
  pairSpec?: string,
) =>
  onNamedKey(action, KeyId, context, {
    encryptionContext: EncryptionContext,
    keys: { "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "kms:DataKeyPairSpec": pairSpec },
  });

type Action =
  | "GenerateDataKey"
  | "GenerateDataKeyWithoutPlaintext"
  | "GenerateDataKeyPair"
  | "GenerateDataKeyPairWithoutPlaintext";

export const generateDataKey = operation("GenerateDataKey", {
  authorize: (input, context) => ask("GenerateDataKey", input, context),

  async handle(input, context) {
    const { plaintext, answer } = await makeDataKey("GenerateDataKey", input, context);
    return { ...answer, Plaintext: plaintext };
  },
});

export const generateDataKeyWithoutPlaintext = operation("GenerateDataKeyWithoutPlaintext", {
  authorize: (input, context) => ask("GenerateDataKeyWithoutPlaintext", input, context),
  handle: async (input, context) => (await makeDataKey("GenerateDataKeyWithoutPlaintext", input, context)).answer,
});

async function makeDataKey(
  action: Action,
  input: DataKeyInput & { readonly Recipient?: object | undefined },
  context: Context,
) {
  const { KeySpec: spec, NumberOfBytes: count } = input;
  if (spec !== undefined && count !== undefined) throw dataKeySizeTwice();
  const bytes = spec === undefined ? count : BYTES[spec];
  if (bytes === undefined) throw dataKeySizeMissing();
  const key = await requireSealer(action, input, context);
  const plaintext = makeSecret(bytes);
  const CiphertextBlob = await sealed(key, plaintext, input, context);
  requireRealRun(input);
  return { plaintext, answer: { CiphertextBlob, KeyId: keyArn(key), KeyMaterialId: key.materialId } };
}

/** A symmetric key: no other makes data keys. */
async function requireSealer(
  action: Action,
  input: Wanted["request"] & { readonly KeyId: string },
  context: Context,
): Promise<Key> {
  const { key } = await requireNamedKey(input.KeyId, context);
  await requireUsable(key, { usage: "ENCRYPT_DECRYPT", action, request: input }, context);
  if (key.spec !== "SYMMETRIC_DEFAULT") throw algorithmWrong("SYMMETRIC_DEFAULT", key.spec);
  return key;
}

function sealed(
  key: Key,
  plaintext: Uint8Array,
  { EncryptionContext = {} }: Pick<DataKeyInput, "EncryptionContext">,
  context: Context,
): Promise<Buffer> {
  context.recordMore({ keyMaterialId: key.materialId });
  return encryptWith(key, plaintext, { algorithm: "SYMMETRIC_DEFAULT", encryptionContext: EncryptionContext }, context);
}

/** Making a pair takes a while, so it is made before the transaction. */
export const generateDataKeyPair = streaming("GenerateDataKeyPair", {
  authorize: (input, context) => ask("GenerateDataKeyPair", input, context, input.KeyPairSpec),
  receive: (input) => makePair(input),

  async handle(input, context, pair) {
    return { ...(await sealPair("GenerateDataKeyPair", input, pair, context)), PrivateKeyPlaintext: pair };
  },
});

export const generateDataKeyPairWithoutPlaintext = streaming("GenerateDataKeyPairWithoutPlaintext", {
  authorize: (input, context) => ask("GenerateDataKeyPairWithoutPlaintext", input, context, input.KeyPairSpec),
  receive: (input) => makePair(input),
  handle: (input, context, pair) => sealPair("GenerateDataKeyPairWithoutPlaintext", input, pair, context),
});

/** @throws {AwsError} `UnsupportedOperationException` */
function makePair({ KeyPairSpec: spec }: PairInput): Promise<Buffer> {
  if (!isBuiltSpec(spec)) throw specUnsupported(spec);
  return makeMaterial(spec);
}

async function sealPair(action: Action, input: PairInput, pair: Buffer, context: Context) {
  const key = await requireSealer(action, input, context);
  requireRealRun(input);
  const privateKey = createPrivateKey({ key: pair, format: "der", type: "pkcs8" });
  return {
    PrivateKeyCiphertextBlob: await sealed(key, pair, input, context),
    PublicKey: spkiOf(createPublicKey(privateKey)),
    KeyId: keyArn(key),
    KeyPairSpec: input.KeyPairSpec,
    KeyMaterialId: key.materialId,
  };
}

export const generateRandom = operation("GenerateRandom", {
  authorize: () => ({ action: "kms:GenerateRandom", resource: "*" }),

  async handle({ NumberOfBytes: bytes, CustomKeyStoreId, Recipient }) {
    if (CustomKeyStoreId !== undefined) throw keyStoreUnsupported();
    if (Recipient !== undefined) throw recipientUnsupported();
    if (bytes === undefined) throw byteCountMissing();
    return { Plaintext: makeSecret(bytes) };
  },
});
