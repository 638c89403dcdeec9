import { table, type Transaction } from "../kernel/table.ts";
import { MasterKeyError } from "./master-key.ts";
import { NewerStoreError } from "./row.ts";
import type { Sealer } from "./sealer.ts";

/** How the store as a whole is laid out. Raised with a migration from the format before. */
const STORE_FORMAT = 1;
const KEY_CHECK = "store.format";

interface Format {
  readonly format: number;
  /** Opens with the master key that the store was made with, and with no other. */
  readonly keyCheck: string;
}

const formats = table<Format>("store.format", "global", () => []);

/**
 * Sees that this version and this master key can read the store; marks an empty store as theirs.
 * @throws {NewerStoreError} @throws {MasterKeyError}
 */
export async function requireFormat(tx: Transaction, sealer: Sealer): Promise<void> {
  const found = await tx.get(formats);
  if (!found) {
    tx.put(formats, { format: STORE_FORMAT, keyCheck: sealer.seal("", KEY_CHECK) });
    return;
  }
  if (found.format > STORE_FORMAT) throw new NewerStoreError(String(found.format), String(STORE_FORMAT));
  if (!sealer.open(found.keyCheck, KEY_CHECK))
    throw new MasterKeyError("the master key is not the one that the store was made with");
}
