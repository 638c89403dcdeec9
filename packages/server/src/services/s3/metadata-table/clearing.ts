/** Ends what hears of a bucket's changes; the tables stay, with what is in them. */
import type { Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { buckets } from "../bucket-row.ts";
import { inventoryChanges, inventoryClocks } from "./inventory-change.ts";
import { inventoryPasses, stretches } from "./inventory.ts";
import { journalClocks } from "./journal.ts";
import { journalRecords } from "./journal-record.ts";
import { metadataConfigurations } from "./row.ts";

const OF_INVENTORY: readonly Table<never>[] = [inventoryChanges, inventoryClocks, inventoryPasses, stretches];

/** All begin with the bucket's name. */
export const METADATA_TABLES: readonly Table<never>[] = [
  metadataConfigurations,
  journalRecords,
  journalClocks,
  ...OF_INVENTORY,
];

const ROWS_AT_ONCE = 1000;

async function clear(tables: readonly Table<never>[], bucket: string, { tx }: Context): Promise<void> {
  for (const each of tables) {
    while ((await tx.clear(each, { prefix: [bucket], limit: ROWS_AT_ONCE })) === ROWS_AT_ONCE);
  }
}

export async function clearConfiguration(name: string, context: Context): Promise<void> {
  await clear(METADATA_TABLES, name, context);
  const { metadata: _on, ...bucket } = (await context.tx.get(buckets, name)) ?? {};
  if ("name" in bucket) context.tx.put(buckets, bucket);
}

/** Of the inventory alone. */
export const clearInventory = (name: string, context: Context): Promise<void> => clear(OF_INVENTORY, name, context);
