/** The public keys of user pools, for those who are handed their tokens. */
import type { Transaction } from "../../../kernel/table.ts";
import { findPool, issuerOf } from "../pool/pool-row.ts";
import { publicKeys, type PublicKey } from "./signing-key.ts";

/**
 * The key set of the pool that tokens of `issuer` come from, without a request to it; `undefined` where the issuer is
 * no pool of this cloud. `issuer` as a token's `iss` says it, with or without `https://`.
 */
export async function userPoolKeySet(
  issuer: string,
  tx: Transaction,
): Promise<{ readonly keys: readonly PublicKey[] } | undefined> {
  const named = issuer.replace(/^https:\/\//, "");
  const pool = await findPool(named.slice(named.lastIndexOf("/") + 1), tx);
  if (!pool || issuerOf(pool) !== `https://${named}`) return undefined;
  return { keys: await publicKeys(pool.id, tx) };
}
