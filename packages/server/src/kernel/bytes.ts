/** Bytes that come in pieces, read once. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** All of `stream` in one piece. The caller bounds what it may hold. */
export async function collect(stream: ByteStream): Promise<Uint8Array> {
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

/** `bytes` as a stream that may be read again and again. */
export const held = (bytes: Uint8Array): ByteStream => ({
  async *[Symbol.asyncIterator]() {
    yield bytes;
  },
});
