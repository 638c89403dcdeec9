/**
 * How a body lies in its file: a header, then records of 64 KiB, each encrypted and authenticated
 * by itself with AES-256-GCM, so that a range costs only the records that it touches.
 *
 * The key is derived from the master key and the blob's id, and a blob is written once, so a
 * record's number can be its nonce. The last record says in its nonce that it is the last: records
 * that are cut off, put in another order or taken from another blob do not open.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { deriveKey } from "./master-key.ts";

const CIPHER = "aes-256-gcm";
/** "KBLOB", two zero bytes, the layout's version. */
export const BLOB_HEADER = Buffer.from("KBLOB\0\0\x01", "latin1");
export const RECORD_BYTES = 65_536;
export const TAG_BYTES = 16;
/** A full record, encrypted. */
export const SEALED_RECORD_BYTES = RECORD_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;

export interface RecordPlace {
  readonly index: number;
  readonly last: boolean;
}

export function blobKey(masterKey: Uint8Array, blobId: string): Uint8Array {
  return deriveKey(masterKey, `kumobako blob 1 ${blobId}`);
}

/** The size of the file of a body of `size` bytes. */
export function sealedSize(size: number): number {
  return BLOB_HEADER.length + size + Math.ceil(size / RECORD_BYTES) * TAG_BYTES;
}

/** The ciphertext and, after it, the tag. */
export function sealRecord(key: Uint8Array, place: RecordPlace, plaintext: Uint8Array): readonly Uint8Array[] {
  const cipher = createCipheriv(CIPHER, key, nonceOf(place));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

/** The plaintext; `undefined` where `sealed` is not what was written at this place. */
export function openRecord(key: Uint8Array, place: RecordPlace, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(place)).setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

function nonceOf({ index, last }: RecordPlace): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt8(last ? 1 : 0, 0);
  nonce.writeUIntBE(index, 6, 6);
  return nonce;
}
