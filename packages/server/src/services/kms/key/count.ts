/** How many keys of its own an account has in a region, so that nobody has to count them. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { keysUsedUp } from "../errors.ts";
import { homeOf, keys, type Key } from "./row.ts";
import { KEYS_MAX } from "../limits.ts";

interface KeyCount {
  readonly keys: number;
}

const counts = table<KeyCount>("kms.key-count", "region", () => []);

/** Puts a key that was not there before. @throws {AwsError} `LimitExceededException` */
export async function putNewKey(key: Key, tx: Transaction): Promise<void> {
  const home = homeOf(key, tx);
  const before = await countKeys(home);
  if (before >= KEYS_MAX) throw keysUsedUp();
  home.put(counts, { keys: before + 1 });
  home.put(keys, key);
}

export async function deleteKeyRow(key: Key, tx: Transaction): Promise<void> {
  const home = homeOf(key, tx);
  home.put(counts, { keys: (await countKeys(home)) - 1 });
  home.delete(keys, key.id);
}

/** Without those that AWS manages. They are counted where nobody did yet. */
async function countKeys(home: Transaction): Promise<number> {
  const noted = await home.get(counts);
  if (noted !== undefined) return noted.keys;
  const present = await home.scan(keys, { limit: KEYS_MAX });
  return present.filter(({ manager }) => manager === "CUSTOMER").length;
}
