/** Bytes that come in pieces, read once. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** Bytes that are all there: a stream that may be read again and again, and needs not be waited for. */
export class HeldBytes implements ByteStream {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.byteLength;
  }

  /** @throws what reading the stream would throw. */
  take(): Uint8Array {
    return this.#bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield this.take();
  }
}

/** `bytes` as a stream. */
export const held = (bytes: Uint8Array): HeldBytes => new HeldBytes(bytes);

/** A stream whose size is known before it flows. */
export class SizedStream implements ByteStream {
  readonly size: number;
  readonly #pieces: ByteStream;

  constructor(size: number, pieces: ByteStream) {
    this.size = size;
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#pieces[Symbol.asyncIterator]();
  }
}

/**
 * A stream whose pieces are the taker's own: who has done with one may give its memory back. Each piece was made for
 * this stream alone, is given once, and the stream does not look at it again.
 */
export class OwnPieces implements ByteStream {
  readonly #pieces: ByteStream;

  constructor(pieces: ByteStream) {
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#pieces[Symbol.asyncIterator]();
  }
}

/** Below this, memory is shared with other arrays, or not worth the while. */
const GIVEN_BACK_BYTES_MIN = 4096;

/**
 * Gives the memory of `bytes` back at once, which nobody may use any more: what a large body leaves to the collector
 * makes it walk the whole heap again and again.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  const isWhole = buffer.byteLength === byteLength && byteLength >= GIVEN_BACK_BYTES_MIN;
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** All of `stream` in one piece. The caller bounds what it may hold. */
export async function collect(stream: ByteStream): Promise<Uint8Array> {
  if (stream instanceof HeldBytes) return stream.take();
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** The same, or `undefined` where there is more than `bytesMax`. */
export async function collectAtMost(stream: ByteStream, bytesMax: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.byteLength;
    if (size > bytesMax) return undefined;
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}
