import { createHmac, hash } from "node:crypto";

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** A string to sign has about 150 bytes, that of a chunk or a receipt 350. */
const TEXT_BYTES_MAX = 960;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * A key of HMAC-SHA256 whose two padded blocks are laid out once: an HMAC then costs two one-shot
 * hashes, two thirds of `createHmac`.
 */
export class HmacKey {
  readonly #key: Uint8Array;
  readonly #inner = Buffer.alloc(BLOCK_BYTES + TEXT_BYTES_MAX, 0);
  readonly #outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0);

  /** `key` has at most 64 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key;
    this.#inner.fill(INNER_PAD, 0, BLOCK_BYTES);
    this.#outer.fill(OUTER_PAD, 0, BLOCK_BYTES);
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ INNER_PAD;
      this.#outer[index] = byte ^ OUTER_PAD;
    }
  }

  /** Lowercase hexadecimal. `text` is ASCII. */
  sign(text: string): string {
    if (text.length > TEXT_BYTES_MAX) return createHmac("sha256", this.#key).update(text, "latin1").digest("hex");
    const end = BLOCK_BYTES + this.#inner.write(text, BLOCK_BYTES, "latin1");
    this.#outer.write(hash("sha256", this.#inner.subarray(0, end), "binary"), BLOCK_BYTES, "latin1");
    return hash("sha256", this.#outer, "hex");
  }
}
