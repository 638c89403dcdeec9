/**
 * The bytes of objects: one piece, or the parts they were uploaded in, kept as they came.
 * A small body lies in its object's row; any other has a row of its own, which only reads touch.
 */
import { assert } from "../../../kernel/assert.ts";
import type { ByteStream } from "../../../kernel/bytes.ts";
import { whenThere, type Soon } from "../../../kernel/soon.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { BlobRef, Blobs, ByteRange, Context } from "../../../service/context.ts";
import { BODY_IN_ROW_BYTES_MAX } from "../limits.ts";

export interface Piece {
  readonly blob: BlobRef;
  /** Present where the piece is a part of a multi-part upload. */
  readonly part?: { readonly number: number; readonly etag: string; readonly checksum: string };
}

export type Body = { readonly kind: "here"; readonly blob: BlobRef } | { readonly kind: "apart"; readonly id: string };

interface BodyRow {
  readonly id: string;
  readonly pieces: readonly Piece[];
}

const bodies = table<BodyRow>("s3.body", "global", ({ id }) => [id]);

/** The body that a row is to refer to; its blobs are already kept. */
export function putBody(pieces: readonly Piece[], context: Context): Body {
  const [only] = pieces;
  if (only && pieces.length === 1 && !only.part && isSmall(only.blob)) return { kind: "here", blob: only.blob };
  const id = context.newId();
  context.tx.put(bodies, { id, pieces });
  return { kind: "apart", id };
}

const isSmall = (blob: BlobRef): boolean => blob.kind === "file" || blob.size <= BODY_IN_ROW_BYTES_MAX;

export const piecesOf = (body: Body, { tx }: Pick<Context, "tx">): Soon<readonly Piece[]> =>
  body.kind === "here" ? [{ blob: body.blob }] : piecesApart(body.id, tx);

async function piecesApart(id: string, tx: Transaction): Promise<readonly Piece[]> {
  const row = await tx.get(bodies, id);
  assert(row, "a body that an object refers to exists");
  return row.pieces;
}

export function dropBody(body: Body, context: Pick<Context, "tx" | "blobs">): Soon<void> {
  return whenThere(piecesOf(body, context), (pieces) => {
    for (const { blob } of pieces) context.blobs.drop(blob);
    if (body.kind === "apart") context.tx.delete(bodies, body.id);
  });
}

/** What is read of a body, and what it was encrypted under besides the cloud's own key. */
export interface Reading {
  readonly range?: ByteRange | undefined;
  readonly secret?: Uint8Array | undefined;
}

/** The bytes of `range`, out of all pieces on end. */
export function readPieces(blobs: Blobs, pieces: readonly Piece[], { range, secret }: Reading): ByteStream {
  const readings: ByteStream[] = [];
  let offset = 0;
  for (const { blob } of pieces) {
    const start = Math.max(0, (range?.start ?? 0) - offset);
    const end = Math.min(blob.size - 1, (range?.end ?? Number.MAX_SAFE_INTEGER) - offset);
    if (start <= end)
      readings.push(blobs.read(blob, end - start + 1 === blob.size ? undefined : { start, end }, secret));
    offset += blob.size;
  }
  const [only] = readings;
  return only && readings.length === 1 ? only : onEnd(readings);
}

async function* onEnd(readings: readonly ByteStream[]): ByteStream {
  for (const reading of readings) yield* reading;
}

/**
 * Where the part lies that is the `number`th of its object: once an upload is complete, numbers that it left out count no
 * more. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_mpu.py (run against S3)
 */
export function rangeOfPart(pieces: readonly Piece[], number: number): ByteRange | undefined {
  const wanted = pieces[number - 1];
  if (wanted === undefined) return undefined;
  const start = pieces.slice(0, number - 1).reduce((sum, { blob }) => sum + blob.size, 0);
  return { start, end: start + wanted.blob.size - 1 };
}
