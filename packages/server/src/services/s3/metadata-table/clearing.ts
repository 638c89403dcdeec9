/** Ends what hears of a bucket's changes; the tables stay, with what is in them. */
import type { Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { buckets } from "../bucket/row.ts";
import { requirePlace } from "../tables/bucket-row.ts";
import { journalClocks } from "./journal.ts";
import { journalFiles } from "./journal-file.ts";
import { journalRecords } from "./journal-record.ts";
import { LISTING_ROWS, type ListingName } from "./listing-row.ts";
import { metadataConfigurations, type KeptTable, type MetadataConfiguration } from "./row.ts";
import { WRITING_TABLES } from "./writer.ts";

function tablesOf(name: ListingName): readonly Table<never>[] {
  const { changes, clocks, passes, stretches } = LISTING_ROWS[name];
  return [changes, clocks, passes, stretches];
}

/** All begin with the bucket's name. */
const METADATA_TABLES: readonly Table<never>[] = [
  metadataConfigurations,
  journalRecords,
  journalClocks,
  ...tablesOf("inventory"),
  ...tablesOf("annotation"),
];

type Tx = Pick<Context, "tx">;

const ROWS_AT_ONCE = 1000;

async function clear(tables: readonly Table<never>[], first: string, { tx }: Tx): Promise<void> {
  for (const each of tables) {
    while ((await tx.clear(each, { prefix: [first], limit: ROWS_AT_ONCE })) === ROWS_AT_ONCE);
  }
}

export async function clearConfiguration({ bucket: name, ...kept }: MetadataConfiguration, context: Tx): Promise<void> {
  await clear(METADATA_TABLES, name, context);
  await forget(kept.journal, context);
  await forget(kept.inventory, context);
  await forget(kept.annotation, context);
  const { metadata: _on, ...bucket } = (await context.tx.get(buckets, name)) ?? {};
  if ("name" in bucket) context.tx.put(buckets, bucket);
}

/** Of one table alone: one that failed leaves behind what was listed in it, too. */
export async function clearListing(name: ListingName, kept: MetadataConfiguration, context: Tx): Promise<void> {
  await clear(tablesOf(name), kept.bucket, context);
  await forget(kept[name], context);
}

/** A table that is written no more: it stays as it is, and another one takes its place where it is deleted. */
async function forget(kept: KeptTable | undefined, context: Tx): Promise<void> {
  const { tableId } = kept?.arn === undefined ? {} : requirePlace(kept.arn);
  if (tableId !== undefined) await clear([...WRITING_TABLES, journalFiles], tableId, context);
}
