/** The one way of paging: `limit` and `marker` in, `Marker` out. */
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Key, Table, Transaction } from "../../kernel/table.ts";
import { invalidValue } from "./errors.ts";

interface PageInput {
  readonly limit?: number | undefined;
  readonly marker?: string | undefined;
}

/**
 * A page may be smaller than asked for.
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
export function limitOf(limit: number | undefined, max: number): number {
  if (limit === undefined) return max;
  if (!Number.isInteger(limit) || limit < 1) throw invalidValue("limit", String(limit));
  return Math.min(limit, max);
}

interface Wanted<Row> {
  readonly from: Table<Row>;
  readonly prefix: Key;
  readonly max: number;
  /** All, where left out. */
  readonly fits?: (row: Row) => boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly marker: string | undefined;
}

/** @throws {AwsError} `InvalidParameterValueException` for a marker that was never given. */
export async function pageOf<Row>(input: PageInput, wanted: Wanted<Row>, tx: Transaction): Promise<Page<Row>> {
  const { from, prefix, max, fits = () => true } = wanted;
  const limit = limitOf(input.limit, max);
  const { marker } = input;
  let after = marker ? decodeToken(marker, () => invalidValue("marker", marker)) : undefined;
  const rows: Row[] = [];
  for (;;) {
    const found = await tx.scan(from, { prefix, after, limit: max });
    for (const row of found) {
      if (!fits(row)) continue;
      const last = rows.at(-1);
      if (rows.length === limit && last !== undefined) return { rows, marker: encodeToken(from.keyOf(last)) };
      rows.push(row);
    }
    const last = found.at(-1);
    if (found.length < max || last === undefined) return { rows, marker: undefined };
    after = from.keyOf(last);
  }
}
