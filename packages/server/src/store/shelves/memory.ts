import { assert } from "../../kernel/assert.ts";
import type { ByteStream } from "../../kernel/bytes.ts";
import type { ByteRange } from "../blobs.ts";
import type { Shelf } from "../shelf.ts";

interface Body {
  readonly pieces: readonly Uint8Array[];
  readonly writtenAtMs: number;
}

/** Bodies that end with the process: in the clear, in the pieces they came in. */
export class MemoryShelf implements Shelf {
  readonly #bodies = new Map<string, Body>();
  readonly #now: () => number;

  /** `now` tells real time. */
  constructor(now: () => number) {
    this.#now = now;
  }

  async write(id: string, stream: ByteStream): Promise<number> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of stream) {
      pieces.push(Uint8Array.from(piece));
      size += piece.length;
    }
    this.#bodies.set(id, { pieces, writtenAtMs: this.#now() });
    return size;
  }

  read({ id }: { readonly id: string }, range: ByteRange): ByteStream {
    const body = this.#bodies.get(id);
    assert(body, "a blob in memory is gone although a row refers to it");
    return cut(body.pieces, range);
  }

  async remove(id: string): Promise<void> {
    this.#bodies.delete(id);
  }

  async *list(): AsyncGenerator<readonly string[]> {
    yield [...this.#bodies.keys()];
  }

  async writtenAtMs(id: string): Promise<number | undefined> {
    return this.#bodies.get(id)?.writtenAtMs;
  }
}

/** The bytes of `range` in the concatenation of `pieces`. */
async function* cut(pieces: readonly Uint8Array[], { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const piece of pieces) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end + 1 - offset, piece.length);
    if (from < to) yield piece.subarray(from, to);
    offset += piece.length;
    if (offset > end) return;
  }
}
