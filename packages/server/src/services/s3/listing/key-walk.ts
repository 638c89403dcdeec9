/**
 * A walk over keys in order, folding those that share a prefix up to a delimiter into one entry. The
 * walk jumps over what it folds: it never reads the keys inside a folder, however many there are.
 */
import type { Key, Range, Table, Transaction } from "../../../kernel/table.ts";

/** What a walk begins behind. */
export type Place =
  /** All rows of this key. */
  | { readonly kind: "key"; readonly key: string }
  /** One row of this key. */
  | { readonly kind: "row"; readonly key: string; readonly rest: Key }
  /** All keys that begin with this. */
  | { readonly kind: "folder"; readonly prefix: string };

export interface Walk<Row> {
  readonly table: Table<Row>;
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly after: Place | undefined;
  readonly limit: number;
}

export type Entry<Row> =
  | { readonly kind: "row"; readonly key: string; readonly row: Row }
  | { readonly kind: "folder"; readonly prefix: string };

/** Greater than any part that may follow a key. */
const BEHIND_KEY = Number.MAX_SAFE_INTEGER;

const SCAN_ROWS_MIN = 8;

interface KeyedRow {
  readonly key: string;
}

/** The next entries, `walk.limit` at the most, and whether there are more. */
export async function walkKeys<Row extends KeyedRow>(
  tx: Transaction,
  walk: Walk<Row>,
): Promise<{ readonly entries: readonly Entry<Row>[]; readonly more: boolean }> {
  const entries: Entry<Row>[] = [];
  const wanted = walk.limit + 1;
  let bound = boundOf(walk);
  // folders are met one scan each: where many follow each other, each scan need not read far
  let rowsPerScan = wanted;
  while (entries.length < wanted) {
    const limit = Math.min(rowsPerScan, wanted - entries.length);
    const rows = await tx.scan(walk.table, {
      prefix: [walk.bucket],
      startsWith: walk.prefix || undefined,
      ...bound,
      limit,
    });
    const taken = takeRows(rows, walk);
    entries.push(...taken.entries);
    if (taken.folder !== undefined) {
      bound = { past: [walk.bucket, taken.folder] };
      rowsPerScan = SCAN_ROWS_MIN;
    } else if (rows.length < limit) {
      return { entries, more: false };
    } else {
      bound = behindRow(rows, walk);
      rowsPerScan = rowsPerScan * 2;
    }
  }
  return { entries: entries.slice(0, walk.limit), more: true };
}

type Bound = Pick<Range, "after" | "past">;

function boundOf<Row>({ bucket, after, prefix, delimiter }: Walk<Row>): Bound {
  if (after === undefined) return {};
  if (after.kind === "folder") return { past: [bucket, after.prefix] };
  const folder = folderOf(after.key, prefix, delimiter);
  // a folder is an entry of its own and stands where its prefix does: a key inside it is behind it
  if (folder !== undefined) return { past: [bucket, folder] };
  return { after: [bucket, after.key, ...(after.kind === "row" ? after.rest : [BEHIND_KEY])] };
}

function behindRow<Row>(rows: readonly Row[], { table }: Walk<Row>): Bound {
  const last = rows.at(-1);
  return last === undefined ? {} : { after: table.keyOf(last) };
}

/** The rows up to the first that lies in a folder, and that folder. */
function takeRows<Row extends KeyedRow>(rows: readonly Row[], { prefix, delimiter }: Walk<Row>) {
  const entries: Entry<Row>[] = [];
  for (const row of rows) {
    const folder = folderOf(row.key, prefix, delimiter);
    if (folder !== undefined) {
      entries.push({ kind: "folder", prefix: folder });
      return { entries, folder };
    }
    entries.push({ kind: "row", key: row.key, row });
  }
  return { entries, folder: undefined };
}

function folderOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

export const placeOf = <Row>(entry: Entry<Row>): Place =>
  entry.kind === "row" ? { kind: "key", key: entry.key } : { kind: "folder", prefix: entry.prefix };
