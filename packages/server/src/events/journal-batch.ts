/** Records as they lie in the store: those that were written together in one row. */
import { newUuid } from "../kernel/ids.ts";
import { table, type Key, type Range, type Scope } from "../kernel/table.ts";
import type { Store } from "../store/store.ts";
import type { CallRecord } from "./call-record.ts";
import type { LaidRecord } from "./repeated-record.ts";

export interface Batch {
  /** When the last of its calls began. */
  readonly atMs: number;
  readonly id: string;
  readonly records: readonly LaidRecord[];
}

export const batches = table<Batch>("journal.batch", "global", ({ atMs, id }) => [atMs, id]);

/** A few thousand records at the most. */
const SCAN_ROWS = 16;
const ORDER_DIGITS = 12;

/** `order`: where time stands still, batches keep the order in which they were made. */
export function batchOf(
  calls: readonly Pick<CallRecord, "atMs">[],
  records: readonly LaidRecord[],
  order: number,
): Batch {
  const atMs = Math.max(...calls.map((call) => call.atMs));
  return { atMs, id: `${String(order).padStart(ORDER_DIGITS, "0")}-${newUuid()}`, records };
}

/** The batches in `range` one by one, those that come meanwhile included. */
export async function* batchesIn(
  { store, scope }: { readonly store: Store; readonly scope: Scope },
  range: Omit<Range, "limit">,
): AsyncGenerator<Batch, void> {
  let place: { readonly after?: Key; readonly before?: Key } = {};
  for (;;) {
    const rows = await store.transact(scope, (tx) => tx.scan(batches, { ...range, ...place, limit: SCAN_ROWS }));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < SCAN_ROWS) return;
    place = range.reverse === true ? { before: batches.keyOf(last) } : { after: batches.keyOf(last) };
  }
}

/** A batch's key in one text. */
export const keyText = ({ atMs, id }: Pick<Batch, "atMs" | "id">): string => `${atMs}/${id}`;

export function keyOfText(text: string): Key {
  const end = text.indexOf("/");
  return [Number(text.slice(0, end)), text.slice(end + 1)];
}
