/** How many users a pool has: counted in parts, so that users who come at once do not wait for each other. */
import { createHash } from "node:crypto";
import { table, type Transaction } from "../../../kernel/table.ts";

interface Part {
  readonly poolId: string;
  readonly part: number;
  readonly users: number;
}

const PARTS = 16;

const counts = table<Part>("cognito-idp.user-count", "global", ({ poolId, part }) => [poolId, part]);

/** One user, as counts know them. */
interface Counted {
  readonly poolId: string;
  readonly key: string;
}

export async function countUser({ poolId, key }: Counted, by: 1 | -1, tx: Transaction): Promise<void> {
  const part = (createHash("sha256").update(key).digest()[0] ?? 0) % PARTS;
  const before = await tx.get(counts, poolId, part);
  tx.put(counts, { poolId, part, users: (before?.users ?? 0) + by });
}

export async function usersIn(poolId: string, tx: Transaction): Promise<number> {
  const parts = await tx.scan(counts, { prefix: [poolId], limit: PARTS });
  return parts.reduce((sum, { users }) => sum + users, 0);
}

export const clearCount = async (poolId: string, tx: Transaction): Promise<void> =>
  void (await tx.clear(counts, { prefix: [poolId], limit: PARTS }));
