import { generateKeyPairSync } from "node:crypto";
import {
  CreateGrantCommand,
  DecapsulateCommand,
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  ListGrantsCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { withKey } from "../../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");
const Message = Plaintext;
const DryRun = true;
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html
const succeeded = { name: "DryRunOperationException" };
const broken = { name: "InvalidCiphertextException" };

test("what would encrypt and decrypt is tried out", async () => {
  const { kms, KeyId } = await withKey();
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  const sizes = { KeyId, KeySpec: "AES_256", DryRun } as const;
  const pairs = { KeyId, KeyPairSpec: "ECC_NIST_P256", DryRun } as const;
  for (const attempt of [
    () => kms.send(new EncryptCommand({ KeyId, Plaintext, DryRun })),
    () => kms.send(new GenerateDataKeyCommand(sizes)),
    () => kms.send(new GenerateDataKeyWithoutPlaintextCommand(sizes)),
    () => kms.send(new GenerateDataKeyPairCommand(pairs)),
    () => kms.send(new GenerateDataKeyPairWithoutPlaintextCommand(pairs)),
    () => kms.send(new DecryptCommand({ CiphertextBlob, DryRun })),
    () => kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun })),
  ]) {
    await expect(attempt(), String(attempt)).rejects.toMatchObject(succeeded);
  }
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#KMS-Decrypt-request-DryRunModifiers
test("a trial run is refused what the call would be, a ciphertext that does not open too, unless that is left aside", async () => {
  const { kms, KeyId } = await withKey();
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  const other = { EncryptionContext: { app: "payroll" } };
  await expect(kms.send(new DecryptCommand({ CiphertextBlob, ...other, DryRun }))).rejects.toMatchObject(broken);
  const aside = { DryRun, DryRunModifiers: ["IGNORE_CIPHERTEXT" as const] };
  await expect(kms.send(new DecryptCommand({ KeyId, ...aside }))).rejects.toMatchObject(succeeded);
  const again = new ReEncryptCommand({ SourceKeyId: KeyId, DestinationKeyId: KeyId, ...aside });
  await expect(kms.send(again)).rejects.toMatchObject(succeeded);
  const wrong = new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm: "RSAES_OAEP_SHA_256", DryRun });
  await expect(kms.send(wrong)).rejects.toMatchObject({ name: "InvalidKeyUsageException" });
});

test("what would sign and check is tried out", async () => {
  const { kms, KeyId, makeKey } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const signing = { KeyId, Message, SigningAlgorithm: "ECDSA_SHA_256" } as const;
  const { Signature } = await kms.send(new SignCommand(signing));
  const hmac = await makeKey({ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const coding = { KeyId: hmac.KeyId, Message, MacAlgorithm: "HMAC_SHA_256" } as const;
  const { Mac } = await kms.send(new GenerateMacCommand(coding));
  for (const attempt of [
    () => kms.send(new SignCommand({ ...signing, DryRun })),
    () => kms.send(new VerifyCommand({ ...signing, Signature, DryRun })),
    () => kms.send(new GenerateMacCommand({ ...coding, DryRun })),
    () => kms.send(new VerifyMacCommand({ ...coding, Mac, DryRun })),
  ]) {
    await expect(attempt(), String(attempt)).rejects.toMatchObject(succeeded);
  }
});

test("what would share secrets is tried out", async () => {
  const { kms, KeyId, makeKey } = await withKey({ KeySpec: "ECC_NIST_P256", KeyUsage: "KEY_AGREEMENT" });
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const PublicKey = publicKey.export({ type: "spki", format: "der" });
  const kem = await makeKey({ KeySpec: "ML_KEM_512", KeyUsage: "ENCAPSULATE_DECAPSULATE" });
  const capsule = { KeyId: kem.KeyId, EncapsulationAlgorithm: "ML_KEM" } as const;
  const { SharedSecretCiphertextBlob } = await kms.send(new EncapsulateCommand(capsule));
  for (const attempt of [
    () => kms.send(new DeriveSharedSecretCommand({ KeyId, KeyAgreementAlgorithm: "ECDH", PublicKey, DryRun })),
    () => kms.send(new EncapsulateCommand({ ...capsule, DryRun })),
    () => kms.send(new DecapsulateCommand({ ...capsule, SharedSecretCiphertextBlob, DryRun })),
  ]) {
    await expect(attempt(), String(attempt)).rejects.toMatchObject(succeeded);
  }
});

test("grants are tried out, and are as they were", async () => {
  const { kms, KeyId, arn } = await withKey();
  const facts = { KeyId, GranteePrincipal: "000000000000", Operations: ["Decrypt" as const] };
  const { GrantId } = await kms.send(new CreateGrantCommand(facts));
  for (const attempt of [
    () => kms.send(new CreateGrantCommand({ ...facts, DryRun })),
    () => kms.send(new RevokeGrantCommand({ KeyId, GrantId, DryRun })),
    () => kms.send(new RetireGrantCommand({ KeyId: arn, GrantId, DryRun })),
  ]) {
    await expect(attempt(), String(attempt)).rejects.toMatchObject(succeeded);
  }
  expect((await kms.send(new ListGrantsCommand({ KeyId }))).Grants).toMatchObject([{ GrantId }]);
});
