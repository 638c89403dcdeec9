/**
 * The name of an account: at most one, and nobody else's.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html
 */
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { accountAliasExists, accountAliasNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { listOf } from "../listing.ts";

interface AccountAlias {
  readonly alias: string;
  readonly account: string;
}

/** All aliases of all accounts. */
const aliases = table<AccountAlias>("iam.account-alias", "global", ({ alias }) => [alias]);

/** The one of this account. */
const ownAlias = table<AccountAlias>("iam.own-account-alias", "account", () => []);

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html (3 to 63 characters) */
const ALIAS_CHARACTERS_MAX = 63;

/** The account of that name, whoever asks, and whatever for. */
export async function accountOfAlias(alias: string, tx: Transaction): Promise<AccountId | undefined> {
  if (alias.length > ALIAS_CHARACTERS_MAX) return undefined;
  const row = await tx.get(aliases, alias);
  return row && parseAccountId(row.account);
}

export const createAccountAlias = operation("CreateAccountAlias", {
  authorize: () => ({ action: "iam:CreateAccountAlias", resource: "*" }),

  /** A second alias takes the place of the first. */
  async handle({ AccountAlias: alias }, { tx, account }) {
    if (await tx.get(aliases, alias)) throw accountAliasExists(alias);
    const before = await tx.get(ownAlias);
    if (before) tx.delete(aliases, before.alias);
    tx.put(aliases, { alias, account });
    tx.put(ownAlias, { alias, account });
    return {};
  },
});

export const listAccountAliases = operation("ListAccountAliases", {
  authorize: () => ({ action: "iam:ListAccountAliases", resource: "*" }),

  async handle(paging, { tx }) {
    const own = await tx.get(ownAlias);
    const { rows, paging: rest } = listOf(own ? [own.alias] : [], paging, (alias) => alias);
    return { AccountAliases: [...rows], ...rest };
  },
});

export const deleteAccountAlias = operation("DeleteAccountAlias", {
  authorize: () => ({ action: "iam:DeleteAccountAlias", resource: "*" }),

  async handle({ AccountAlias: alias }, { tx }) {
    const own = await tx.get(ownAlias);
    if (own?.alias !== alias) throw accountAliasNotFound(alias);
    tx.delete(aliases, alias);
    tx.delete(ownAlias);
    return {};
  },
});
