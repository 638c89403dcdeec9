/**
 * The bytes of archives: one piece, or the parts they were uploaded in. A retrieval that is done has the body too, so that
 * it outlives its archive.
 */
import { assert } from "../../../kernel/assert.ts";
import { collect, type ByteStream } from "../../../kernel/bytes.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { BlobRef, Blobs, ByteRange, Context } from "../../../service/context.ts";
import { MIB } from "../limits.ts";
import { apart, hexOf, isTreeHashAligned, nodeOf, rootOf, type Span } from "./tree-hash.ts";

export interface Piece {
  readonly blob: BlobRef;
  readonly size: number;
  /** Hexadecimal. */
  readonly treeHash: string;
  /** The hash of each mebibyte, where there are several. */
  readonly leaves?: BlobRef;
}

interface Body {
  readonly id: string;
  /** All but the last of one size, a power of two of mebibytes. */
  readonly pieces: readonly Piece[];
  /** Archives and retrievals that refer to it. */
  readonly uses: number;
}

const bodies = table<Body>("glacier.body", "global", ({ id }) => [id]);

/** The body of a new archive; its blobs are already kept. */
export function putBody(pieces: readonly Piece[], context: Pick<Context, "tx" | "newId">): string {
  const id = context.newId();
  context.tx.put(bodies, { id, pieces, uses: 1 });
  return id;
}

async function requireBody(id: string, tx: Transaction): Promise<Body> {
  const body = await tx.get(bodies, id);
  assert(body, "a body that an archive refers to exists");
  return body;
}

export async function useBody(id: string, { tx }: Pick<Context, "tx">): Promise<void> {
  const body = await requireBody(id, tx);
  tx.put(bodies, { ...body, uses: body.uses + 1 });
}

export async function dropBody(id: string, { tx, blobs }: Pick<Context, "tx" | "blobs">): Promise<void> {
  const body = await requireBody(id, tx);
  if (body.uses > 1) {
    tx.put(bodies, { ...body, uses: body.uses - 1 });
    return;
  }
  for (const piece of body.pieces) dropPiece(piece, blobs);
  tx.delete(bodies, id);
}

export function keepPiece({ blob, leaves }: Piece, blobs: Blobs): void {
  blobs.keep(blob);
  if (leaves) blobs.keep(leaves);
}

export function dropPiece({ blob, leaves }: Piece, blobs: Blobs): void {
  blobs.drop(blob);
  if (leaves) blobs.drop(leaves);
}

export const piecesOf = async (id: string, tx: Transaction): Promise<readonly Piece[]> =>
  (await requireBody(id, tx)).pieces;

/** The bytes of `range`, out of all pieces on end. */
export async function* readPieces(pieces: readonly Piece[], range: ByteRange, blobs: Blobs): ByteStream {
  let offset = 0;
  for (const { blob, size } of pieces) {
    const start = Math.max(0, range.start - offset);
    const end = Math.min(size - 1, range.end - offset);
    if (start <= end) yield* blobs.read(blob, end - start + 1 === size ? undefined : { start, end });
    offset += size;
  }
}

/** The tree hash of a span, where it has one that is a part of the whole tree. */
export async function treeHashOf(pieces: readonly Piece[], span: Span, blobs: Blobs): Promise<string | undefined> {
  if (!isTreeHashAligned(span)) return undefined;
  const pieceBytes = pieces[0]?.size ?? 0;
  const first = Math.floor(span.start / pieceBytes);
  const last = Math.floor(span.end / pieceBytes);
  // an aligned span lies in one piece, or is made of whole ones
  const within = pieces.slice(first, last + 1);
  const [only] = within;
  if (only === undefined || within.length > 1) return hexOf(rootOf(within.map(({ treeHash }) => nodeOf(treeHash))));
  const start = span.start - first * pieceBytes;
  const end = span.end - first * pieceBytes;
  if (only.leaves === undefined || end - start + 1 === only.size) return only.treeHash;
  const leaves = apart(await collect(blobs.read(only.leaves)));
  return hexOf(rootOf(leaves.slice(start / MIB, Math.ceil((end + 1) / MIB))));
}
