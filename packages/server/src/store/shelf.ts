import type { ByteStream } from "../kernel/bytes.ts";
import type { ByteRange } from "./blobs.ts";

/** A body on a shelf. */
export interface ShelvedBlob {
  readonly id: string;
  /** Real time, epoch milliseconds. */
  readonly writtenAtMs: number;
}

/** Where bodies lie that are too large for a row. Each is written once, under a name of its own. */
export interface Shelf {
  /** Takes `stream` in, whole or not at all; gives its size. @throws what `stream` throws. */
  write(id: string, stream: ByteStream): Promise<number>;
  /** @throws {CorruptBlobError} in the stream, at the first byte that is not what was written. */
  read(blob: { readonly id: string; readonly size: number }, range: ByteRange): ByteStream;
  /** Nothing happens where there is none. A reader that has begun ends whole. */
  remove(id: string): Promise<void>;
  list(): AsyncIterable<readonly ShelvedBlob[]>;
  clear(): Promise<void>;
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
