/**
 * The accounts that were closed: nobody gets in with what they issued, and what they own is nobody's to use.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html (the note on resources)
 */
import type { AccountId } from "./arn.ts";
import { table } from "./table.ts";

interface ClosedAccount {
  readonly account: AccountId;
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
}

/** The identity core reads it with every call. */
export const closedAccounts = table<ClosedAccount>("account.closed", "global", ({ account }) => [account]);
