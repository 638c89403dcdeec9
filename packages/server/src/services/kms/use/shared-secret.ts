/** Secrets that two sides come to alike: agreed upon (ECDH), or sent (ML-KEM). */
import {
  createPublicKey,
  decapsulate as openCapsule,
  diffieHellman,
  encapsulate as makeCapsule,
  type KeyObject,
} from "node:crypto";
import { onNamedKey } from "../access.ts";
import { algorithmWrong, ciphertextInvalid, publicKeyWrong } from "../errors.ts";
import { requirePrivateKey, requirePublicKey } from "../material/material.ts";
import { keyArn, type Key } from "../key/row.ts";
import { factsOf } from "../key/spec.ts";
import { operation } from "../kit.ts";
import { requireNamedKey } from "../key/named.ts";
import { requireRealRun } from "./trial-run.ts";
import { requireUsable } from "./use.ts";

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html */
export const deriveSharedSecret = operation("DeriveSharedSecret", {
  authorize: ({ KeyId, KeyAgreementAlgorithm: algorithm }, context) =>
    onNamedKey("DeriveSharedSecret", KeyId, context, { keys: { "kms:KeyAgreementAlgorithm": algorithm } }),

  async handle({ KeyId, KeyAgreementAlgorithm, PublicKey, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "KEY_AGREEMENT", action: "DeriveSharedSecret", request }, context);
    const privateKey = await requirePrivateKey(key, context);
    const publicKey = requirePeer(PublicKey, privateKey);
    requireRealRun(request);
    return {
      KeyId: keyArn(key),
      SharedSecret: diffieHellman({ privateKey, publicKey }),
      KeyAgreementAlgorithm,
      KeyOrigin: key.origin,
    };
  },
});

/**
 * The other side's key, which has to be on the same curve.
 * @throws {AwsError} `ValidationException`
 */
function requirePeer(spki: Uint8Array, { asymmetricKeyDetails }: KeyObject): KeyObject {
  let peer: KeyObject;
  try {
    peer = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch {
    throw publicKeyWrong();
  }
  if (peer.asymmetricKeyDetails?.namedCurve !== asymmetricKeyDetails?.namedCurve) throw publicKeyWrong();
  return peer;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html */
export const encapsulate = operation("Encapsulate", {
  authorize: ({ KeyId, EncapsulationAlgorithm: algorithm }, context) =>
    onNamedKey("Encapsulate", KeyId, context, { keys: { "kms:EncapsulationAlgorithm": algorithm } }),

  async handle({ KeyId, EncapsulationAlgorithm: algorithm, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "ENCAPSULATE_DECAPSULATE", action: "Encapsulate", request }, context);
    requireAlgorithm(key, algorithm);
    requireRealRun(request);
    const { sharedKey, ciphertext } = makeCapsule(await requirePublicKey(key, context));
    return {
      KeyId: keyArn(key),
      SharedSecret: sharedKey,
      SharedSecretCiphertextBlob: ciphertext,
      EncapsulationAlgorithm: algorithm,
    };
  },
});

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html */
export const decapsulate = operation("Decapsulate", {
  authorize: ({ KeyId, EncapsulationAlgorithm: algorithm }, context) =>
    onNamedKey("Decapsulate", KeyId, context, { keys: { "kms:EncapsulationAlgorithm": algorithm } }),

  async handle({ KeyId, EncapsulationAlgorithm: algorithm, SharedSecretCiphertextBlob: capsule, ...request }, context) {
    const { key } = await requireNamedKey(KeyId, context);
    await requireUsable(key, { usage: "ENCAPSULATE_DECAPSULATE", action: "Decapsulate", request }, context);
    requireAlgorithm(key, algorithm);
    const SharedSecret = opened(capsule, await requirePrivateKey(key, context));
    requireRealRun(request);
    return { KeyId: keyArn(key), SharedSecret, EncapsulationAlgorithm: algorithm };
  },
});

/** @throws {AwsError} `InvalidCiphertextException` where the length is wrong: whatever else opens, to some secret. */
function opened(capsule: Uint8Array, privateKey: KeyObject): Buffer {
  try {
    return openCapsule(privateKey, capsule);
  } catch {
    throw ciphertextInvalid();
  }
}

/** @throws {AwsError} `InvalidKeyUsageException` */
function requireAlgorithm({ spec }: Key, algorithm: "ML_KEM"): void {
  if (!factsOf(spec).encapsulation.includes(algorithm)) throw algorithmWrong(algorithm, spec);
}
