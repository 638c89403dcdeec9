/** Events as stores keep them: in chunks, by the time of their first event. */
import { SECOND_MS, MINUTE_MS } from "../../../../kernel/duration.ts";
import { table, type Key, type Transaction } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import type { Store } from "../store/row.ts";
import { Opener } from "./encryption.ts";

export interface Chunk {
  /** The id of the store. */
  readonly store: string;
  /** Of the first event; none of the others is a minute later. */
  readonly atMs: number;
  readonly id: string;
  /** Texts of events, a line each: sealed, and encrypted with a data key of KMS where there is one. */
  readonly content: string;
  readonly dataKey?: string | undefined;
}

export const CHUNK_MS = MINUTE_MS;

export const chunks = table<Chunk>("cloudtrail.event-chunk", "global", ({ store, atMs, id }) => [store, atMs, id]);

const CHUNKS_AT_ONCE = 50;

/** `beforeMs` itself is not part of it. */
export interface TimeRange {
  readonly fromMs: number;
  readonly beforeMs: number;
}

/**
 * The texts of a store's events of some time, and perhaps some from right before and after it; those that came first
 * stand first. Outside of a transaction each page is what is there at that moment.
 * @throws {AwsError} what KMS answers where CloudTrail may not use the store's key
 */
export async function* eventsIn(store: Store, { fromMs, beforeMs }: TimeRange, context: Context) {
  const opener = new Opener(store, context);
  // events say whole seconds
  const range = { prefix: [store.id], before: [store.id, beforeMs + SECOND_MS], limit: CHUNKS_AT_ONCE };
  let bound: { readonly from: Key } | { readonly after: Key } = { from: [store.id, fromMs - CHUNK_MS] };
  for (;;) {
    const rows: readonly Chunk[] = await context.tx.scan(chunks, { ...range, ...bound });
    for (const row of rows) yield (await opener.open(row)).split("\n");
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNKS_AT_ONCE) return;
    bound = { after: chunks.keyOf(last) };
  }
}

const CLEARED_AT_ONCE = 5000;

/** Whether it took all of them away. */
export const forgetEvents = async (store: string, tx: Transaction): Promise<boolean> =>
  (await tx.clear(chunks, { prefix: [store], limit: CLEARED_AT_ONCE })) < CLEARED_AT_ONCE;

/** Takes away those that are all of before `untilMs`. Whether it took all of them away. */
export async function forgetEventsBefore(store: string, untilMs: number, tx: Transaction): Promise<boolean> {
  const before = [store, untilMs - CHUNK_MS];
  return (await tx.clear(chunks, { prefix: [store], before, limit: CLEARED_AT_ONCE })) < CLEARED_AT_ONCE;
}
