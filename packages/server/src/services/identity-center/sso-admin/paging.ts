/** The one way of paging: `NextToken` and `MaxResults` in, `NextToken` out. */
import { page, pageOf } from "../../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../../kernel/table.ts";
import { invalidNextToken } from "./errors.ts";
import { PAGE_ROWS_MAX } from "./limits.ts";

interface Paging {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

interface Listing<Row> {
  readonly rows: readonly Row[];
  /** To be spread into the output. */
  readonly rest: { readonly NextToken?: string };
}

/** @throws {AwsError} `ValidationException` for a token that was never given. */
export async function list<Row>(
  tx: Transaction,
  from: Table<Row>,
  prefix: Key,
  { NextToken, MaxResults: limit }: Paging,
): Promise<Listing<Row>> {
  const token = NextToken === "" ? undefined : NextToken;
  const { rows, next } = await page(tx, from, {
    prefix,
    token,
    limit,
    max: PAGE_ROWS_MAX,
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { NextToken: next } };
}

/** The same over rows that are all at hand, in the order of the text that `keyOf` gives. */
export function listOf<Row>(all: readonly Row[], paging: Paging, keyOf: (row: Row) => string): Listing<Row> {
  const { NextToken: token, MaxResults: limit = PAGE_ROWS_MAX } = paging;
  const { rows, next } = pageOf(all, {
    token: token === "" ? undefined : token,
    limit,
    orderOf: (row) => [keyOf(row)],
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { NextToken: next } };
}
