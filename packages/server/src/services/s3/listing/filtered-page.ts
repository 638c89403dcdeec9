/** Pages of those rows alone that a filter leaves. */
import { encodeToken, page, type Page, type PageRequest } from "../../../kernel/page.ts";
import type { Table, Transaction } from "../../../kernel/table.ts";
import { FILTERED_ROWS_MAX, PAGE_ITEMS_MAX } from "../limits.ts";

interface FilteredPage<Row> extends Pick<
  PageRequest,
  "prefix" | "startsWith" | "token" | "descending" | "invalidToken"
> {
  /** The most rows to give; 0 as where it is left out. */
  readonly limit: number | undefined;
  readonly fits: (row: Row) => boolean;
}

/**
 * A page is filled however few rows fit, up to a number of rows that are looked at: a page that stays short, or empty,
 * has a token for the next, and there are as many of those as that number is contained in the table.
 *
 * @throws {AwsError} `request.invalidToken()`
 */
export async function filteredPage<Row>(
  tx: Transaction,
  from: Table<Row>,
  { limit: asked, fits, token: first, ...request }: FilteredPage<Row>,
): Promise<Page<Row>> {
  const most = Math.min(asked || PAGE_ITEMS_MAX, PAGE_ITEMS_MAX);
  const wanted: Row[] = [];
  let token = first;
  for (let looked = 0, limit = most; looked < FILTERED_ROWS_MAX; looked += limit, limit = PAGE_ITEMS_MAX) {
    const { rows, next } = await page(tx, from, { ...request, token, limit, max: PAGE_ITEMS_MAX });
    wanted.push(...rows.filter((row) => fits(row)));
    const given = wanted.slice(0, most);
    const last = given.at(-1);
    if (wanted.length > most && last !== undefined) return { rows: given, next: encodeToken(from.keyOf(last)) };
    if (next === undefined) return { rows: given };
    token = next;
    if (given.length === most) break;
  }
  return { rows: wanted, ...(token !== undefined && { next: token }) };
}
