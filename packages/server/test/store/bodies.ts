import type { ByteStream } from "../../src/kernel/bytes.ts";

/** Bytes that differ from place to place and from record to record. */
export function bodyOf(size: number): Buffer {
  const body = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at++) body[at] = (at * 31 + (at >>> 8) * 17 + (at >>> 16)) & 0xff;
  return body;
}

/** `body` as it may come from a client. */
export async function* piecesOf(body: Uint8Array, pieceSize: number): ByteStream {
  for (let at = 0; at < body.length; at += pieceSize) yield body.subarray(at, at + pieceSize);
}
