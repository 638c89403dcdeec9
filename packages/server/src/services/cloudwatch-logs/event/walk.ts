/** Walks over the events of a stream, or of a whole group, in the order of time, from any place in either direction. */
import { hash } from "node:crypto";
import type { Key, Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { homeOf, type LogGroup } from "../group-row.ts";
import { streams } from "../stream-row.ts";
import { CHUNK_SPAN_MS_MAX, ends, heads, WHOLE_GROUP, type Head } from "./chunk.ts";
import type { ChunkReader } from "./chunk-reader.ts";

/** An event's place in the order: by time, in a stream as they came. */
export interface Place {
  readonly atMs: number;
  readonly sequence: number;
  readonly stream: string;
  readonly index: number;
}

export interface StoredEvent extends Place {
  readonly ingestedMs: number;
  /** Of its chunk: where that is. */
  readonly firstMs: number;
  readonly streamName: string;
  readonly message: string;
}

function compare(one: Place, other: Place): number {
  return (
    one.atMs - other.atMs ||
    one.sequence - other.sequence ||
    compareTexts(one.stream, other.stream) ||
    one.index - other.index
  );
}

const compareTexts = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

export interface Walk {
  readonly group: LogGroup;
  /** The id of a stream, or `WHOLE_GROUP`. */
  readonly line: string;
  readonly direction: "forward" | "backward";
  /** Events at this time or later; epoch milliseconds. */
  readonly fromMs: number;
  /** Events before this time. */
  readonly beforeMs: number;
  /** Only events behind this place, in the direction of the walk. */
  readonly after?: Place | undefined;
  /** Which streams of the group; all where left out. */
  readonly isWanted?: (streamName: string) => boolean;
}

const HEADS_AT_ONCE = 64;

/** All events of the walk. Chunks are opened when the walk comes to them. */
export async function* walk(asked: Walk, reader: ChunkReader, context: Context): AsyncGenerator<StoredEvent> {
  const bounds = boundsOf(asked);
  if (bounds.fromMs >= bounds.beforeMs) return;
  const isForward = asked.direction === "forward";
  const order = isForward ? compare : (one: Place, other: Place) => compare(other, one);
  const pending = new Pending(order);
  const known = new KnownStreams(asked.group, context.tx);
  for await (const head of headsOf(asked, bounds, homeOf(asked.group, context.tx))) {
    // nothing that is still to come lies before this
    const limit = isForward
      ? { ...head, atMs: head.firstMs, index: -1 }
      : { ...head, atMs: head.lastMs, index: Infinity };
    yield* pending.takeWhile((event) => order(event, limit) < 0);
    if (asked.isWanted?.(head.streamName) === false || !(await known.has(head))) continue;
    for (const event of await reader.read(head)) if (isMeant(event, asked, bounds)) pending.add(event);
  }
  yield* pending.takeWhile(() => true);
}

interface Bounds {
  readonly fromMs: number;
  readonly beforeMs: number;
}

function boundsOf({ direction, fromMs, beforeMs, after }: Walk): Bounds {
  if (after === undefined) return { fromMs, beforeMs };
  return direction === "forward"
    ? { fromMs: Math.max(fromMs, after.atMs), beforeMs }
    : { fromMs, beforeMs: Math.min(beforeMs, after.atMs + 1) };
}

function isMeant(event: StoredEvent, { direction, after }: Walk, { fromMs, beforeMs }: Bounds): boolean {
  if (event.atMs < fromMs || event.atMs >= beforeMs) return false;
  if (after === undefined) return true;
  return direction === "forward" ? compare(event, after) > 0 : compare(event, after) < 0;
}

/** The streams of a group as a walk comes to them: one that is gone may still have chunks in the group's line. */
class KnownStreams {
  readonly #group: LogGroup;
  readonly #tx: Transaction;
  /** The id that a stream has, by its name. */
  readonly #ids = new Map<string, string | undefined>();

  constructor(group: LogGroup, tx: Transaction) {
    this.#group = group;
    this.#tx = homeOf(group, tx);
  }

  async has({ line, stream, streamName }: Head): Promise<boolean> {
    if (line !== WHOLE_GROUP) return true;
    if (!this.#ids.has(streamName)) {
      this.#ids.set(streamName, (await this.#tx.get(streams, this.#group.id, streamName))?.id);
    }
    return this.#ids.get(streamName) === stream;
  }
}

/** Heads of chunks that may have events inside the bounds: by their beginning, or backwards by their end. */
async function* headsOf({ group, line, direction }: Walk, bounds: Bounds, tx: Transaction): AsyncGenerator<Head> {
  const { fromMs, beforeMs } = bounds;
  const prefix: Key = [group.id, line];
  if (direction === "forward") {
    // a chunk that began before may reach into the time that is asked for
    const begun = { table: heads, prefix, from: fromMs - CHUNK_SPAN_MS_MAX, before: beforeMs };
    for await (const head of scan(begun, "forward", tx)) if (head.lastMs >= fromMs) yield head;
  } else {
    const ended = { table: ends, prefix, from: fromMs, before: beforeMs + CHUNK_SPAN_MS_MAX };
    for await (const head of scan(ended, "backward", tx)) if (head.firstMs < beforeMs) yield head;
  }
}

interface Stretch {
  readonly table: typeof heads;
  readonly prefix: Key;
  readonly from: number;
  readonly before: number;
}

async function* scan(
  { table, prefix, from, before }: Stretch,
  direction: Walk["direction"],
  tx: Transaction,
): AsyncGenerator<Head> {
  const reverse = direction === "backward";
  let last: Key | undefined;
  for (;;) {
    const bounds = {
      from: [...prefix, from],
      before: reverse && last !== undefined ? last : [...prefix, before],
      ...(!reverse && last !== undefined && { after: last }),
    };
    const rows = await tx.scan(table, { ...bounds, reverse, limit: HEADS_AT_ONCE });
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < HEADS_AT_ONCE) return;
    last = table.keyOf(end);
  }
}

/** Events that were read and wait for their turn: a heap. */
class Pending {
  readonly #order: (one: Place, other: Place) => number;
  readonly #events: StoredEvent[] = [];

  constructor(order: (one: Place, other: Place) => number) {
    this.#order = order;
  }

  add(event: StoredEvent): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isOrdered(parent, at)) return;
      this.#swap(parent, at);
      at = parent;
    }
  }

  *takeWhile(isDue: (event: StoredEvent) => boolean): Generator<StoredEvent> {
    for (let [first] = this.#events; first !== undefined && isDue(first); [first] = this.#events) {
      this.#removeFirst();
      yield first;
    }
  }

  #removeFirst(): void {
    const events = this.#events;
    const last = events.pop();
    if (last === undefined || events.length === 0) return;
    events[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = right < events.length && this.#isOrdered(right, left) ? right : left;
      if (child >= events.length || this.#isOrdered(at, child)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #isOrdered(at: number, below: number): boolean {
    const [one, other] = [this.#events[at], this.#events[below]];
    return one !== undefined && other !== undefined && this.#order(one, other) <= 0;
  }

  #swap(at: number, below: number): void {
    const [one, other] = [this.#events[at], this.#events[below]];
    if (one === undefined || other === undefined) return;
    this.#events[at] = other;
    this.#events[below] = one;
  }
}

const DIGITS = { stream: 20, at: 15, sequence: 15, index: 5 } as const;

const padded = (value: number | bigint, digits: number): string => String(value).padStart(digits, "0").slice(-digits);

/** 56 digits, of which no other event in the group has the same. */
export function eventId(place: Place): string {
  const stream = BigInt(`0x${hash("sha256", place.stream, "hex").slice(0, 16)}`);
  return `3${padded(stream, DIGITS.stream)}${placeDigits(place)}`;
}

/** All of a place but its stream. */
export const placeDigits = ({ atMs, sequence, index }: Place): string =>
  padded(atMs, DIGITS.at) + padded(sequence, DIGITS.sequence) + padded(index, DIGITS.index);

/** The place in a stream that digits name; `undefined` where they are none of ours. */
export function placeOfDigits(digits: string, stream: string): Place | undefined {
  const [atMs, sequence, index] = /^0*(\d{15})(\d{15})(\d{5})$/.exec(digits)?.slice(1).map(Number) ?? [];
  if (atMs === undefined || sequence === undefined || index === undefined) return undefined;
  return { atMs, sequence, stream, index };
}
