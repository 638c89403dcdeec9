/** How much of an account's concurrency belongs to functions of their own. */
import { table, type Transaction } from "../../../kernel/table.ts";

interface Reserved {
  readonly sum: number;
}

const reserved = table<Reserved>("lambda.reserved", "region", () => []);

export async function reservedSum(tx: Transaction): Promise<number> {
  return (await tx.get(reserved))?.sum ?? 0;
}

export async function changeReserved(by: number, tx: Transaction): Promise<void> {
  if (by !== 0) tx.put(reserved, { sum: (await reservedSum(tx)) + by });
}
