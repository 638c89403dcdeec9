import { createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { decrypt, encrypt } from "../kernel/aead.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { HmacKey } from "../kernel/hmac-key.ts";
import { deriveKey } from "./master-key.ts";
import type { Sealer } from "./sealer.ts";

/** The first byte of what is sealed: which layout follows. */
const LAYOUT = 1;
const LAYOUT_BYTE = Buffer.of(LAYOUT);

/** In hexadecimal. */
const SIGNATURE_BYTES = 64;

/** What is opened over and over is a key, and short. */
const KEPT_BYTES_MAX = 64;
/** What was just sealed is often opened soon, and then no more, such as a message. */
const JUST_SEALED_BYTES_MAX = 1024;
const KEPT_MAX = 1000;

interface Opened {
  readonly purpose: string;
  readonly bytes: Uint8Array;
  /** Made where somebody asks for it: with each use it would cost more than that. */
  key: KeyObject | undefined;
}

/** Seals with AES-256-GCM: layout, nonce, ciphertext, tag; the purpose is authenticated with it. Signs with HMAC-SHA256. */
export class AesSealer implements Sealer {
  readonly #masterKey: Uint8Array;
  readonly #key: KeyObject;
  /** By purpose, of which there are as many as the code names. */
  readonly #signingKeys = new Map<string, HmacKey>();
  /** What was opened or sealed lately, by what it was sealed as. */
  readonly #opened = new BoundedCache<string, Opened>(KEPT_MAX);

  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
    this.#key = createSecretKey(deriveKey(masterKey, "kumobako sealer 1"));
  }

  seal(plaintext: string | Uint8Array, purpose: string): string {
    const bytes = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
    const associated = Buffer.from(purpose, "utf8");
    const sealed = encrypt(this.#key, bytes, { associated, after: LAYOUT_BYTE }).toString("base64url");
    if (bytes.byteLength <= JUST_SEALED_BYTES_MAX) this.#keep(sealed, purpose, bytes);
    return sealed;
  }

  open(sealed: string, purpose: string): Uint8Array | undefined {
    const known = this.#known(sealed, purpose);
    if (known !== undefined) return Uint8Array.from(known.bytes);
    const opened = this.#open(sealed, purpose);
    if (opened !== undefined && opened.byteLength <= KEPT_BYTES_MAX) this.#keep(sealed, purpose, opened);
    return opened;
  }

  openKey(sealed: string, purpose: string): KeyObject | undefined {
    const known = this.#known(sealed, purpose);
    if (known !== undefined) return (known.key ??= createSecretKey(known.bytes));
    const opened = this.#open(sealed, purpose);
    if (opened === undefined) return undefined;
    const key = createSecretKey(opened);
    if (opened.byteLength <= KEPT_BYTES_MAX) this.#keep(sealed, purpose, opened, key);
    return key;
  }

  sign(text: string, purpose: string): string {
    return Buffer.from(this.#signingKey(purpose).sign(text) + text, "latin1").toString("base64url");
  }

  verify(signed: string, purpose: string): string | undefined {
    const bytes = Buffer.from(signed, "base64url");
    const text = bytes.toString("latin1", SIGNATURE_BYTES);
    const right = Buffer.from(this.#signingKey(purpose).sign(text), "latin1");
    const given = bytes.subarray(0, SIGNATURE_BYTES);
    return given.byteLength === SIGNATURE_BYTES && timingSafeEqual(given, right) ? text : undefined;
  }

  #signingKey(purpose: string): HmacKey {
    let key = this.#signingKeys.get(purpose);
    if (key === undefined) {
      key = new HmacKey(deriveKey(this.#masterKey, `kumobako signer 1: ${purpose}`));
      this.#signingKeys.set(purpose, key);
    }
    return key;
  }

  #known(sealed: string, purpose: string): Opened | undefined {
    const known = this.#opened.get(sealed);
    return known?.purpose === purpose ? known : undefined;
  }

  #keep(sealed: string, purpose: string, opened: Uint8Array, key?: KeyObject): void {
    this.#opened.set(sealed, { purpose, bytes: Uint8Array.from(opened), key });
  }

  #open(sealed: string, purpose: string): Uint8Array | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    if (bytes[0] !== LAYOUT) return undefined;
    return decrypt(this.#key, bytes.subarray(1), { associated: Buffer.from(purpose, "utf8") });
  }
}
