import type { Key, Range, Table, Transaction } from "../../kernel/table.ts";

const ROWS = 500;

/** All rows of a range, some at a time. */
export async function* rowsOf<Row>(
  from: Table<Row>,
  range: Omit<Range, "limit">,
  tx: Transaction,
): AsyncGenerator<Row> {
  for (let after: Key | undefined; ;) {
    const rows = await tx.scan(from, { ...range, ...(after && { after, from: undefined }), limit: ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < ROWS || last === undefined) return;
    after = from.keyOf(last);
  }
}
