/**
 * Messages of the AWS Encryption SDK: of one frame, with a data key of its own, signed. Functions that send codes open
 * them with that SDK. Version, suite and length of frames are those of what Cognito sends.
 * Sources: https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html,
 * https://github.com/awslabs/aws-sdk-rust/issues/1250 (a code as Cognito sent it)
 */
import { createCipheriv, generateKeyPairSync, hkdfSync, sign, type KeyObject } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import type { NewDataKey } from "../../../service/kms-key.ts";

type EncryptionContext = Readonly<Record<string, string>>;

/** AES-256-GCM, a key derived with HKDF-SHA-384, a signature with ECDSA over P-384. */
const SUITE = 0x0378;
const VERSION = 1;
const CUSTOMER_AUTHENTICATED_DATA = 0x80;
const FRAMED = 2;
const FRAME_BYTES = 4096;
const MESSAGE_ID_BYTES = 16;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const FINAL_FRAME = 0xffff_ffff;
const FRAME_PURPOSE = "AWSKMSEncryptionClient Final Frame";
const PROVIDER = "aws-kms";
const PUBLIC_KEY = "aws-crypto-public-key";

/**
 * The message in base64.
 * @param bound what it is bound to; the key that it is verified with comes to it
 * @param dataKeyFor a new data key, bound to all that
 */
export async function encryptedMessage(
  plaintext: Uint8Array,
  bound: EncryptionContext,
  dataKeyFor: (context: EncryptionContext) => Promise<NewDataKey>,
): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const context = { ...bound, [PUBLIC_KEY]: compressed(publicKey).toString("base64") };
  const dataKey = await dataKeyFor(context);
  const messageId = Buffer.from(newSecretBytes(MESSAGE_ID_BYTES));
  const key = derivedKey(dataKey.secret, messageId);
  const header = headerOf(messageId, context, dataKey);
  const headerProof = sealed(key, { iv: ivOf(0), about: header, plaintext: new Uint8Array() });
  const content = Buffer.concat([header, headerProof.iv, headerProof.tag, frameOf(key, messageId, plaintext)]);
  return Buffer.concat([content, sized(sign("sha384", content, privateKey))]).toString("base64");
}

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const sized = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  return Buffer.concat([uint16(content.length), content]);
};

function compressed(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: "jwk" });
  assert(x !== undefined && y !== undefined, "a key of a curve is a point");
  const isOdd = ((Buffer.from(y, "base64url").at(-1) ?? 0) & 1) === 1;
  return Buffer.concat([Buffer.from([isOdd ? 3 : 2]), Buffer.from(x, "base64url")]);
}

const derivedKey = (secret: Uint8Array, messageId: Buffer): Buffer =>
  Buffer.from(hkdfSync("sha384", secret, new Uint8Array(), Buffer.concat([uint16(SUITE), messageId]), KEY_BYTES));

function headerOf(messageId: Buffer, context: EncryptionContext, { keyArn, encrypted }: NewDataKey): Buffer {
  return Buffer.concat([
    Buffer.from([VERSION, CUSTOMER_AUTHENTICATED_DATA]),
    uint16(SUITE),
    messageId,
    sized(formatContext(context)),
    uint16(1),
    sized(PROVIDER),
    sized(keyArn),
    sized(Buffer.from(encrypted, "base64")),
    Buffer.from([FRAMED]),
    uint32(0),
    Buffer.from([IV_BYTES]),
    uint32(FRAME_BYTES),
  ]);
}

function formatContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).toSorted(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return Buffer.concat([uint16(pairs.length), ...pairs.flat().map(sized)]);
}

function frameOf(key: Buffer, messageId: Buffer, plaintext: Uint8Array): Buffer {
  assert(plaintext.length <= FRAME_BYTES, "a secret fits into one frame");
  const number = uint32(1);
  const length = uint32(plaintext.length);
  const about = Buffer.concat([messageId, Buffer.from(FRAME_PURPOSE), number, uint32(0), length]);
  const { iv, ciphertext, tag } = sealed(key, { iv: ivOf(1), about, plaintext });
  return Buffer.concat([uint32(FINAL_FRAME), number, iv, length, ciphertext, tag]);
}

/** By the number of the frame; the header's is zero. */
const ivOf = (frame: number): Buffer => Buffer.concat([Buffer.alloc(IV_BYTES - 4), uint32(frame)]);

interface Sealing {
  readonly iv: Buffer;
  /** What is vouched for beside the plaintext. */
  readonly about: Buffer;
  readonly plaintext: Uint8Array;
}

function sealed(key: Buffer, { iv, about, plaintext }: Sealing) {
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(about);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { iv, ciphertext, tag: cipher.getAuthTag() };
}
