/**
 * How a body lies in its file: a header, then records of 64 KiB, each encrypted and authenticated
 * by itself with AES-256-GCM, so that a range costs only the records that it touches.
 *
 * The key is derived from the master key and the blob's id, and a blob is written once, so a
 * record's number can be its nonce. A record that is changed, in another's place or taken from
 * another blob does not open; one that is missing is missed, since the row knows the body's size.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type CipherGCM, type KeyObject } from "node:crypto";
import { deriveKey } from "./master-key.ts";

const CIPHER = "aes-256-gcm";
/** "KBLOB", two zero bytes, the layout's version. */
export const BLOB_HEADER = Buffer.from("KBLOB\0\0\x01", "latin1");
/** Of plaintext, in every record but the last. */
export const RECORD_BYTES = 65_536;
const TAG_BYTES = 16;
/** A full record, encrypted, and its tag. */
export const SEALED_RECORD_BYTES = RECORD_BYTES + TAG_BYTES;
const NONCE_BYTES = 12;

/** With a `secret` the master key alone does not open the blob. Bytes would be made a key with each record. */
export function blobKey(masterKey: Uint8Array, blobId: string, secret?: Uint8Array): KeyObject {
  return createSecretKey(deriveKey(masterKey, `kumobako blob 1 ${blobId}`, secret));
}

/** The size of record `index`, encrypted, of a body of `size` bytes. */
export function sealedRecordBytes(index: number, size: number): number {
  return Math.min(size - index * RECORD_BYTES, RECORD_BYTES) + TAG_BYTES;
}

/** Where record `index` begins in the file. */
export function recordOffset(index: number): number {
  return BLOB_HEADER.length + index * SEALED_RECORD_BYTES;
}

/** Encrypts a body that comes in pieces of any size, without copying them together. */
export class RecordSealer {
  /** Of plaintext, so far. */
  size = 0;
  readonly #key: KeyObject;
  #cipher: CipherGCM | undefined;
  #sealed: Uint8Array[] = [BLOB_HEADER];
  #sealedBytes = BLOB_HEADER.length;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** How much `take` would give. */
  get waitingBytes(): number {
    return this.#sealedBytes;
  }

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const filled = this.size % RECORD_BYTES;
      this.#cipher ??= createCipheriv(CIPHER, this.#key, nonceOf(this.size / RECORD_BYTES));
      const part = piece.subarray(at, at + RECORD_BYTES - filled);
      this.#push(this.#cipher.update(part));
      at += part.length;
      this.size += part.length;
      if (filled + part.length === RECORD_BYTES) this.end();
    }
  }

  /** Ends the record that is under way, if there is one. */
  end(): void {
    if (!this.#cipher) return;
    this.#cipher.final();
    this.#push(this.#cipher.getAuthTag());
    this.#cipher = undefined;
  }

  /** What is next in the file. */
  take(): Uint8Array[] {
    const sealed = this.#sealed;
    this.#sealed = [];
    this.#sealedBytes = 0;
    return sealed;
  }

  #push(bytes: Uint8Array): void {
    this.#sealed.push(bytes);
    this.#sealedBytes += bytes.length;
  }
}

/** The plaintext of record `index`; `undefined` where `sealed` is not what was written there. */
export function openRecord(key: KeyObject, index: number, sealed: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv(CIPHER, key, nonceOf(index)).setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
}

function nonceOf(index: number): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(index, NONCE_BYTES - 6, 6);
  return nonce;
}
