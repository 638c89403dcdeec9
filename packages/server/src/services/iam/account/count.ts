/** How many of each an account has, kept so that quotas and the account summary need not count rows. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { quotaExceeded } from "../errors.ts";
import { ACCOUNT_QUOTAS, type Counted } from "../limits.ts";

interface Count {
  readonly of: Counted;
  readonly count: number;
}

const counts = table<Count>("iam.count", "account", ({ of }) => [of]);

export const countOf = async (tx: Transaction, of: Counted): Promise<number> => (await tx.get(counts, of))?.count ?? 0;

/** @throws {AwsError} `LimitExceeded` */
export async function countUp(tx: Transaction, of: Counted): Promise<void> {
  const count = await countOf(tx, of);
  const { quota, max } = ACCOUNT_QUOTAS[of];
  if (count >= max) throw quotaExceeded(quota, max);
  tx.put(counts, { of, count: count + 1 });
}

export async function countDown(tx: Transaction, of: Counted): Promise<void> {
  tx.put(counts, { of, count: (await countOf(tx, of)) - 1 });
}
