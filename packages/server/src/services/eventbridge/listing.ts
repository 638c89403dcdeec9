/** Lists of what has to be looked at one by one to know whether it is meant. */
import type { AwsError } from "../../kernel/aws-error.ts";
import { everyRow } from "../../kernel/every-row.ts";
import { decodeToken, encodeToken, type Page } from "../../kernel/page.ts";
import type { Table, Transaction } from "../../kernel/table.ts";

interface Filter<Row> {
  readonly startsWith: string | undefined;
  readonly isMeant: (row: Row) => boolean;
  readonly token: string | undefined;
  readonly limit: number;
  readonly invalidToken: () => AwsError;
}

/** @throws {AwsError} `invalidToken()` */
export async function filtered<Row>(
  tx: Transaction,
  from: Table<Row>,
  { startsWith, isMeant, token, limit, invalidToken }: Filter<Row>,
): Promise<Page<Row>> {
  const rows: Row[] = [];
  const after = token === undefined ? undefined : decodeToken(token, invalidToken);
  for await (const row of everyRow(tx, from, { startsWith, after })) {
    if (!isMeant(row)) continue;
    const last = rows.at(-1);
    if (rows.length === limit && last !== undefined) return { rows, next: encodeToken(from.keyOf(last)) };
    rows.push(row);
  }
  return { rows };
}
