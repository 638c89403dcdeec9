/** Tables read from one end to the other, a part at a time. */
import type { Key, Table, Transaction } from "../../kernel/table.ts";

const ROWS = 500;

/** All rows whose keys begin so. */
export async function* everyRow<Row>(from: Table<Row>, prefix: Key, tx: Transaction): AsyncGenerator<Row> {
  for (let after: Key | undefined; ;) {
    const rows = await tx.scan(from, { prefix, after, limit: ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = from.keyOf(last);
  }
}
