import { sha256 } from "./canonical-request.ts";
import { signatureDoesNotMatch } from "./errors.ts";
import type { HmacKey } from "../../kernel/hmac-key.ts";

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The request whose chunks are signed. */
export interface ChunkedRequest {
  readonly timestamp: string;
  readonly scope: string;
  /** The signature of the request itself. */
  readonly seed: string;
  readonly accessKeyId: string;
  /** For who signs otherwise. */
  readonly canonicalRequest: () => string;
}

/** Checks the signatures of a stream's chunks, each of which is made over the one before it. */
export class ChunkSigner {
  readonly #key: HmacKey;
  readonly #request: ChunkedRequest;
  #previous: string;

  constructor(key: HmacKey, request: ChunkedRequest) {
    this.#key = key;
    this.#request = request;
    this.#previous = request.seed;
  }

  /**
   * Holds `signature` to be that of the next chunk, whose bytes hash to `chunkHash`.
   * @throws {AuthenticationError}
   */
  requireChunk(signature: string, chunkHash: string): void {
    this.#require(signature, "PAYLOAD", [EMPTY_HASH, chunkHash]);
  }

  /**
   * Holds `signature` to be that of the trailing headers, given as lines `name:value\n`.
   * @throws {AuthenticationError}
   */
  requireTrailers(signature: string, lines: string): void {
    this.#require(signature, "TRAILER", [sha256(lines)]);
  }

  #require(signature: string, what: "PAYLOAD" | "TRAILER", hashes: readonly string[]): void {
    const { timestamp, scope, accessKeyId, canonicalRequest } = this.#request;
    const stringToSign = [`AWS4-HMAC-SHA256-${what}`, timestamp, scope, this.#previous, ...hashes].join("\n");
    this.#previous = this.#key.sign(stringToSign);
    if (this.#previous === signature) return;
    throw signatureDoesNotMatch("s3", {
      accessKeyId,
      signature,
      stringToSign,
      canonicalRequest: canonicalRequest(),
    });
  }
}
