/** The one way of paging: `nextToken` and `maxResults` in, `nextToken` out. */
import { page, pageOf } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";
import { invalidPageSize, invalidToken } from "./errors.ts";
import { PAGE_ROWS_MAX, PAGE_ROWS_USUAL } from "./limits.ts";

export interface Paging {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** To be spread into the output. */
  readonly rest: { readonly nextToken?: string };
}

/** @throws {AwsError} `ValidationException` for a size or a token that cannot be. */
function limitOf({ maxResults = PAGE_ROWS_USUAL }: Paging): number {
  if (maxResults < 1 || maxResults > PAGE_ROWS_MAX) throw invalidPageSize();
  return maxResults;
}

/** @throws {AwsError} `ValidationException` */
export async function list<Row>(tx: Transaction, from: Table<Row>, prefix: Key, paging: Paging): Promise<Listing<Row>> {
  const { rows, next } = await page(tx, from, {
    prefix,
    token: paging.nextToken,
    limit: limitOf(paging),
    max: PAGE_ROWS_MAX,
    invalidToken,
  });
  return { rows, rest: next === undefined ? {} : { nextToken: next } };
}

/** What one row is ordered by: texts, the last of which is its own alone. */
type OrderOf<Row> = (row: Row) => readonly string[];

/** The same over rows that are all at hand, in the order that `orderOf` gives. @throws {AwsError} `ValidationException` */
export function listOf<Row>(
  all: readonly Row[],
  paging: Paging,
  order: { readonly orderOf: OrderOf<Row>; readonly descending?: boolean },
): Listing<Row> {
  const { rows, next } = pageOf(all, { ...order, token: paging.nextToken, limit: limitOf(paging), invalidToken });
  return { rows, rest: next === undefined ? {} : { nextToken: next } };
}

/** Deletes every row of a table under a prefix. */
export async function clearRows<Row>(tx: Transaction, from: Table<Row>, prefix: Key): Promise<void> {
  while ((await tx.clear(from, { prefix, limit: PAGE_ROWS_MAX })) === PAGE_ROWS_MAX);
}
