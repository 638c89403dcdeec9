/** The one way of paging: `Marker` and `Limit` in, `NextMarker` and `Truncated` out. */
import { page, pageOf, type Page } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";
import { markerInvalid } from "./errors.ts";
import { ROWS_PER_PAGE } from "./limits.ts";

export interface Paging {
  readonly Marker?: string | undefined;
  readonly Limit?: number | undefined;
}

/** A part of what there is, and what to spread into the output. */
interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string };
}

const listing = <Row>({ rows, next }: Page<Row>): Listing<Row> => ({
  rows,
  rest: { Truncated: next !== undefined, ...(next !== undefined && { NextMarker: next }) },
});

/** @throws {AwsError} `InvalidMarkerException` */
export async function list<Row>(
  tx: Transaction,
  from: Table<Row>,
  { prefix, paging, size = ROWS_PER_PAGE }: ListRequest,
): Promise<Listing<Row>> {
  const { Marker: token, Limit: limit } = paging;
  return listing(await page(tx, from, { prefix, token, limit, ...size, invalidToken: markerInvalid }));
}

interface ListRequest {
  readonly prefix?: Key;
  readonly paging: Paging;
  readonly size?: { readonly usual: number; readonly max: number };
}

/** The same over rows that are all at hand, in the order of the text that `keyOf` gives. */
export function listOf<Row>(
  all: readonly Row[],
  { Marker: token, Limit: limit = ROWS_PER_PAGE.usual }: Paging,
  keyOf: (row: Row) => string,
): Listing<Row> {
  return listing(pageOf(all, { token, limit, orderOf: (row) => [keyOf(row)], invalidToken: markerInvalid }));
}
