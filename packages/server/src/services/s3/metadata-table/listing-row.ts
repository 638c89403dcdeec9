/**
 * What is kept of a listing: a metadata table that says what there is under each key of a bucket. Each of its files has
 * rows of a stretch of keys, and those of a stretch are written anew when something in it changed, so that a change costs
 * a stretch and not all of the table.
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import type { Draft } from "../tables/iceberg/commit.ts";
import type { DataFile } from "../tables/iceberg/manifest.ts";
import { LISTING_MINUTES } from "./limits.ts";

/** A key about which the table is to say something else. */
interface Change {
  readonly bucket: string;
  readonly key: string;
}

/** A stretch of keys, behind one and up to where the next begins, and the files that have its rows. */
export interface Stretch {
  readonly bucket: string;
  /** Empty: from the first key on. */
  readonly after: string;
  readonly files: readonly DataFile[];
}

/** A stretch as it was when it had one file at the most. */
interface FormerStretch extends Omit<Stretch, "files"> {
  readonly file?: DataFile;
}

function stretchOf(row: Stretch | FormerStretch): Stretch {
  if ("files" in row) return row;
  const { file, ...rest } = row;
  return { ...rest, files: file === undefined ? [] : [file] };
}

/** A pass over what changed, which ends with a snapshot. */
export interface Pass {
  readonly bucket: string;
  readonly draft: Draft;
  /** Files that are not in it any more. */
  readonly retired: readonly string[];
}

export interface ListingRows {
  readonly job: string;
  readonly changes: Table<Change>;
  /** That they are going to be looked at. */
  readonly clocks: Table<{ readonly bucket: string }>;
  readonly stretches: Table<Stretch>;
  readonly passes: Table<Pass>;
}

const listingRows = (name: string): ListingRows => ({
  job: `metadata-${name}`,
  changes: table<Change>(`s3.${name}-change`, "global", ({ bucket, key }) => [bucket, key]),
  clocks: table<{ readonly bucket: string }>(`s3.${name}-clock`, "global", ({ bucket }) => [bucket]),
  stretches: table<Stretch>(`s3.${name}-stretch`, "global", ({ bucket, after }) => [bucket, after], stretchOf),
  passes: table<Pass>(`s3.${name}-pass`, "global", ({ bucket }) => [bucket]),
});

/** By the names that configurations, and the rows of buckets, have for them. */
export const LISTING_ROWS = { inventory: listingRows("inventory"), annotation: listingRows("annotation") } as const;

export type ListingName = keyof typeof LISTING_ROWS;

/** Where the bucket has such a table. */
export async function noteForListing(
  name: ListingName,
  { bucket: { name: bucket, metadata }, key }: { readonly bucket: Bucket; readonly key: string },
  context: Context,
): Promise<void> {
  if (metadata?.[name] !== true) return;
  const { changes, clocks, job } = LISTING_ROWS[name];
  context.tx.put(changes, { bucket, key });
  if (await context.tx.get(clocks, bucket)) return;
  context.tx.put(clocks, { bucket });
  // within one hour, the time that it takes included
  context.at(context.now().getTime() + (LISTING_MINUTES / 2) * MINUTE_MS, job, bucket);
}

/** No key comes before it. */
const FIRST_KEY = "\u0000";

/** Has all of a bucket listed, in a minute. */
export function beginListing(name: ListingName, { name: bucket }: Pick<Bucket, "name">, context: Context): void {
  const { changes, clocks, stretches, job } = LISTING_ROWS[name];
  context.tx.put(stretches, { bucket, after: "", files: [] });
  context.tx.put(changes, { bucket, key: FIRST_KEY });
  context.tx.put(clocks, { bucket });
  context.at(context.now().getTime() + MINUTE_MS, job, bucket);
}
