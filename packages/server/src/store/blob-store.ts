import { assert } from "../kernel/assert.ts";
import { held, HeldBytes, type ByteStream } from "../kernel/bytes.ts";
import { newUuid } from "../kernel/ids.ts";
import type { Transaction } from "../kernel/table.ts";
import { drops, keeps } from "./blob-reference.ts";
import { startDigest } from "./digest/digests.ts";
import type { BlobRef, Blobs, ByteRange } from "./blobs.ts";
import type { Shelf } from "./shelf.ts";

/** The largest body that is kept inside its row. */
export const INLINE_BYTES_MAX = 16_384;

export interface BlobStoreOptions {
  readonly shelf: Shelf;
  /** Real epoch milliseconds. */
  readonly realNow: () => number;
}

/** All bodies of one cloud. */
export class BlobStore {
  readonly shelf: Shelf;
  readonly realNow: () => number;
  /** Is part of every id made here, so that a later run can tell what an earlier one left behind. */
  readonly run = newUuid().slice(0, 8);

  /** The bodies that are coming in. */
  readonly writing = new Set<string>();

  constructor({ shelf, realNow }: BlobStoreOptions) {
    this.shelf = shelf;
    this.realNow = realNow;
  }

  /** The bodies as a transaction sees them; outside of one, they can be written and read only. */
  bind(tx: Transaction | undefined): Blobs {
    return {
      digest: startDigest,
      write: (stream) => this.write(stream),
      read: (ref, range) => this.read(ref, range),
      keep: (ref) => this.#note("keep", ref, tx),
      drop: (ref) => this.#note("drop", ref, tx),
    };
  }

  async write(stream: ByteStream): Promise<BlobRef> {
    if (stream instanceof HeldBytes && stream.size <= INLINE_BYTES_MAX) return inline([stream.take()]);
    const pieces = stream[Symbol.asyncIterator]();
    const { head, ended } = await takeHead(pieces);
    if (ended) return inline(head);
    const id = `${newUuid()}-${this.run}`;
    this.writing.add(id);
    try {
      return { kind: "file", id, size: await this.shelf.write(id, rejoin(head, pieces)) };
    } finally {
      this.writing.delete(id);
    }
  }

  read(ref: BlobRef, range: ByteRange = { start: 0, end: ref.size - 1 }): ByteStream {
    assert(range.start >= 0 && range.end < ref.size, "a blob is read outside its bounds");
    return ref.kind === "file" ? this.shelf.read(ref, range) : readInline(ref.base64, range);
  }

  #note(what: "keep" | "drop", ref: BlobRef, tx: Transaction | undefined): void {
    assert(tx, "a blob is kept or dropped outside a transaction");
    if (ref.kind === "inline") return;
    const entry = { id: ref.id, entry: newUuid() };
    if (what === "keep") tx.put(keeps, entry);
    else tx.put(drops, { ...entry, atMs: this.realNow() });
  }
}

function inline(pieces: readonly Uint8Array[]): BlobRef {
  const [only] = pieces;
  const body =
    only && pieces.length === 1 ? Buffer.from(only.buffer, only.byteOffset, only.length) : Buffer.concat(pieces);
  return { kind: "inline", base64: body.toString("base64"), size: body.length };
}

const readInline = (base64: string, { start, end }: ByteRange): HeldBytes =>
  held(Buffer.from(base64, "base64").subarray(start, end + 1));

/** The first pieces, up to the one that no longer fits a row. */
async function takeHead(
  pieces: AsyncIterator<Uint8Array>,
): Promise<{ readonly head: readonly Uint8Array[]; readonly ended: boolean }> {
  const head: Uint8Array[] = [];
  for (let size = 0; size <= INLINE_BYTES_MAX;) {
    const { done, value } = await pieces.next();
    if (done) return { head, ended: true };
    // whoever gives a piece may want its memory back when the next is asked for
    head.push(Uint8Array.from(value));
    size += value.length;
  }
  return { head, ended: false };
}

async function* rejoin(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value;
  } finally {
    await rest.return?.();
  }
}
