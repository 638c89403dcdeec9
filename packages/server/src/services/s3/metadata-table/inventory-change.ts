/** The keys about which the inventory is to say something else. */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket-row.ts";
import { INVENTORY_MINUTES } from "./limits.ts";

interface InventoryChange {
  readonly bucket: string;
  readonly key: string;
}

export const inventoryChanges = table<InventoryChange>("s3.inventory-change", "global", ({ bucket, key }) => [
  bucket,
  key,
]);

/** That they are going to be looked at. */
export const inventoryClocks = table<{ readonly bucket: string }>("s3.inventory-clock", "global", ({ bucket }) => [
  bucket,
]);

export const INVENTORY_JOB = "metadata-inventory";

export async function noteForInventory({ name }: Bucket, key: string, context: Context): Promise<void> {
  context.tx.put(inventoryChanges, { bucket: name, key });
  if (await context.tx.get(inventoryClocks, name)) return;
  context.tx.put(inventoryClocks, { bucket: name });
  // within one hour, the time that it takes included
  context.at(context.now().getTime() + (INVENTORY_MINUTES / 2) * MINUTE_MS, INVENTORY_JOB, name);
}
