/** Concurrency that is kept ready for a version or an alias. */
import { table, type Transaction } from "../../kernel/table.ts";

export interface Provision {
  readonly name: string;
  readonly qualifier: string;
  readonly requested: number;
  readonly modifiedAtMs: number;
}

export const provisions = table<Provision>("lambda.provision", "region", ({ name, qualifier }) => [name, qualifier]);

/** Each version and alias has at most one. */
const ROWS = 1000;

export async function provisionedSum(name: string, tx: Transaction): Promise<number> {
  const rows = await tx.scan(provisions, { prefix: [name], limit: ROWS });
  return rows.reduce((sum, { requested }) => sum + requested, 0);
}
