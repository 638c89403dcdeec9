/** The rows of queries and of what they found. */
import type { DeliveryStatus, QueryStatus } from "@aws-sdk/client-cloudtrail";
import { assert } from "../../../../kernel/assert.ts";
import { DAY_MS } from "../../../../kernel/duration.ts";
import type { AccountId, Region } from "../../../../kernel/arn.ts";
import { table, type Transaction } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import { QUERIES_KEPT_DAYS } from "../limits.ts";
import type { Store } from "../store/row.ts";

export interface Query {
  /** Of the stores. */
  readonly account: AccountId;
  readonly region: Region;
  readonly id: string;
  readonly statement: string;
  /** The ids of the stores that it is asked of; it is listed with the first. */
  readonly stores: readonly string[];
  readonly status: QueryStatus;
  readonly error?: string | undefined;
  readonly createdAtMs: number;
  readonly statistics?: Statistics | undefined;
  readonly results: number;
  readonly delivery?: { readonly uri: string; readonly region: Region; readonly status: DeliveryStatus } | undefined;
}

export interface Statistics {
  readonly eventsMatched: number;
  readonly eventsScanned: number;
  readonly bytesScanned: number;
  readonly tookMs: number;
}

export const queries = table<Query>("cloudtrail.query", "global", ({ account, region, id }) => [account, region, id]);

/** Queries of a store, the oldest first. */
interface QueryTime {
  readonly store: string;
  readonly createdAtMs: number;
  readonly id: string;
}

export const queryTimes = table<QueryTime>("cloudtrail.query-time", "global", ({ store, createdAtMs, id }) => [
  store,
  createdAtMs,
  id,
]);

/** Those that have not ended. */
interface OpenQuery {
  readonly account: AccountId;
  readonly region: Region;
  readonly id: string;
}

export const openQueries = table<OpenQuery>("cloudtrail.query-open", "global", ({ account, region, id }) => [
  account,
  region,
  id,
]);

/** The texts of a row's columns, in the order in which they were asked for; `null` where there is no value. */
export type ResultRow = readonly (string | null)[];

interface Piece {
  readonly query: string;
  readonly at: number;
  readonly sealed: string;
}

const pieces = table<Piece>("cloudtrail.query-result", "global", ({ query, at }) => [query, at]);

const PURPOSE = "lake results";
const ROWS_PER_PIECE = 200;

export const isOver = ({ status }: Query): boolean => status !== "QUEUED" && status !== "RUNNING";

/** A piece of results holds the names of columns as well. */
interface Kept {
  readonly columns: readonly string[];
  readonly rows: readonly ResultRow[];
}

export function putResults(query: string, { columns, rows }: Kept, { tx, keys }: Context): void {
  for (let from = 0; from < rows.length; from += ROWS_PER_PIECE) {
    const text = JSON.stringify({ columns, rows: rows.slice(from, from + ROWS_PER_PIECE) });
    tx.put(pieces, { query, at: from / ROWS_PER_PIECE, sealed: keys.seal(text, PURPOSE) });
  }
}

/** So many rows from one on, with the names of columns. */
export async function resultsFrom(
  { id }: Query,
  { from, limit }: { readonly from: number; readonly limit: number },
  { tx, keys }: Context,
): Promise<Kept> {
  const first = Math.floor(from / ROWS_PER_PIECE);
  const count = Math.ceil(limit / ROWS_PER_PIECE) + 1;
  const found = await tx.scan(pieces, { prefix: [id], from: [id, first], limit: count });
  const kept = found.map(({ sealed }) => opened(keys.open(sealed, PURPOSE)));
  const start = from - first * ROWS_PER_PIECE;
  return {
    columns: kept[0]?.columns ?? [],
    rows: kept.flatMap(({ rows }) => rows).slice(start, start + limit),
  };
}

function opened(bytes: Uint8Array | undefined): Kept {
  assert(bytes !== undefined, "results of queries are sealed here");
  const kept: Kept = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return kept;
}

export const keptQueriesSinceMs = (context: Context): number => context.now().getTime() - QUERIES_KEPT_DAYS * DAY_MS;

const FORGOTTEN_AT_ONCE = 5;
const PIECES_MAX = 10_000;

/** The oldest go when others come. */
export async function forgetOld(store: Store, context: Context): Promise<void> {
  const before = [store.id, keptQueriesSinceMs(context)];
  const range = { prefix: [store.id], before, limit: FORGOTTEN_AT_ONCE };
  for (const row of await context.tx.scan(queryTimes, range)) await forget(store, row, context.tx);
}

const QUERIES_FORGOTTEN_AT_ONCE = 100;

/** Takes away those of a store. Whether it took all of them away. */
export async function forgetQueries(store: Store, tx: Transaction): Promise<boolean> {
  const rows = await tx.scan(queryTimes, { prefix: [store.id], limit: QUERIES_FORGOTTEN_AT_ONCE });
  for (const row of rows) await forget(store, row, tx);
  return rows.length < QUERIES_FORGOTTEN_AT_ONCE;
}

async function forget({ account, region }: Store, row: QueryTime, tx: Transaction): Promise<void> {
  await tx.clear(pieces, { prefix: [row.id], limit: PIECES_MAX });
  tx.delete(queries, account, region, row.id);
  tx.delete(openQueries, account, region, row.id);
  tx.delete(queryTimes, row.store, row.createdAtMs, row.id);
}
