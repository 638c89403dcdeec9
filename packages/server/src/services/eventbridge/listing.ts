/** Lists of what has to be looked at one by one to know whether it is meant. */
import type { AwsError } from "../../kernel/aws-error.ts";
import { decodeToken, encodeToken, type Page } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";

interface Filter<Row> {
  readonly startsWith: string | undefined;
  readonly isMeant: (row: Row) => boolean;
  readonly token: string | undefined;
  readonly limit: number;
  readonly invalidToken: () => AwsError;
}

const ROWS = 200;

/** @throws {AwsError} `invalidToken()` */
export async function filtered<Row>(
  tx: Transaction,
  from: Table<Row>,
  { startsWith, isMeant, token, limit, invalidToken }: Filter<Row>,
): Promise<Page<Row>> {
  const rows: Row[] = [];
  let after: Key | undefined = token === undefined ? undefined : decodeToken(token, invalidToken);
  for (;;) {
    const found = await tx.scan(from, { startsWith, after, limit: ROWS });
    for (const row of found) {
      if (!isMeant(row)) continue;
      const last = rows.at(-1);
      if (rows.length === limit && last !== undefined) return { rows, next: encodeToken(from.keyOf(last)) };
      rows.push(row);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < ROWS) return { rows };
    after = from.keyOf(last);
  }
}
