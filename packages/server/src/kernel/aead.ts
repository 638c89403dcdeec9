/** AES-256-GCM over bytes that are at hand: nonce, ciphertext, tag. */
import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import { newNonce } from "./ids.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** By so much what is encrypted is longer. */
export const OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

const NOTHING = new Uint8Array();

/** What is authenticated besides, and must be given again to decrypt; where left out, nothing. */
interface Bound {
  readonly associated?: Uint8Array;
}

interface Encrypting extends Bound {
  /** What stands before it all in what is given. */
  readonly after?: Uint8Array;
}

/** `key` is no bytes: made a key with each call, they cost more than the cipher. */
export function encrypt(
  key: KeyObject,
  plaintext: Uint8Array,
  { associated = NOTHING, after = NOTHING }: Encrypting = {},
): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv(CIPHER, key, nonce);
  if (associated.byteLength > 0) cipher.setAAD(associated);
  // a counter mode keeps nothing back: `final` gives no bytes
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([after, nonce, ciphertext, cipher.getAuthTag()]);
}

/** `undefined` where it is not what was encrypted so: another key, other bytes, or bound to something else. */
export function decrypt(
  key: KeyObject,
  encrypted: Uint8Array,
  { associated = NOTHING }: Bound = {},
): Buffer | undefined {
  if (encrypted.byteLength < OVERHEAD_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, encrypted.subarray(0, NONCE_BYTES));
  if (associated.byteLength > 0) decipher.setAAD(associated);
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  const plaintext = decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}
