/**
 * What `Encrypt` gives out: bytes that name the key and the material that they open with, so that `Decrypt` needs no
 * key id. All of it, and the encryption context, is authenticated.
 *
 * Version (1 byte), account (6), length of the key id (1), the key id, the material's id (32), nonce (12),
 * ciphertext, tag (16). The region is where it is opened: related keys of several regions have one id.
 */
import type { KeyObject } from "node:crypto";
import { decrypt, encrypt, OVERHEAD_BYTES } from "../../../kernel/aead.ts";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";

const VERSION = 1;
const ACCOUNT_BYTES = 6;
const MATERIAL_BYTES = 32;

const NO_PAIRS = Buffer.from("[]");

/** Pairs that have to be shown again to decrypt. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** What a ciphertext says of itself; nobody has checked it. */
export interface Ciphertext {
  readonly account: AccountId;
  readonly keyId: string;
  readonly materialId: string;
  readonly bytes: Buffer;
  /** All before the nonce. */
  readonly headBytes: number;
}

interface Sealing extends Pick<Ciphertext, "account" | "keyId" | "materialId"> {
  readonly secret: KeyObject;
  readonly context: EncryptionContext;
}

export function seal(plaintext: Uint8Array, { secret, context, ...names }: Sealing): Buffer {
  const head = headOf(names);
  return encrypt(secret, plaintext, { associated: boundTo(head, context), after: head });
}

/** `undefined` where it was not made so, or for another context. */
export const open = (
  { bytes, headBytes }: Ciphertext,
  { secret, context }: Pick<Sealing, "secret" | "context">,
): Buffer | undefined =>
  decrypt(secret, bytes.subarray(headBytes), { associated: boundTo(bytes.subarray(0, headBytes), context) });

/** `undefined` where the bytes are none that `seal` gave. */
export function readCiphertext(blob: Uint8Array): Ciphertext | undefined {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const idBytes = bytes[1 + ACCOUNT_BYTES] ?? 0;
  const idAt = 2 + ACCOUNT_BYTES;
  const materialAt = idAt + idBytes;
  const headBytes = materialAt + MATERIAL_BYTES;
  if (bytes[0] !== VERSION || bytes.length < headBytes + OVERHEAD_BYTES) return undefined;
  const account = parseAccountId(String(bytes.readUIntBE(1, ACCOUNT_BYTES)).padStart(12, "0"));
  if (account === undefined) return undefined;
  return {
    account,
    keyId: bytes.toString("latin1", idAt, materialAt),
    materialId: bytes.toString("hex", materialAt, headBytes),
    bytes,
    headBytes,
  };
}

function headOf({ account, keyId, materialId }: Pick<Ciphertext, "account" | "keyId" | "materialId">): Buffer {
  const idAt = 2 + ACCOUNT_BYTES;
  const head = Buffer.allocUnsafe(idAt + keyId.length + MATERIAL_BYTES);
  head[0] = VERSION;
  head.writeUIntBE(Number(account), 1, ACCOUNT_BYTES);
  head[1 + ACCOUNT_BYTES] = keyId.length;
  head.write(keyId, idAt, "latin1");
  head.write(materialId, idAt + keyId.length, "hex");
  return head;
}

/** The order of the pairs does not matter. Source: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html */
function boundTo(head: Buffer, context: EncryptionContext): Buffer {
  const names = Object.keys(context);
  if (names.length === 0) return Buffer.concat([head, NO_PAIRS]);
  const pairs = names.toSorted().map((name) => [name, context[name]]);
  return Buffer.concat([head, Buffer.from(JSON.stringify(pairs))]);
}
