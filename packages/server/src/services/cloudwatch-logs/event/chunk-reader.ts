import { assert } from "../../../kernel/assert.ts";
import type { Context } from "../../../service/context.ts";
import { homeOf, type LogGroup } from "../group-row.ts";
import { chunks, type Entry, type Head } from "./chunk.ts";
import { Opener } from "./encryption.ts";
import type { StoredEvent } from "./walk.ts";

/** Opens chunks of one group, for one call. */
export class ChunkReader {
  readonly #group: LogGroup;
  readonly #context: Context;
  readonly #opener: Opener;

  constructor(group: LogGroup, context: Context) {
    this.#group = group;
    this.#context = context;
    this.#opener = new Opener(group, context);
  }

  /** The chunk's events, in order; none where it was taken away in the meantime. */
  async read({ stream, streamName, sequence, ingestedMs, firstMs }: Head): Promise<readonly StoredEvent[]> {
    const group = this.#group;
    const chunk = await homeOf(group, this.#context.tx).get(chunks, group.id, stream, sequence);
    if (chunk === undefined) return [];
    const entries: unknown = JSON.parse(await this.#opener.open(chunk));
    assert(areEntries(entries), "a chunk holds entries");
    return entries.map(([atMs, message], index) => ({
      atMs,
      message,
      ingestedMs,
      firstMs,
      stream,
      streamName,
      sequence,
      index,
    }));
  }
}

const areEntries = (value: unknown): value is readonly Entry[] => Array.isArray(value);
