import { sha256 } from "./canonical-request.ts";
import type { SigningKey } from "./signing-key.ts";

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Checks the signatures of a stream's chunks, each of which is made over the one before it. */
export class ChunkSigner {
  readonly #key: SigningKey;
  readonly #start: string;
  #previous: string;

  /** `seed` is the signature of the request itself. */
  constructor(key: SigningKey, request: { readonly timestamp: string; readonly scope: string; readonly seed: string }) {
    this.#key = key;
    this.#start = `${request.timestamp}\n${request.scope}`;
    this.#previous = request.seed;
  }

  /** Whether `signature` is that of the next chunk, whose bytes hash to `chunkHash`. */
  accepts(signature: string, chunkHash: string): boolean {
    return this.#accepts(
      signature,
      `AWS4-HMAC-SHA256-PAYLOAD\n${this.#start}\n${this.#previous}\n${EMPTY_HASH}\n${chunkHash}`,
    );
  }

  /** Whether `signature` is that of the trailing headers, given as lines `name:value\n`. */
  acceptsTrailers(signature: string, lines: string): boolean {
    return this.#accepts(signature, `AWS4-HMAC-SHA256-TRAILER\n${this.#start}\n${this.#previous}\n${sha256(lines)}`);
  }

  #accepts(signature: string, stringToSign: string): boolean {
    this.#previous = this.#key.sign(stringToSign);
    return this.#previous === signature;
  }
}
