/** IAM's one way of paging: `Marker` and `MaxItems` in, `IsTruncated` and `Marker` out. */
import { decodeToken, encodeToken, pageOf } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";
import { invalidMarker } from "./errors.ts";
import { PAGE_ITEMS_USUAL } from "./limits.ts";

/** The paging members that every listing operation has. */
export interface Paging {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** To be spread into the output. */
  readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string };
}

interface Wanted<Row> {
  readonly prefix?: Key;
  /** Only rows that answer true: a page is filled from as many rows as that takes. */
  readonly where?: (row: Row) => boolean;
}

/** @throws {AwsError} `ValidationError` for a marker that was never given. */
export async function list<Row>(
  tx: Transaction,
  from: Table<Row>,
  { Marker, MaxItems = PAGE_ITEMS_USUAL }: Paging,
  { prefix, where = () => true }: Wanted<Row> = {},
): Promise<Listing<Row>> {
  const rows: Row[] = [];
  let after = Marker === undefined ? undefined : decodeToken(Marker, invalidMarker);
  for (let more = true; more && rows.length <= MaxItems;) {
    const batch = await tx.scan(from, { prefix, after, limit: MaxItems + 1 });
    rows.push(...batch.filter(where));
    const last = batch.at(-1);
    more = last !== undefined && batch.length > MaxItems;
    if (last !== undefined) after = from.keyOf(last);
  }
  return cut(rows, MaxItems, from.keyOf);
}

/** The same over rows that are all at hand, ordered by the text that `keyOf` gives. */
export function listOf<Row>(
  all: readonly Row[],
  { Marker, MaxItems = PAGE_ITEMS_USUAL }: Paging,
  keyOf: (row: Row) => string,
): Listing<Row> {
  const orderOf = (row: Row): readonly string[] => [keyOf(row)];
  const { rows, next } = pageOf(all, { token: Marker, limit: MaxItems, orderOf, invalidToken: invalidMarker });
  return { rows, paging: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}

/**
 * The same of what need not be at hand: the numbers, from zero, of those of `count` that are on the page.
 *
 * @throws {AwsError} `ValidationError` for a marker that was never given.
 */
export function listNumbers(count: number, { Marker, MaxItems = PAGE_ITEMS_USUAL }: Paging): Listing<number> {
  const [last = -1] = Marker === undefined ? [] : decodeToken(Marker, invalidMarker);
  if (typeof last !== "number" || last < -1) throw invalidMarker();
  const start = last + 1;
  const end = Math.min(start + MaxItems, count);
  const rows = Array.from({ length: Math.max(end - start, 0) }, (_, index) => start + index);
  return { rows, paging: end < count ? { IsTruncated: true, Marker: encodeToken([end - 1]) } : { IsTruncated: false } };
}

function cut<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => Key): Listing<Row> {
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: given, paging: { IsTruncated: false } };
  return { rows: given, paging: { IsTruncated: true, Marker: encodeToken(keyOf(last)) } };
}
