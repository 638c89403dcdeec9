/** Bytes that come in pieces, read once. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** All of `stream` in one piece. The caller bounds what it may hold. */
export async function collect(stream: ByteStream): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

/** `bytes` as a stream that may be read again and again. */
export const held = (bytes: Uint8Array): ByteStream => ({
  async *[Symbol.asyncIterator]() {
    yield bytes;
  },
});
