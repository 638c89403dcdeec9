/** The one way of paging: `NextToken` and `MaxResults` in, `NextToken` out. */
import { encodeToken, page, pageOf } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";
import { invalidNextToken } from "./errors.ts";
import { PAGE_ROWS_MAX } from "./limits.ts";

export interface Paging {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** To be spread into the output. */
  readonly rest: { readonly NextToken?: string };
}

/** @throws {AwsError} `InvalidInputException` for a token that was never given. */
export async function list<Row>(
  tx: Transaction,
  from: Table<Row>,
  prefix: Key,
  { NextToken: token, MaxResults: limit }: Paging,
): Promise<Listing<Row>> {
  const { rows, next } = await page(tx, from, {
    prefix,
    token,
    limit,
    max: PAGE_ROWS_MAX,
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { NextToken: next } };
}

/** The most rows that are looked at for one page. */
const LOOKED_AT_MAX = 200;

/**
 * The same of what `find` gives for the rows of `from`, as far as it gives anything. A page may be short, or empty, and
 * have one behind it. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForOrganization.html
 */
export async function listMeant<Row, Meant>(
  tx: Transaction,
  from: Table<Row>,
  prefix: Key,
  { paging, find }: { readonly paging: Paging; readonly find: (row: Row) => Promise<Meant | undefined> },
): Promise<Listing<Meant>> {
  const { NextToken: token, MaxResults: limit = PAGE_ROWS_MAX } = paging;
  const looked = await page(tx, from, { prefix, token, max: LOOKED_AT_MAX, invalidToken: invalidNextToken });
  const meant: Meant[] = [];
  for (const [at, row] of looked.rows.entries()) {
    const found = await find(row);
    if (found !== undefined) meant.push(found);
    const isLast = at === looked.rows.length - 1 && looked.next === undefined;
    if (meant.length >= limit && !isLast) return { rows: meant, rest: { NextToken: encodeToken(from.keyOf(row)) } };
  }
  return { rows: meant, rest: looked.next === undefined ? {} : { NextToken: looked.next } };
}

/** The same over rows that are all at hand, in the order of the text that `keyOf` gives. */
export function listOf<Row>(all: readonly Row[], paging: Paging, keyOf: (row: Row) => string): Listing<Row> {
  const { NextToken: token, MaxResults: limit = PAGE_ROWS_MAX } = paging;
  const { rows, next } = pageOf(all, {
    token,
    limit,
    orderOf: (row) => [keyOf(row)],
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { NextToken: next } };
}
