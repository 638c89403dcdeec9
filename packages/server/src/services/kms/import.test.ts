import {
  createCipheriv,
  constants,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { withKey } from "../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

/** Wraps and imports, as a client does. */
async function importSecret(
  kms: KMSClient,
  KeyId: string,
  { secret, ...facts }: Partial<ImportKeyMaterialCommandInput> & { readonly secret: Buffer },
) {
  const wide = secret.byteLength > 100;
  const asked = { KeyId, WrappingKeySpec: "RSA_3072" } as const;
  const WrappingAlgorithm = wide ? "RSA_AES_KEY_WRAP_SHA_256" : "RSAES_OAEP_SHA_256";
  const { ImportToken, PublicKey = new Uint8Array() } = await kms.send(
    new GetParametersForImportCommand({ ...asked, WrappingAlgorithm }),
  );
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  const EncryptedKeyMaterial = wide ? wrapped(secret, key) : publicEncrypt({ key, ...OAEP }, secret);
  return kms.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken,
      EncryptedKeyMaterial,
      ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
      ...facts,
    }),
  );
}

/** RFC 5649, its key wrapped with RSA. */
function wrapped(secret: Buffer, key: ReturnType<typeof createPublicKey>): Buffer {
  const aes = randomBytes(32);
  const cipher = createCipheriv("aes256-wrap-pad", aes, Buffer.from("a65959a6", "hex"));
  return Buffer.concat([publicEncrypt({ key, ...OAEP }, aes), cipher.update(secret), cipher.final()]);
}

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
