/** The one way of paging: `nextToken` and `maxResults` in, `nextToken` out, over rows that are all at hand. */
import { pageOf } from "../../kernel/page.ts";
import { invalidNextToken } from "./errors.ts";
import { PAGE_ROWS_MAX } from "./limits.ts";

export interface Paging {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

interface Listing<Row> {
  readonly rows: readonly Row[];
  /** To be spread into the output. */
  readonly rest: { readonly nextToken?: string };
}

/**
 * In the order of the text that `keyOf` gives, which is each row's own.
 *
 * @throws {AwsError} `InvalidNextTokenException` for a token that was never given.
 */
export function listOf<Row>(all: readonly Row[], paging: Paging, keyOf: (row: Row) => string): Listing<Row> {
  const { nextToken: token, maxResults: limit = PAGE_ROWS_MAX } = paging;
  const { rows, next } = pageOf(all, {
    token,
    limit,
    orderOf: (row) => [keyOf(row)],
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { nextToken: next } };
}
