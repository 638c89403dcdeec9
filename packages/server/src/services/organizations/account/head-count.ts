/** How many accounts an organization has: asked with each that is to come, so not counted anew each time. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { accounts } from "./row.ts";

interface HeadCount {
  readonly organizationId: string;
  readonly accounts: number;
}

const headCounts = table<HeadCount>("organizations.head-count", "global", ({ organizationId }) => [organizationId]);

/** More than an organization of an earlier version has, which held invitations to no limit. */
const ACCOUNTS_AT_ONCE = 100_000;

/** Closed accounts count until they are gone. Organizations of earlier versions have no row: theirs are counted once. */
export async function countAccounts(organizationId: string, tx: Transaction): Promise<number> {
  const known = await tx.get(headCounts, organizationId);
  if (known !== undefined) return known.accounts;
  const all = await tx.scan(accounts, { prefix: [organizationId], limit: ACCOUNTS_AT_ONCE });
  return all.length;
}

export const keepHeadCount = (count: HeadCount, tx: Transaction): void => tx.put(headCounts, count);

export const dropHeadCount = (organizationId: string, tx: Transaction): void => tx.delete(headCounts, organizationId);
