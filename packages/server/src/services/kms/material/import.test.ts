import { generateKeyPairSync, randomBytes } from "node:crypto";
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type AlgorithmSpec,
  type WrappingKeySpec,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { importSecret } from "../../../../test/key-material.ts";
import { withKey } from "../../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");

test("a key without material waits for it, and works with what was imported", async () => {
  const { kms, KeyId, arn } = await withKey({ Origin: "EXTERNAL" });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(kms.send(new EncryptCommand({ KeyId, Plaintext }))).rejects.toMatchObject({
    name: "KMSInvalidStateException",
    message: `${arn} is pending import.`,
  });
  await importSecret(kms, KeyId, { secret: randomBytes(32) });
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(new Uint8Array(Plaintext));
});

test("material that expired or was deleted comes back as the same, and as no other", async () => {
  const { cloud, kms, KeyId } = await withKey({ Origin: "EXTERNAL" });
  const secret = randomBytes(32);
  const ValidTo = new Date(cloud.clock.now().getTime() + 3_600_000);
  await importSecret(kms, KeyId, { secret, ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  await cloud.clock.advance(3601);
  const state = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  expect(await state()).toBe("PendingImport");
  await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
    name: "KMSInvalidStateException",
  });
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (IncorrectKeyMaterialException)
  await expect(importSecret(kms, KeyId, { secret: randomBytes(32) })).rejects.toMatchObject({
    name: "IncorrectKeyMaterialException",
  });
  await importSecret(kms, KeyId, { secret });
  expect(await kms.send(new DecryptCommand({ CiphertextBlob }))).toHaveProperty("Plaintext");
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  expect(await state()).toBe("PendingImport");
});

test("new material waits for a rotation on demand", async () => {
  const { kms, KeyId } = await withKey({ Origin: "EXTERNAL" });
  const first = await importSecret(kms, KeyId, { secret: randomBytes(32) });
  const next = await importSecret(kms, KeyId, { secret: randomBytes(32), ImportType: "NEW_KEY_MATERIAL" });
  expect(next.KeyMaterialId).not.toBe(first.KeyMaterialId);
  const states = async () => {
    const { Rotations } = await kms.send(
      new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" }),
    );
    return Rotations?.map(({ KeyMaterialState }) => KeyMaterialState);
  };
  expect(await states()).toEqual(["CURRENT", "PENDING_ROTATION"]);
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  expect(await states()).toEqual(["NON_CURRENT", "CURRENT"]);
});

test("a pair is imported, wrapped as AWS says, and signs", async () => {
  const { kms, KeyId } = await withKey({ Origin: "EXTERNAL", KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const other = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  const secret = (key: typeof privateKey) => key.export({ type: "pkcs8", format: "der" });
  await expect(importSecret(kms, KeyId, { secret: secret(other.privateKey) })).rejects.toMatchObject({
    name: "IncorrectKeyMaterialException",
  });
  await importSecret(kms, KeyId, { secret: secret(privateKey) });
  expect(
    await kms.send(new SignCommand({ KeyId, Message: Plaintext, SigningAlgorithm: "ECDSA_SHA_256" })),
  ).toHaveProperty("Signature");
});

test("a token is for its key, for a day, and for what was wrapped with it", async () => {
  const { cloud, kms, KeyId, makeKey } = await withKey({ Origin: "EXTERNAL" });
  const other = await makeKey({ Origin: "EXTERNAL" });
  const asked = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" } as const;
  const { ImportToken } = await kms.send(new GetParametersForImportCommand({ KeyId: other.KeyId, ...asked }));
  const facts = {
    KeyId,
    EncryptedKeyMaterial: randomBytes(256),
    ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
  } as const;
  await expect(kms.send(new ImportKeyMaterialCommand({ ...facts, ImportToken }))).rejects.toMatchObject({
    name: "InvalidImportTokenException",
  });
  const own = await kms.send(new GetParametersForImportCommand({ KeyId, ...asked }));
  const importing = () => kms.send(new ImportKeyMaterialCommand({ ...facts, ImportToken: own.ImportToken }));
  await expect(importing()).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  await cloud.clock.advance(86_401);
  await expect(importing()).rejects.toMatchObject({ name: "ExpiredImportTokenException" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html
test("material of a key that is to be deleted goes without changing its state, and is missing when the key stays", async () => {
  const { kms, KeyId } = await withKey({ Origin: "EXTERNAL" });
  const secret = randomBytes(32);
  await importSecret(kms, KeyId, { secret });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  const state = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  expect(await state()).toBe("PendingDeletion");
  await kms.send(new CancelKeyDeletionCommand({ KeyId }));
  expect(await state()).toBe("PendingImport");
  await importSecret(kms, KeyId, { secret });
  expect(await state()).toBe("Enabled");
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html
test("a key is of use again when all that it ever encrypted with is there", async () => {
  const { cloud, kms, KeyId } = await withKey({ Origin: "EXTERNAL" });
  const [old, young] = [randomBytes(32), randomBytes(32)];
  const ValidTo = new Date(cloud.clock.now().getTime() + 3_600_000);
  await importSecret(kms, KeyId, { secret: old, ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
  await importSecret(kms, KeyId, { secret: young, ImportType: "NEW_KEY_MATERIAL" });
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  const describe = async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html (ValidTo)
  expect(await describe()).toMatchObject({ KeyState: "Enabled", ExpirationModel: "KEY_MATERIAL_EXPIRES", ValidTo });
  await cloud.clock.advance(3601);
  expect(await describe()).toMatchObject({ KeyState: "PendingImport" });
  await importSecret(kms, KeyId, { secret: young });
  expect(await describe()).toMatchObject({ KeyState: "PendingImport" });
  await importSecret(kms, KeyId, { secret: old });
  expect(await describe()).toMatchObject({ KeyState: "Enabled", ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (ImportType, IncorrectKeyMaterialException)
test("material that is called new must be, and material that is called known must have been there", async () => {
  const { kms, KeyId } = await withKey({ Origin: "EXTERNAL" });
  const secret = randomBytes(32);
  const incorrect = { name: "IncorrectKeyMaterialException" };
  const known = importSecret(kms, KeyId, { secret, ImportType: "EXISTING_KEY_MATERIAL" });
  await expect(known).rejects.toMatchObject(incorrect);
  const { KeyMaterialId } = await importSecret(kms, KeyId, { secret });
  await expect(importSecret(kms, KeyId, { secret, ImportType: "NEW_KEY_MATERIAL" })).rejects.toMatchObject(incorrect);
  await importSecret(kms, KeyId, { secret, ImportType: "EXISTING_KEY_MATERIAL", KeyMaterialId });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (ValidTo, KeyMaterialId, KeyMaterialDescription)
test("parameters of an import that do not go together are refused", async () => {
  const { cloud, kms, KeyId, makeKey } = await withKey({ Origin: "EXTERNAL" });
  const hmac = await makeKey({ Origin: "EXTERNAL", KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC" });
  const secret = randomBytes(32);
  const ValidTo = new Date(cloud.clock.now().getTime() + 3_600_000);
  for (const refused of [
    () => importSecret(kms, KeyId, { secret, ValidTo }),
    () => importSecret(kms, KeyId, { secret, ImportType: "NEW_KEY_MATERIAL", KeyMaterialId: "0".repeat(64) }),
    () => importSecret(kms, hmac.KeyId, { secret, KeyMaterialDescription: "of the vault" }),
  ]) {
    await expect(refused()).rejects.toMatchObject({ name: "ValidationException" });
  }
});

test("a private key of another kind is not the key's", async () => {
  const { kms, KeyId } = await withKey({
    Origin: "EXTERNAL",
    KeySpec: "ECC_NIST_EDWARDS25519",
    KeyUsage: "SIGN_VERIFY",
  });
  const pkcs8 = { type: "pkcs8", format: "der" } as const;
  const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey.export(pkcs8);
  await expect(importSecret(kms, KeyId, { secret: other })).rejects.toMatchObject({
    name: "IncorrectKeyMaterialException",
  });
  await importSecret(kms, KeyId, { secret: generateKeyPairSync("ed25519").privateKey.export(pkcs8) });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html (WrappingAlgorithm, WrappingKeySpec)
test("a private key that does not fit is wrapped by way of another key", async () => {
  const { kms, KeyId, makeKey } = await withKey({ Origin: "EXTERNAL" });
  const usage = { Origin: "EXTERNAL", KeyUsage: "SIGN_VERIFY" } as const;
  const rsa = await makeKey({ ...usage, KeySpec: "RSA_2048" });
  const long = await makeKey({ ...usage, KeySpec: "ECC_NIST_P521" });
  const ask = (keyId: string, WrappingAlgorithm: AlgorithmSpec, WrappingKeySpec: WrappingKeySpec) =>
    kms.send(new GetParametersForImportCommand({ KeyId: keyId, WrappingAlgorithm, WrappingKeySpec }));
  const unsupported = { name: "UnsupportedOperationException" };
  await expect(ask(KeyId, "RSAES_PKCS1_V1_5", "RSA_2048")).rejects.toMatchObject(unsupported);
  await expect(ask(rsa.KeyId, "RSAES_OAEP_SHA_256", "RSA_4096")).rejects.toMatchObject(unsupported);
  await expect(ask(long.KeyId, "RSAES_OAEP_SHA_256", "RSA_2048")).rejects.toMatchObject(unsupported);
  await ask(long.KeyId, "RSAES_OAEP_SHA_256", "RSA_3072");
  await ask(rsa.KeyId, "RSA_AES_KEY_WRAP_SHA_256", "RSA_2048");
});
