/**
 * How events lie in the store: in chunks of a stream, a short stretch of time each. Heads in two orders, of the stream and
 * of its whole group, say where they are, so that reading from any time on touches only what it gives.
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

/** The longest time between the first and the last event of a chunk. */
export const CHUNK_SPAN_MS_MAX = 60 * SECOND_MS;
const CHUNK_BYTES_MAX = 65_536;
const CHUNK_EVENTS_MAX = 1000;

/** Events, in the order of time. */
export interface Chunk {
  readonly group: string;
  readonly stream: string;
  /** Its place among the chunks of the stream, in the order in which they came. */
  readonly sequence: number;
  /** Sealed. */
  readonly content: string;
  /** The encrypted data key that the content is encrypted under as well. */
  readonly dataKey?: string;
}

export const chunks = table<Chunk>("cloudwatch-logs.chunk", "region", ({ group, stream, sequence }) => [
  group,
  stream,
  sequence,
]);

/** The streams of a group together are a line as well. */
export const WHOLE_GROUP = "";

export interface Head {
  readonly group: string;
  /** The id of a stream, or `WHOLE_GROUP`. */
  readonly line: string;
  readonly stream: string;
  readonly streamName: string;
  readonly sequence: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly ingestedMs: number;
  readonly events: number;
  /** As AWS counts them: with what each event counts beside its message. */
  readonly bytes: number;
}

/** By their beginning. */
export const heads = table<Head>("cloudwatch-logs.head", "region", ({ group, line, firstMs, sequence, stream }) => [
  group,
  line,
  firstMs,
  sequence,
  stream,
]);

/** By their end. */
export const ends = table<Head>("cloudwatch-logs.end", "region", ({ group, line, lastMs, sequence, stream }) => [
  group,
  line,
  lastMs,
  sequence,
  stream,
]);

/** Puts the chunk in line; the head in the stream's own. */
export function putHeads(head: Head, tx: Transaction): void {
  for (const line of [WHOLE_GROUP, head.line]) {
    tx.put(heads, { ...head, line });
    tx.put(ends, { ...head, line });
  }
}

export function deleteChunk(head: Omit<Head, "line">, tx: Transaction): void {
  const { group, stream, sequence, firstMs, lastMs } = head;
  tx.delete(chunks, group, stream, sequence);
  for (const line of [WHOLE_GROUP, stream]) {
    tx.delete(heads, group, line, firstMs, sequence, stream);
    tx.delete(ends, group, line, lastMs, sequence, stream);
  }
}

/** A time, and what was said then. */
export type Entry = readonly [atMs: number, message: string];

/** What is stored together; the entries are in the order of time. */
export function* cut(entries: readonly Entry[], bytesOf: (entry: Entry) => number): Generator<readonly Entry[]> {
  let piece: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = bytesOf(entry);
    const [first = entry] = piece;
    const isOver = entry[0] - first[0] > CHUNK_SPAN_MS_MAX || bytes + size > CHUNK_BYTES_MAX;
    if (piece.length > 0 && (isOver || piece.length === CHUNK_EVENTS_MAX)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(entry);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}
