/** The one way of paging: `nextToken` and `maxResults` in, `nextToken` out, over rows that are all at hand. */
import { decodeToken, encodeToken } from "../../kernel/page.ts";
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
  const after = token === undefined ? undefined : String(decodeToken(token, invalidNextToken)[0]);
  const rows = all
    .filter((row) => after === undefined || keyOf(row) > after)
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: given, rest: {} };
  return { rows: given, rest: { nextToken: encodeToken([keyOf(last)]) } };
}
