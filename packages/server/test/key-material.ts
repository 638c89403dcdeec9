/** Material for keys, brought to KMS as a client brings it. */
import { createCipheriv, constants, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import {
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
} from "@aws-sdk/client-kms";

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

/** Wraps and imports it. */
export async function importSecret(
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
