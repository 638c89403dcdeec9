/** Of lab S12: what is encrypted before it leaves, in the form that the S3 Encryption Client gives it. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SealedStory } from "./s12-encryption.ts";

const succeeds = { outcome: "succeeds" } as const;
const TEXT = "what nobody at the cloud is to read";
const TAG_BYTES = 16;

/** Source: https://docs.aws.amazon.com/amazon-s3-encryption-client/latest/developerguide/concepts.html (kms+context) */
const EncryptionContext = { "aws:x-amz-cek-alg": "AES/GCM/NoPadding" };

export async function encryptAtHome({ teller, admin, bucket }: SealedStory): Promise<void> {
  const { KeyMetadata } = await teller.step({
    does: "A key for what is encrypted at home.",
    as: admin,
    call: ["kms", "CreateKey"],
    input: {},
    expect: succeeds,
  });
  const { Plaintext: dataKey, CiphertextBlob } = await teller.step({
    does: "KMS makes a data key under it: in the clear for the client, and encrypted to be kept.",
    as: admin,
    call: ["kms", "GenerateDataKey"],
    input: { KeyId: KeyMetadata?.Arn, KeySpec: "AES_256", EncryptionContext },
    expect: succeeds,
  });
  if (dataKey === undefined || CiphertextBlob === undefined) return;
  const iv = randomBytes(12);
  const sealed = seal(TEXT, dataKey, iv);
  const at = { Bucket: bucket, Key: "at-home.txt" };
  await teller.step({
    does: "The client encrypts, forgets the data key, and puts the ciphertext with the encrypted key beside it.",
    as: admin,
    call: ["s3", "PutObject"],
    input: {
      ...at,
      Body: sealed,
      Metadata: {
        "x-amz-key-v2": Buffer.from(CiphertextBlob).toString("base64"),
        "x-amz-iv": iv.toString("base64"),
        "x-amz-wrap-alg": "kms+context",
        "x-amz-cek-alg": "AES/GCM/NoPadding",
        "x-amz-matdesc": JSON.stringify(EncryptionContext),
      },
    },
    expect: succeeds,
  });
  const { Metadata = {}, Body } = await teller.step({
    does: "Who gets the object gets ciphertext.",
    as: admin,
    call: ["s3", "GetObject"],
    input: at,
    expect: {
      outcome: "succeeds",
      check: ({ Metadata: told }) => (told?.["x-amz-wrap-alg"] === "kms+context" ? undefined : "an envelope"),
    },
  });
  const wrapped = Buffer.from(Metadata["x-amz-key-v2"] ?? "", "base64");
  const stored = await Body?.transformToByteArray();
  const { Plaintext } = await teller.step({
    does: "With the right to the key, and the same context, KMS opens the data key,",
    as: admin,
    call: ["kms", "Decrypt"],
    input: { CiphertextBlob: wrapped, EncryptionContext },
    expect: succeeds,
  });
  await teller.deed({
    does: "and the client has its text again.",
    as: "the client",
    command: "aes-256-gcm, with the data key and the iv",
    act: async () => open(stored ?? new Uint8Array(), Plaintext ?? new Uint8Array(), iv),
    expect: { outcome: "succeeds", check: (text) => (text === TEXT ? undefined : TEXT) },
  });
  await withoutTheKey({ teller, admin }, wrapped);
}

async function withoutTheKey({ teller, admin }: Pick<SealedStory, "teller" | "admin">, wrapped: Uint8Array) {
  await teller.step({
    does: "Without the context it was bound to the data key stays shut,",
    as: admin,
    call: ["kms", "Decrypt"],
    input: { CiphertextBlob: wrapped },
    expect: { outcome: "refused", code: "InvalidCiphertextException" },
  });
  await teller.step({
    does: "and somebody without rights to the key has a ciphertext and nothing else.",
    as: teller.root(teller.account("B")),
    call: ["kms", "Decrypt"],
    input: { CiphertextBlob: wrapped, EncryptionContext },
    expect: { outcome: "refused", code: "AccessDeniedException" },
  });
}

function seal(text: string, key: Uint8Array, iv: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Uint8Array, key: Uint8Array, iv: Uint8Array): string {
  const decipher = createDecipheriv("aes-256-gcm", key, iv);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}
