/** The rows of queries and of what they found. */
import type { QueryStatus } from "@aws-sdk/client-cloudwatch-logs";
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { ResultRow } from "./run.ts";

export interface KeptQuery {
  readonly id: string;
  readonly text: string;
  readonly groupNames: readonly string[];
  readonly status: QueryStatus;
  readonly createdAtMs: number;
  readonly statistics: Statistics;
  /** How many rows of results there are, and in how many pieces. */
  readonly results: number;
  readonly pieces: number;
  readonly by: string;
}

export interface Statistics {
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

export const queries = table<KeptQuery>("cloudwatch-logs.query", "region", ({ id }) => [id]);

/** Newest last. */
export const queriesByTime = table<Pick<KeptQuery, "id" | "createdAtMs">>(
  "cloudwatch-logs.query-time",
  "region",
  ({ createdAtMs, id }) => [createdAtMs, id],
);

interface Piece {
  readonly query: string;
  readonly at: number;
  readonly sealed: string;
}

export const pieces = table<Piece>("cloudwatch-logs.query-result", "region", ({ query, at }) => [query, at]);

const PURPOSE = "query results";
const ROWS_PER_PIECE = 500;

/** How many pieces there are. */
export function putResults(query: string, rows: readonly ResultRow[], { tx, keys }: Context): number {
  let count = 0;
  for (let from = 0; from < rows.length; from += ROWS_PER_PIECE) {
    const sealed = keys.seal(JSON.stringify(rows.slice(from, from + ROWS_PER_PIECE)), PURPOSE);
    tx.put(pieces, { query, at: count, sealed });
    count += 1;
  }
  return count;
}

/** So many rows from one on. */
export async function resultsFrom(
  query: KeptQuery,
  { from, limit }: { readonly from: number; readonly limit: number },
  { tx, keys }: Context,
): Promise<readonly ResultRow[]> {
  const first = Math.floor(from / ROWS_PER_PIECE);
  const found = await tx.scan(pieces, {
    prefix: [query.id],
    from: [query.id, first],
    limit: Math.ceil(limit / ROWS_PER_PIECE) + 1,
  });
  const rows = found.flatMap(({ sealed }): readonly ResultRow[] => {
    const text = keys.open(sealed, PURPOSE);
    assert(text !== undefined, "results of queries are sealed here");
    const read: unknown = JSON.parse(Buffer.from(text).toString("utf8"));
    assert(areRows(read), "a piece holds rows");
    return read;
  });
  const start = from - first * ROWS_PER_PIECE;
  return rows.slice(start, start + limit);
}

const areRows = (value: unknown): value is readonly ResultRow[] => Array.isArray(value);
