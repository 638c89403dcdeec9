import { table, type Transaction } from "../kernel/table.ts";
import { NewerStoreError } from "./row.ts";

/** How the store as a whole is laid out. Raised with a migration from the format before. */
const STORE_FORMAT = 1;

interface Format {
  readonly format: number;
}

const formats = table<Format>("store.format", "global", () => []);

/** Sees that the store is in a format that this version knows; marks an empty store. */
export async function requireFormat(tx: Transaction): Promise<void> {
  const found = await tx.get(formats);
  if (!found) tx.put(formats, { format: STORE_FORMAT });
  else if (found.format > STORE_FORMAT) throw new NewerStoreError(String(found.format), String(STORE_FORMAT));
}
