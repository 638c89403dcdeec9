import type { ByteStream } from "../kernel/bytes.ts";
import type { ByteRange } from "./blobs.ts";

/** A body on a shelf, and the secret that it was written with besides the shelf's own. */
export interface ShelvedBlob {
  readonly id: string;
  readonly size: number;
  readonly secret?: Uint8Array | undefined;
}

/** Where bodies lie that are too large for a row. Each is written once, under a name of its own. */
export interface Shelf {
  /**
   * Takes `stream` in, whole or not at all, and has done with each piece when it asks for the next; gives its size.
   * @throws what `stream` throws.
   */
  write(id: string, stream: ByteStream, secret?: Uint8Array): Promise<number>;
  /** @throws {CorruptBlobError} in the stream, at the first byte that is not what was written. */
  read(blob: ShelvedBlob, range: ByteRange): ByteStream;
  /** Nothing happens where there is none. A reader that has begun ends whole. */
  remove(id: string): Promise<void>;
  /** The ids of all bodies, those still being written included, some at a time. */
  list(): AsyncIterable<readonly string[]>;
  /** When the body was last written to, in real epoch milliseconds; `undefined` where there is none. */
  writtenAtMs(id: string): Promise<number | undefined>;
}

/** A body is missing or not what was written. */
export class CorruptBlobError extends Error {
  override readonly name = "CorruptBlobError";
  readonly blobId: string;

  constructor(blobId: string, what: string) {
    super(`blob \`${blobId}\`: ${what}`);
    this.blobId = blobId;
  }
}
