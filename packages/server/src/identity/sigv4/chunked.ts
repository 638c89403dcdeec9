/**
 * Bodies in the encoding `aws-chunked`: `size[;chunk-signature=…]CRLF bytes CRLF`, a chunk of size
 * nought, and then, where the client said so, trailing headers.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { createHash } from "node:crypto";
import type { ByteStream } from "../../kernel/bytes.ts";
import { chunksIncomplete, incompleteBody, invalidChunkSize } from "./body-errors.ts";
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
      // what is too much is counted, and nobody's
      if (total > options.decodedBytes) continue;
      options.trailers?.update(piece);
      yield piece;
    }
    if (total !== options.decodedBytes) throw chunksIncomplete({ expected: options.decodedBytes, provided: total });
    if (options.trailers === undefined) await endOfBody(reader);
    else await options.trailers.read(reader);
    await reader.skip();
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
    else yield* signedChunk(reader, size, { signer, signature: requireSignature(signature) });
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
  signer.requireChunk(signature, hash.digest("hex"));
}

interface ChunkLine {
  readonly size: number;
  /** What stands in its place, whatever that is. */
  readonly signature: string | undefined;
}

/** Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3: the spaces, and what is no signature) */
function parseChunkLine(line: string | undefined): ChunkLine {
  const [, hex, parameters] = /^([0-9A-Fa-f]{1,12})(?: ?; ?(.*))?$/.exec(line ?? "") ?? [];
  if (hex === undefined) throw incompleteBody();
  return { size: Number.parseInt(hex, 16), signature: parameters === undefined ? undefined : signatureIn(parameters) };
}

function signatureIn(parameters: string): string | undefined {
  return parameters.startsWith("chunk-signature") ? SIGNATURE.exec(parameters)?.[1] : parameters;
}

const SIGNATURE = /^chunk-signature ?= ?([^;\s]+) ?$/;

function requireSignature(signature: string | undefined): string {
  if (signature === undefined) throw incompleteBody();
  return signature;
}

async function endOfBody(reader: PieceReader): Promise<void> {
  await endOfLine(reader);
  if (!(await reader.atEnd())) throw incompleteBody();
}

async function endOfLine(reader: PieceReader): Promise<void> {
  if ((await reader.line(1)) !== "") throw incompleteBody();
}
