import { createSecretKey, type KeyObject } from "node:crypto";
import { decrypt, encrypt } from "../kernel/aead.ts";
import { deriveKey } from "./master-key.ts";
import { CorruptBlobError } from "./shelf.ts";

/** What begins a body in the clear, and ends what it is told apart by from equal ones: no base64 has it. */
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
  #clearCount = 0;

  constructor({ masterKey, lasting }: InlineSealerOptions) {
    this.#masterKey = masterKey;
    this.#usual = lasting ? createSecretKey(deriveKey(masterKey, USE)) : undefined;
  }

  /** Never the same text twice, be the bodies equal. `secret`: without it nobody opens the body again. */
  seal(body: Uint8Array, secret?: Uint8Array): string {
    const key = this.#keyFor(secret);
    if (key === undefined) {
      this.#clearCount++;
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64");
      return CLEAR + this.#clearCount.toString(36) + CLEAR + text;
    }
    return encrypt(key, body).toString("base64");
  }

  /** @throws {CorruptBlobError} where it is not what was sealed, or the secret is another. */
  open(sealed: string, secret?: Uint8Array): Buffer {
    if (sealed.startsWith(CLEAR)) return Buffer.from(sealed.slice(sealed.lastIndexOf(CLEAR) + 1), "base64");
    const key = this.#keyFor(secret);
    if (key === undefined) throw new CorruptBlobError("inline", "it has a secret");
    const body = decrypt(key, Buffer.from(sealed, "base64"));
    if (body === undefined) throw new CorruptBlobError("inline", "it is not what was written");
    return body;
  }

  #keyFor(secret: Uint8Array | undefined): KeyObject | undefined {
    return secret === undefined ? this.#usual : createSecretKey(deriveKey(this.#masterKey, USE, secret));
  }
}
