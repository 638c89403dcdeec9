/** The one way of paging: `nextToken` and `maxResults` in, `nextToken` out. */
import { decodeToken, encodeToken, page } from "../../kernel/page.ts";
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
  { orderOf, descending = false }: { readonly orderOf: OrderOf<Row>; readonly descending?: boolean },
): Listing<Row> {
  const sign = descending ? -1 : 1;
  const compare = (one: readonly string[], other: readonly string[]): number => sign * compareTexts(one, other);
  const limit = limitOf(paging);
  const after = paging.nextToken === undefined ? undefined : decodeToken(paging.nextToken, invalidToken).map(String);
  const rows = all
    .filter((row) => after === undefined || compare(orderOf(row), after) > 0)
    .toSorted((one, other) => compare(orderOf(one), orderOf(other)));
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: given, rest: {} };
  return { rows: given, rest: { nextToken: encodeToken(orderOf(last)) } };
}

function compareTexts(one: readonly string[], other: readonly string[]): number {
  for (const [at, text] of one.entries()) {
    const against = other[at] ?? "";
    if (text !== against) return text < against ? -1 : 1;
  }
  return 0;
}

/** Every row of a table under a prefix. */
export async function everyRow<Row>(tx: Transaction, from: Table<Row>, prefix: Key): Promise<Row[]> {
  const found: Row[] = [];
  for (let after: Key | undefined; ;) {
    const rows = await tx.scan(from, { prefix, after, limit: PAGE_ROWS_MAX });
    found.push(...rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS_MAX) return found;
    after = from.keyOf(last);
  }
}

/** Deletes every row of a table under a prefix. */
export async function clearRows<Row>(tx: Transaction, from: Table<Row>, prefix: Key): Promise<void> {
  while ((await tx.clear(from, { prefix, limit: PAGE_ROWS_MAX })) === PAGE_ROWS_MAX);
}
