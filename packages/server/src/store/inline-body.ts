import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from "node:crypto";
import { newSecretBytes } from "../kernel/ids.ts";
import { deriveKey } from "./master-key.ts";
import { CorruptBlobError } from "./shelf.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCES_AT_ONCE = 256;
/** What begins a body in the clear: no base64 does. */
const CLEAR = ".";
const USE = "kumobako inline body 1";

export interface InlineSealerOptions {
  readonly masterKey: Uint8Array;
  /** Whether rows outlive the process: those that do not hold bodies in the clear, but for what has a secret of its own. */
  readonly lasting: boolean;
}

/** Encrypts bodies that are kept inside rows: nonce, ciphertext, tag. */
export class InlineSealer {
  readonly #masterKey: Uint8Array;
  readonly #usual: KeyObject | undefined;
  #nonces: Uint8Array = new Uint8Array();
  #nonceAt = 0;

  constructor({ masterKey, lasting }: InlineSealerOptions) {
    this.#masterKey = masterKey;
    this.#usual = lasting ? createSecretKey(deriveKey(masterKey, USE)) : undefined;
  }

  /** `secret`: without it nobody opens the body again. */
  seal(body: Uint8Array, secret?: Uint8Array): string {
    const key = this.#keyFor(secret);
    if (key === undefined) return CLEAR + Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64");
    const nonce = this.#newNonce();
    const cipher = createCipheriv(CIPHER, key, nonce);
    const sealed = cipher.update(body);
    cipher.final();
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString("base64");
  }

  /** @throws {CorruptBlobError} where it is not what was sealed, or the secret is another. */
  open(sealed: string, secret?: Uint8Array): Buffer {
    if (sealed.startsWith(CLEAR)) return Buffer.from(sealed.slice(CLEAR.length), "base64");
    const key = this.#keyFor(secret);
    if (key === undefined) throw new CorruptBlobError("inline", "it has a secret");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new CorruptBlobError("inline", "it is not what was written");
    }
    return body;
  }

  /** Drawn many at a time: each by itself would cost more than the cipher. */
  #newNonce(): Uint8Array {
    if (this.#nonceAt === this.#nonces.byteLength) {
      this.#nonces = newSecretBytes(NONCES_AT_ONCE * NONCE_BYTES);
      this.#nonceAt = 0;
    }
    this.#nonceAt += NONCE_BYTES;
    return this.#nonces.subarray(this.#nonceAt - NONCE_BYTES, this.#nonceAt);
  }

  #keyFor(secret: Uint8Array | undefined): KeyObject | undefined {
    return secret === undefined ? this.#usual : createSecretKey(deriveKey(this.#masterKey, USE, secret));
  }
}
