import type { ByteStream } from "../kernel/bytes.ts";
import type { BodyDigest, DigestAlgorithm } from "../kernel/digest.ts";

/** Where an immutable body is kept: small ones inside the row itself, larger ones as encrypted files. Plain JSON. */
export type BlobRef =
  | { readonly kind: "inline"; readonly sealed: string; readonly size: number }
  | { readonly kind: "file"; readonly id: string; readonly size: number };

/** A byte range, both ends included, as HTTP counts them. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Blobs {
  /** Begins sums over a body of about `bytes`, to be told of it while it flows to `write`. */
  digest(algorithms: readonly DigestAlgorithm[], bytes: number): Promise<BodyDigest>;
  /**
   * Encrypts `stream` under the cloud's master key, and under `secret` besides where there is one, which is not kept.
   * Takes `stream` in, whole or not at all, and has done with each piece when it asks for the next. What no committed row refers to (through `keep`) is collected later.
   * @throws what `stream` throws; nothing is left then.
   */
  write(stream: ByteStream, secret?: Uint8Array): Promise<BlobRef>;
  /** The bytes, checked, opened with the secret that they were written with; a reader that has begun ends whole even if the blob is dropped meanwhile. */
  read(ref: BlobRef, range?: ByteRange, secret?: Uint8Array): ByteStream;
  /** In the transaction that stores the row: the blob is referred to from now on. */
  keep(ref: BlobRef): void;
  /** In the transaction that removes the row: the blob may be collected. */
  drop(ref: BlobRef): void;
}
