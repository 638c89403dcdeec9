import { assert } from "../kernel/assert.ts";
import { held, HeldBytes, type ByteStream } from "../kernel/bytes.ts";
import { newUuid } from "../kernel/ids.ts";
import type { Transaction } from "../kernel/table.ts";
import { drops, keeps } from "./blob-reference.ts";
import { startDigest } from "./digest/digests.ts";
import type { BlobRef, Blobs, ByteRange } from "./blobs.ts";
import type { InlineSealer } from "./inline-body.ts";
import type { Shelf } from "./shelf.ts";

/** The largest body that is kept inside its row. */
export const INLINE_BYTES_MAX = 16_384;

export interface BlobStoreOptions {
  readonly shelf: Shelf;
  readonly inline: InlineSealer;
  /** Real epoch milliseconds. */
  readonly realNow: () => number;
}

/** All bodies of one cloud. */
export class BlobStore {
  readonly shelf: Shelf;
  readonly realNow: () => number;
  readonly #inline: InlineSealer;
  readonly #opened = new WeakMap<BlobRef, Buffer>();
  /** Is part of every id made here, so that a later run can tell what an earlier one left behind. */
  readonly run = newUuid().slice(0, 8);

  /** The bodies that are coming in. */
  readonly writing = new Set<string>();

  constructor({ shelf, inline, realNow }: BlobStoreOptions) {
    this.shelf = shelf;
    this.#inline = inline;
    this.realNow = realNow;
  }

  /** The bodies as a transaction sees them; outside of one, they can be written and read only. */
  bind(tx: Transaction | undefined): Blobs {
    return {
      digest: startDigest,
      write: (stream, secret) => this.write(stream, secret),
      read: (ref, range, secret) => this.read(ref, range, secret),
      keep: (ref) => this.#note("keep", ref, tx),
      drop: (ref) => this.#note("drop", ref, tx),
    };
  }

  async write(stream: ByteStream, secret?: Uint8Array): Promise<BlobRef> {
    if (stream instanceof HeldBytes && stream.size <= INLINE_BYTES_MAX) return this.#sealInline(stream.take(), secret);
    const pieces = stream[Symbol.asyncIterator]();
    const { head, ended } = await takeHead(pieces);
    if (ended) return this.#sealInline(Buffer.concat(head), secret);
    const id = `${newUuid()}-${this.run}`;
    this.writing.add(id);
    try {
      return { kind: "file", id, size: await this.shelf.write(id, rejoin(head, pieces), secret) };
    } finally {
      this.writing.delete(id);
    }
  }

  read(ref: BlobRef, range: ByteRange = { start: 0, end: ref.size - 1 }, secret?: Uint8Array): ByteStream {
    assert(range.start >= 0 && range.end < ref.size, "a blob is read outside its bounds");
    if (ref.kind === "file") return this.shelf.read({ ...ref, secret }, range);
    return held(this.#openInline(ref, secret).subarray(range.start, range.end + 1));
  }

  /** A row that is read over and over is one value, whose body is opened once. */
  #openInline(ref: Extract<BlobRef, { readonly kind: "inline" }>, secret: Uint8Array | undefined): Buffer {
    if (secret !== undefined) return this.#inline.open(ref.sealed, secret);
    let body = this.#opened.get(ref);
    if (body === undefined) this.#opened.set(ref, (body = this.#inline.open(ref.sealed)));
    return body;
  }

  #sealInline(body: Uint8Array, secret: Uint8Array | undefined): BlobRef {
    return { kind: "inline", sealed: this.#inline.seal(body, secret), size: body.byteLength };
  }

  #note(what: "keep" | "drop", ref: BlobRef, tx: Transaction | undefined): void {
    assert(tx, "a blob is kept or dropped outside a transaction");
    if (ref.kind === "inline") return;
    const entry = { id: ref.id, entry: newUuid() };
    if (what === "keep") tx.put(keeps, entry);
    else tx.put(drops, { ...entry, atMs: this.realNow() });
  }
}

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
