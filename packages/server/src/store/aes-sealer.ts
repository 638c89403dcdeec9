import { createSecretKey, type KeyObject } from "node:crypto";
import { decrypt, encrypt } from "../kernel/aead.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { deriveKey } from "./master-key.ts";
import type { Sealer } from "./sealer.ts";

/** The first byte of what is sealed: which layout follows. */
const LAYOUT = 1;

/** What is opened over and over is a key, and short. */
const KEPT_BYTES_MAX = 64;
const KEPT_MAX = 1000;

/** Seals with AES-256-GCM: layout, nonce, ciphertext, tag; the purpose is authenticated with it. */
export class AesSealer implements Sealer {
  readonly #key: KeyObject;
  /** What was opened lately. */
  readonly #opened = new BoundedCache<string, Uint8Array>(KEPT_MAX);

  constructor(masterKey: Uint8Array) {
    this.#key = createSecretKey(deriveKey(masterKey, "kumobako sealer 1"));
  }

  seal(plaintext: string | Uint8Array, purpose: string): string {
    const bytes = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
    const encrypted = encrypt(this.#key, bytes, { associated: Buffer.from(purpose, "utf8") });
    return Buffer.concat([Buffer.of(LAYOUT), encrypted]).toString("base64url");
  }

  open(sealed: string, purpose: string): Uint8Array | undefined {
    // with its length: no purpose is taken for another together with the beginning of what is sealed
    const place = `${purpose.length} ${purpose} ${sealed}`;
    const known = this.#opened.get(place);
    if (known !== undefined) return Uint8Array.from(known);
    const opened = this.#open(sealed, purpose);
    if (opened !== undefined && opened.byteLength <= KEPT_BYTES_MAX) this.#opened.set(place, Uint8Array.from(opened));
    return opened;
  }

  #open(sealed: string, purpose: string): Uint8Array | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes[0] !== LAYOUT) return undefined;
    return decrypt(this.#key, bytes.subarray(1), { associated: Buffer.from(purpose, "utf8") });
  }
}
