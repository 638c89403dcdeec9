/**
 * Bodies in the encoding `aws-chunked`: `size[;chunk-signature=…]CRLF bytes CRLF`, a chunk of size
 * nought, and then, where the client said so, trailing headers.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { createHash } from "node:crypto";
import type { ByteStream } from "../../kernel/bytes.ts";
import { incompleteBody, invalidChunkSize, chunkSignatureDoesNotMatch } from "./errors.ts";
import type { ChunkSigner } from "./chunk-signer.ts";
import { PieceReader } from "./piece-reader.ts";
import type { Trailers } from "./trailers.ts";

/** Bytes of a chunk's own line: a size, and a signature of 64. */
const CHUNK_LINE_BYTES_MAX = 256;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html (8 KB, but for the last) */
const CHUNK_BYTES_MIN = 8192;

export interface ChunkedOptions {
  /** `undefined`: chunks are not signed. */
  readonly signer: ChunkSigner | undefined;
  /** `undefined`: nothing may follow the last chunk. */
  readonly trailers: Trailers | undefined;
  /** What the client says is inside the chunks. */
  readonly decodedBytes: number;
}

/** @throws {AuthenticationError} where framing, signatures, length or trailers are not right. */
export async function* decodeChunks(stream: ByteStream, options: ChunkedOptions): AsyncGenerator<Uint8Array> {
  const reader = new PieceReader(stream);
  try {
    let total = 0;
    for await (const piece of chunkPieces(reader, options.signer)) {
      total += piece.length;
      if (total > options.decodedBytes) throw incompleteBody();
      options.trailers?.update(piece);
      yield piece;
    }
    if (total !== options.decodedBytes) throw incompleteBody();
    if (options.trailers === undefined) await endOfLine(reader);
    else await options.trailers.read(reader);
    if (!(await reader.atEnd())) throw incompleteBody();
  } finally {
    await reader.end();
  }
}

async function* chunkPieces(reader: PieceReader, signer: ChunkSigner | undefined): AsyncGenerator<Uint8Array> {
  let last = CHUNK_BYTES_MIN;
  for (let number = 1; ; number++) {
    const { size, signature } = parseChunkLine(await reader.line(CHUNK_LINE_BYTES_MAX));
    if (size > 0 && last < CHUNK_BYTES_MIN) throw invalidChunkSize(number, last);
    if (signer === undefined) yield* wholeChunk(reader, size);
    else yield* signedChunk(reader, size, { signer, signature });
    if (size === 0) return;
    await endOfLine(reader);
    last = size;
  }
}

async function* wholeChunk(reader: PieceReader, size: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of reader.take(size)) {
    read += piece.length;
    yield piece;
  }
  if (read < size) throw incompleteBody();
}

async function* signedChunk(
  reader: PieceReader,
  size: number,
  { signer, signature }: { readonly signer: ChunkSigner; readonly signature: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of wholeChunk(reader, size)) {
    hash.update(piece);
    yield piece;
  }
  if (!signer.accepts(signature, hash.digest("hex"))) throw chunkSignatureDoesNotMatch();
}

function parseChunkLine(line: string | undefined): { readonly size: number; readonly signature: string } {
  const [, hex, signature = ""] = /^([0-9A-Fa-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line ?? "") ?? [];
  if (hex === undefined) throw incompleteBody();
  return { size: Number.parseInt(hex, 16), signature };
}

async function endOfLine(reader: PieceReader): Promise<void> {
  if ((await reader.line(1)) !== "") throw incompleteBody();
}
