/** Where a call acts: in the account that its path names, which may be another's. */
import { parseAccountId, type AccountId, type Region } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { invalidValue } from "./errors.ts";

export interface Place {
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** Sees that account. */
  readonly tx: Transaction;
}

/**
 * A hyphen stands for the caller's own account.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-put.html
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
export function placeOf({ accountId }: { readonly accountId: string }, context: Context): Place {
  const account = accountId === "-" ? context.account : parseAccountId(accountId);
  if (account === undefined) throw invalidValue("account ID", accountId);
  return placeIn(account, context);
}

const placeIn = (account: AccountId, { region, partition, tx }: Context): Place => ({
  account,
  region,
  partition,
  tx: tx.in({ account }),
});

/** A timer's key: a job runs where it was set, which need not be where the vault is. */
export const timerKey = ({ account }: Pick<Place, "account">, ...parts: readonly string[]): string =>
  [account, ...parts].join("/");

/** The place that a timer's key names, and the rest of it. */
export function readTimerKey(
  key: string,
  context: Context,
): { readonly place: Place; readonly parts: readonly string[] } {
  const [account = "", ...parts] = key.split("/");
  return { place: placeIn(parseAccountId(account) ?? context.account, context), parts };
}
