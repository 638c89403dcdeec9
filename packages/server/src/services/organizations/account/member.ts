/** How accounts come into an organization and go out of it, whichever way. */
import type { AccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { countAccounts, keepHeadCount } from "./head-count.ts";
import { accounts, addresses, requireAccount, type Account } from "./row.ts";
import { dropDelegations, isDelegate } from "../delegation/row.ts";
import { delegateCannotLeave, newAccountStays } from "../errors.ts";
import { NEW_ACCOUNT_MS } from "../limits.ts";
import { memberships, restamp, type Organization } from "../organization/row.ts";
import { attachAwsPolicies, dropAttachments } from "../policy/row.ts";
import { putTags } from "../tag/row.ts";
import { children } from "../unit/row.ts";

type Newcomer = Pick<Account, "id" | "name" | "email" | "joinedMethod"> & Partial<Pick<Account, "state">>;

/** Puts an account into the root. The caller sees to it that it is in no organization. */
export async function addMember(organization: Organization, newcomer: Newcomer, context: Context): Promise<Account> {
  const { tx } = context;
  const { id: organizationId, rootId: parentId } = organization;
  const account: Account = {
    organizationId,
    parentId,
    state: "ACTIVE",
    joinedAtMs: context.now().getTime(),
    ...newcomer,
  };
  const count = await countAccounts(organizationId, tx);
  keepHeadCount({ organizationId, accounts: count + 1 }, tx);
  tx.put(accounts, account);
  tx.put(memberships, { account: account.id, organizationId });
  tx.put(addresses, { email: account.email, account: account.id });
  tx.put(children, { organizationId, parentId, type: "ACCOUNT", id: account.id });
  attachAwsPolicies(organization, account.id, tx);
  return account;
}

/** Takes an account out, with all that the organization hung on it. */
export async function dropMember(organization: Organization, id: AccountId, context: Context): Promise<void> {
  const { tx } = context;
  const { parentId } = await requireAccount(organization, id, tx);
  const count = await countAccounts(organization.id, tx);
  keepHeadCount({ organizationId: organization.id, accounts: count - 1 }, tx);
  tx.delete(accounts, organization.id, id);
  tx.delete(memberships, id);
  tx.delete(children, organization.id, parentId, "ACCOUNT", id);
  await dropAttachments(organization, id, tx);
  await dropDelegations(organization, id, tx);
  putTags(organization, id, {}, tx);
  await restamp(organization.id, context);
}

/** @throws {AwsError} `ConstraintViolationException` where a service is delegated to the account, or it was just made. */
export async function requireMayLeave(organization: Organization, id: AccountId, context: Context): Promise<void> {
  if (await isDelegate(organization, id, context.tx)) throw delegateCannotLeave();
  const { joinedMethod, joinedAtMs } = await requireAccount(organization, id, context.tx);
  const stays = joinedMethod === "CREATED" && context.now().getTime() < joinedAtMs + NEW_ACCOUNT_MS;
  if (stays) throw newAccountStays();
}
