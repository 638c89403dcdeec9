import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { newSecretBytes } from "../kernel/ids.ts";
import { deriveKey } from "./master-key.ts";
import type { Sealer } from "./sealer.ts";

const CIPHER = "aes-256-gcm";
/** The first byte of what is sealed: which layout follows. */
const LAYOUT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** What is opened over and over is a key, and short. */
const KEPT_BYTES_MAX = 64;
const KEPT_MAX = 1000;

/** Seals with AES-256-GCM: layout, nonce, ciphertext, tag; the purpose is authenticated with it. */
export class AesSealer implements Sealer {
  /** Bytes would be made a key with each call, which costs more than the cipher. */
  readonly #key: KeyObject;
  /** What was opened lately. */
  readonly #opened = new BoundedCache<string, Uint8Array>(KEPT_MAX);

  constructor(masterKey: Uint8Array) {
    this.#key = createSecretKey(deriveKey(masterKey, "kumobako sealer 1"));
  }

  seal(plaintext: string | Uint8Array, purpose: string): string {
    const nonce = newSecretBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(purpose, "utf8"));
    const text = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
    const sealed = [Buffer.of(LAYOUT), nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString("base64url");
  }

  open(sealed: string, purpose: string): Uint8Array | undefined {
    const place = `${sealed} ${purpose}`;
    const known = this.#opened.get(place);
    if (known !== undefined) return Uint8Array.from(known);
    const opened = this.#open(sealed, purpose);
    if (opened !== undefined && opened.byteLength <= KEPT_BYTES_MAX) this.#opened.set(place, Uint8Array.from(opened));
    return opened;
  }

  #open(sealed: string, purpose: string): Uint8Array | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes.length < OVERHEAD_BYTES || bytes[0] !== LAYOUT) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(1, 1 + NONCE_BYTES))
      .setAAD(Buffer.from(purpose, "utf8"))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const plaintext = decipher.update(bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return plaintext;
  }
}
