import { createHash, createPublicKey, verify as verifyWith } from "node:crypto";
import {
  DeriveSharedSecretCommand,
  DecapsulateCommand,
  EncapsulateCommand,
  EncryptCommand,
  DecryptCommand,
  GenerateDataKeyPairCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
  type KeySpec,
  type SigningAlgorithmSpec,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { withKey } from "../../../../test/keys.ts";

const Message = Buffer.from("the rules hold");

const HASHING: readonly (readonly [KeySpec, SigningAlgorithmSpec, string])[] = [
  ["RSA_2048", "RSASSA_PSS_SHA_256", "sha256"],
  ["RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", "sha512"],
  ["ECC_NIST_P256", "ECDSA_SHA_256", "sha256"],
  ["ECC_NIST_P384", "ECDSA_SHA_384", "sha384"],
  ["ECC_NIST_P521", "ECDSA_SHA_512", "sha512"],
  ["ECC_SECG_P256K1", "ECDSA_SHA_256", "sha256"],
];

const WHOLE: readonly (readonly [KeySpec, SigningAlgorithmSpec])[] = [
  ["ECC_NIST_EDWARDS25519", "ED25519_SHA_512"],
  ["ML_DSA_65", "ML_DSA_SHAKE_256"],
];

async function withSigner(KeySpec: KeySpec, SigningAlgorithm: SigningAlgorithmSpec) {
  const { kms, KeyId } = await withKey({ KeySpec, KeyUsage: "SIGN_VERIFY" });
  const asked = { KeyId, SigningAlgorithm };
  return {
    sign: async (message: Message) => (await kms.send(new SignCommand({ ...asked, ...message }))).Signature,
    verify: async (message: Message, Signature: Uint8Array | undefined) =>
      (await kms.send(new VerifyCommand({ ...asked, ...message, Signature }))).SignatureValid,
  };
}

interface Message {
  readonly Message: Uint8Array;
  readonly MessageType?: "RAW" | "DIGEST";
}

test.each(HASHING)("%s signs with %s, of the message and of its digest", async (KeySpec, SigningAlgorithm, hash) => {
  const { sign, verify } = await withSigner(KeySpec, SigningAlgorithm);
  const digest = { MessageType: "DIGEST", Message: createHash(hash).update(Message).digest() } as const;
  const ofMessage = await sign({ Message });
  const ofDigest = await sign(digest);
  for (const signature of [ofMessage, ofDigest]) {
    expect(await verify({ Message }, signature)).toBe(true);
    expect(await verify(digest, signature)).toBe(true);
    // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html (KMSInvalidSignatureException)
    await expect(verify({ Message: Buffer.from("another") }, signature)).rejects.toMatchObject({
      name: "KMSInvalidSignatureException",
    });
  }
  await expect(sign({ ...digest, Message })).rejects.toMatchObject({
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
    message: `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
  });
});

test.each(WHOLE)("%s signs with %s, of the message alone", async (KeySpec, SigningAlgorithm) => {
  const { sign, verify } = await withSigner(KeySpec, SigningAlgorithm);
  const signature = await sign({ Message });
  expect(await verify({ Message }, signature)).toBe(true);
  await expect(verify({ Message: Buffer.from("another") }, signature)).rejects.toMatchObject({
    name: "KMSInvalidSignatureException",
  });
  await expect(sign({ Message, MessageType: "DIGEST" })).rejects.toMatchObject({ name: "ValidationException" });
});

test("a signature is checked outside with the public key", async () => {
  const { kms, KeyId } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const { Signature = new Uint8Array() } = await kms.send(
    new SignCommand({ KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256" }),
  );
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  expect(verifyWith("sha256", Message, publicKey, Signature)).toBe(true);
});

test("a key does only what it is for", async () => {
  const { kms, KeyId, arn, makeKey } = await withKey();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(
    kms.send(new SignCommand({ KeyId, Message, SigningAlgorithm: "RSASSA_PSS_SHA_256" })),
  ).rejects.toMatchObject({
    name: "InvalidKeyUsageException",
    message: `${arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
  });
  const hmac = await makeKey({ KeySpec: "HMAC_224", KeyUsage: "GENERATE_VERIFY_MAC" });
  await expect(
    kms.send(new GenerateMacCommand({ KeyId: hmac.KeyId, Message, MacAlgorithm: "HMAC_SHA_256" })),
  ).rejects.toMatchObject({
    name: "InvalidKeyUsageException",
    message: "Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.",
  });
  await expect(makeKey({ KeySpec: "RSA_2048" })).rejects.toMatchObject({
    message: "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
  });
  await expect(makeKey({ KeySpec: "RSA_2048", KeyUsage: "KEY_AGREEMENT" })).rejects.toMatchObject({
    message: "KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048",
  });
  await expect(makeKey({ KeySpec: "SM2", KeyUsage: "SIGN_VERIFY" })).rejects.toMatchObject({
    name: "UnsupportedOperationException",
  });
});

test("a message authentication code is made and checked", async () => {
  const { kms, KeyId } = await withKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const asked = { KeyId, MacAlgorithm: "HMAC_SHA_256" } as const;
  const { Mac } = await kms.send(new GenerateMacCommand({ ...asked, Message }));
  expect(Mac).toHaveLength(32);
  expect(await kms.send(new VerifyMacCommand({ ...asked, Message, Mac }))).toMatchObject({ MacValid: true });
  const other = new VerifyMacCommand({ ...asked, Message: Buffer.from("another"), Mac });
  await expect(kms.send(other)).rejects.toMatchObject({ name: "KMSInvalidMacException" });
});

test("two keys agree on a secret, and a capsule brings one", async () => {
  const { kms, KeyId, makeKey } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
  const other = await makeKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
  const derive = async (mine: string, theirs: string) => {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: theirs }));
    const asked = { KeyId: mine, KeyAgreementAlgorithm: "ECDH", PublicKey } as const;
    return (await kms.send(new DeriveSharedSecretCommand(asked))).SharedSecret;
  };
  expect(await derive(KeyId, other.KeyId)).toEqual(await derive(other.KeyId, KeyId));
  const capsule = await makeKey({ KeySpec: "ML_KEM_768", KeyUsage: "ENCAPSULATE_DECAPSULATE" });
  const asked = { KeyId: capsule.KeyId, EncapsulationAlgorithm: "ML_KEM" } as const;
  const { SharedSecret, SharedSecretCiphertextBlob } = await kms.send(new EncapsulateCommand(asked));
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html (1088 bytes for ML_KEM_768)
  expect(SharedSecretCiphertextBlob).toHaveLength(1088);
  const opened = await kms.send(new DecapsulateCommand({ ...asked, SharedSecretCiphertextBlob }));
  expect(opened.SharedSecret).toEqual(SharedSecret);
});

test("an RSA key encrypts as much as fits, and needs to be named to decrypt", async () => {
  const { kms, KeyId } = await withKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
  const EncryptionAlgorithm = "RSAES_OAEP_SHA_256";
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Message, EncryptionAlgorithm }));
  const opened = await kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }));
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("the rules hold");
  await expect(
    kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(191), EncryptionAlgorithm })),
  ).rejects.toMatchObject({
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
    message: "Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.",
  });
  await expect(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionAlgorithm }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("a pair of data keys comes with its private half encrypted", async () => {
  const { kms, KeyId } = await withKey();
  const pair = await kms.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" }));
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob: pair.PrivateKeyCiphertextBlob }));
  expect(Plaintext).toEqual(pair.PrivateKeyPlaintext);
});

const shake = (...parts: readonly Uint8Array[]) =>
  createHash("shake256", { outputLength: 64 }).update(Buffer.concat(parts)).digest();

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-MessageType,
// https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.204.pdf (algorithm 7, line 6; the message with an empty context before it)
test.each(["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"] as const)(
  "%s signs the representative of a message as it signs the message",
  async (KeySpec) => {
    const { kms, KeyId } = await withKey({ KeySpec, KeyUsage: "SIGN_VERIFY" });
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    const { pub = "" } = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" }).export({
      format: "jwk",
    });
    const ofKey = shake(Buffer.from(String(pub), "base64url"));
    const representative = shake(ofKey, Buffer.of(0, 0), Message);
    const facts = { KeyId, SigningAlgorithm: "ML_DSA_SHAKE_256" } as const;
    const whole = { ...facts, Message };
    const outside = { ...facts, Message: representative, MessageType: "EXTERNAL_MU" } as const;
    for (const [signed, checked] of [
      [whole, outside],
      [outside, whole],
      [outside, outside],
    ] as const) {
      const { Signature } = await kms.send(new SignCommand(signed));
      expect(await kms.send(new VerifyCommand({ ...checked, Signature }))).toMatchObject({ SignatureValid: true });
    }
    const { Signature } = await kms.send(new SignCommand(outside));
    const other = new VerifyCommand({ ...outside, Message: Buffer.alloc(64), Signature });
    await expect(kms.send(other)).rejects.toMatchObject({ name: "KMSInvalidSignatureException" });
    const short = new SignCommand({ ...outside, Message: representative.subarray(1) });
    await expect(kms.send(short)).rejects.toMatchObject({ name: "ValidationException" });
  },
);
