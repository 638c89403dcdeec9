/** Signing and verifying. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
import { constants, sign as signWith, verify as verifyWith, type KeyObject } from "node:crypto";
import type { MessageType, SigningAlgorithmSpec } from "@aws-sdk/client-kms";
import { signDigest, verifyDigest, type DigestHash, type DigestManner } from "../../../kernel/digest-signature.ts";
import {
  REPRESENTATIVE_BYTES,
  signRepresentative,
  verifyRepresentative,
} from "../../../kernel/representative-signature.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onNamedKey } from "../access.ts";
import { algorithmWrong, digestLengthWrong, messageTypeWrong, signatureInvalid } from "../errors.ts";
import { requirePrivateKey, requirePublicKey } from "../material/material.ts";
import { keyArn, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { operation, type KmsSdk } from "../kit.ts";
import { requireNamedKey } from "../key/named.ts";
import { requireRealRun } from "./trial-run.ts";
import { requireUsable } from "./use.ts";

type SignInput = InputOf<KmsSdk, "Sign">;

const ask = (
  action: "Sign" | "Verify",
  input: Pick<SignInput, "KeyId" | "SigningAlgorithm" | "MessageType">,
  context: Context,
) =>
  onNamedKey(action, input.KeyId, context, {
    keys: { "kms:SigningAlgorithm": input.SigningAlgorithm, "kms:MessageType": input.MessageType ?? "RAW" },
  });

export const sign = operation("Sign", {
  authorize: (input, context) => ask("Sign", input, context),

  async handle({ KeyId, Message, MessageType: type = "RAW", SigningAlgorithm: algorithm, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "SIGN_VERIFY", action: "Sign", request }, context);
    const message = requireMessage(key, { bytes: Message, type, algorithm });
    const Signature = await signatureOf(message, await requirePrivateKey(key, context));
    requireRealRun(request);
    return { KeyId: keyArn(key), Signature, SigningAlgorithm: algorithm };
  },
});

export const verify = operation("Verify", {
  authorize: (input, context) => ask("Verify", input, context),

  async handle(
    { KeyId, Message, MessageType: type = "RAW", Signature, SigningAlgorithm: algorithm, ...request },
    context,
  ) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "SIGN_VERIFY", action: "Verify", request }, context);
    const message = requireMessage(key, { bytes: Message, type, algorithm });
    if (!(await isSigned(message, Signature, await requirePublicKey(key, context)))) throw signatureInvalid();
    requireRealRun(request);
    return { KeyId: keyArn(key), SignatureValid: true, SigningAlgorithm: algorithm };
  },
});

interface Message {
  readonly bytes: Uint8Array;
  readonly type: MessageType;
  readonly algorithm: SigningAlgorithmSpec;
}

/** How a message is hashed and signed; what is not here does both itself. */
const MANNERS: Readonly<Partial<Record<SigningAlgorithmSpec, DigestManner>>> = {
  RSASSA_PKCS1_V1_5_SHA_256: { scheme: "pkcs1", hash: "sha256" },
  RSASSA_PKCS1_V1_5_SHA_384: { scheme: "pkcs1", hash: "sha384" },
  RSASSA_PKCS1_V1_5_SHA_512: { scheme: "pkcs1", hash: "sha512" },
  RSASSA_PSS_SHA_256: { scheme: "pss", hash: "sha256" },
  RSASSA_PSS_SHA_384: { scheme: "pss", hash: "sha384" },
  RSASSA_PSS_SHA_512: { scheme: "pss", hash: "sha512" },
  ECDSA_SHA_256: { scheme: "ecdsa", hash: "sha256" },
  ECDSA_SHA_384: { scheme: "ecdsa", hash: "sha384" },
  ECDSA_SHA_512: { scheme: "ecdsa", hash: "sha512" },
  ED25519_PH_SHA_512: { scheme: "ed25519ph", hash: "sha512" },
};

const DIGEST_BYTES: Readonly<Record<DigestHash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** @throws {AwsError} `InvalidKeyUsageException`, `ValidationException` */
function requireMessage({ spec }: Key, message: Message): Message {
  const { algorithm, type, bytes } = message;
  if (!factsOf(spec).signing.includes(algorithm)) throw algorithmWrong(algorithm, spec);
  const manner = MANNERS[algorithm];
  if (!typesOf(manner, algorithm).includes(type)) throw messageTypeWrong(type, algorithm);
  const bytesWanted = manner === undefined ? REPRESENTATIVE_BYTES : DIGEST_BYTES[manner.hash];
  if (type !== "RAW" && bytes.byteLength !== bytesWanted) throw digestLengthWrong(algorithm);
  return message;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-MessageType */
function typesOf(manner: DigestManner | undefined, algorithm: SigningAlgorithmSpec): readonly MessageType[] {
  if (algorithm === "ML_DSA_SHAKE_256") return ["RAW", "EXTERNAL_MU"];
  if (manner === undefined) return ["RAW"];
  return manner.scheme === "ed25519ph" ? ["DIGEST"] : ["RAW", "DIGEST"];
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** As Node signs messages, which it hashes itself. */
const wholeManner = (manner: DigestManner | undefined, key: KeyObject) => ({
  hash: manner?.hash ?? null,
  key: { key, ...(manner?.scheme === "pss" && PSS) },
});

async function signatureOf({ bytes, type, algorithm }: Message, privateKey: KeyObject): Promise<Uint8Array> {
  if (type === "EXTERNAL_MU") return signRepresentative(bytes, privateKey);
  const manner = MANNERS[algorithm];
  if (type === "DIGEST" && manner !== undefined) return signDigest(bytes, manner, privateKey);
  const { hash, key } = wholeManner(manner, privateKey);
  return signWith(hash, bytes, key);
}

async function isSigned(
  { bytes, type, algorithm }: Message,
  signature: Uint8Array,
  publicKey: KeyObject,
): Promise<boolean> {
  if (type === "EXTERNAL_MU") return verifyRepresentative({ representative: bytes, signature }, publicKey);
  const manner = MANNERS[algorithm];
  if (type === "DIGEST" && manner !== undefined) return verifyDigest({ digest: bytes, signature }, manner, publicKey);
  const { hash, key } = wholeManner(manner, publicKey);
  return verifyWith(hash, bytes, key, signature);
}
