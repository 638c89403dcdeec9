import type { Key, Range, Table, Transaction } from "./table.ts";

/** Which rows: none of the bounds given, all that there are. */
type WholeRange = Omit<Range, "limit" | "reverse">;

const ROWS_AT_ONCE = 500;

/**
 * Every row of a range in key order, however many there are: read some hundreds at a time. What is put or deleted further
 * on in the range meanwhile may be seen or not.
 */
export async function* everyRow<Row>(
  tx: Transaction,
  from: Table<Row>,
  { after: start, ...range }: WholeRange = {},
): AsyncGenerator<Row> {
  for (let after: Key | undefined = start; ;) {
    const rows: readonly Row[] = await tx.scan(from, { ...range, after, limit: ROWS_AT_ONCE });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = from.keyOf(last);
  }
}
