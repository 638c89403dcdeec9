/** The accounts of an organization: shown, moved, removed. */
import type { Account as AccountShape, ParentType } from "@aws-sdk/client-organizations";
import type { Transaction } from "../../../kernel/table.ts";
import { accountArn, accounts, findAccount, requireAccount, type Account } from "./row.ts";
import { ask, requireDelegated, requireManagement } from "../caller.ts";
import {
  accountNotFound,
  childNotFound,
  destinationParentNotFound,
  duplicateAccount,
  masterCannotLeave,
  parentNotFound,
  sourceParentNotFound,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { dropMember, requireMayLeave } from "./member.ts";
import { restamp, type Organization } from "../organization/row.ts";
import { list } from "../paging.ts";
import { children, findUnit, isParent, pathOf, unitArn, unitsDownTo } from "../unit/row.ts";
import { parentArn } from "../unit/unit.ts";

export const describeAccount = operation("DescribeAccount", {
  authorize: ({ AccountId: id }, context) =>
    ask("DescribeAccount", context, { on: (organization) => accountArn(organization, id) }),

  async handle({ AccountId: id }, context) {
    const organization = await requireDelegated("DescribeAccount", context);
    const account = await requireAccount(organization, id, context.tx);
    return { Account: await formatAccount(organization, account, context.tx) };
  },
});

export const listAccounts = operation("ListAccounts", {
  authorize: (_, context) => ask("ListAccounts", context),

  async handle(paging, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListAccounts", context);
    const { rows, rest } = await list(tx, accounts, [organization.id], paging);
    return { Accounts: await Promise.all(rows.map((account) => formatAccount(organization, account, tx))), ...rest };
  },
});

export const listAccountsForParent = operation("ListAccountsForParent", {
  authorize: ({ ParentId }, context) =>
    ask("ListAccountsForParent", context, { on: (organization) => parentArn(organization, ParentId) }),

  async handle({ ParentId, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListAccountsForParent", context);
    if (!(await isParent(organization, ParentId, tx))) throw parentNotFound();
    const { rows, rest } = await list(tx, children, [organization.id, ParentId, "ACCOUNT"], paging);
    const found = await Promise.all(rows.map(({ id }) => requireAccount(organization, id, tx)));
    return { Accounts: await Promise.all(found.map((account) => formatAccount(organization, account, tx))), ...rest };
  },
});

export const listChildren = operation("ListChildren", {
  authorize: ({ ParentId }, context) =>
    ask("ListChildren", context, { on: (organization) => parentArn(organization, ParentId) }),

  async handle({ ParentId, ChildType, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListChildren", context);
    if (!(await isParent(organization, ParentId, tx))) throw parentNotFound();
    const { rows, rest } = await list(tx, children, [organization.id, ParentId, ChildType], paging);
    return { Children: rows.map(({ id, type }) => ({ Id: id, Type: type })), ...rest };
  },
});

export const listParents = operation("ListParents", {
  authorize: ({ ChildId: id }, context) =>
    ask("ListParents", context, {
      on: (organization) => (id.startsWith("ou-") ? unitArn(organization, id) : accountArn(organization, id)),
    }),

  async handle({ ChildId }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListParents", context);
    const child = (await findUnit(organization, ChildId, tx)) ?? (await findAccount(organization, ChildId, tx));
    if (!child) throw childNotFound();
    const Type: ParentType = child.parentId === organization.rootId ? "ROOT" : "ORGANIZATIONAL_UNIT";
    return { Parents: [{ Id: child.parentId, Type }] };
  },
});

export const moveAccount = operation("MoveAccount", {
  authorize: async ({ AccountId: id, SourceParentId, DestinationParentId }, context) => [
    await ask("MoveAccount", context, { on: (organization) => accountArn(organization, id) }),
    await ask("MoveAccount", context, { on: (organization) => parentArn(organization, SourceParentId) }),
    await ask("MoveAccount", context, { on: (organization) => parentArn(organization, DestinationParentId) }),
  ],

  async handle({ AccountId: id, SourceParentId, DestinationParentId: parentId }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    const account = await requireAccount(organization, id, tx);
    if (!(await isParent(organization, SourceParentId, tx))) throw sourceParentNotFound();
    if (!(await isParent(organization, parentId, tx))) throw destinationParentNotFound();
    if (account.parentId === parentId) throw duplicateAccount();
    if (account.parentId !== SourceParentId) throw accountNotFound();
    tx.put(accounts, { ...account, parentId });
    tx.delete(children, organization.id, account.parentId, "ACCOUNT", id);
    tx.put(children, { organizationId: organization.id, parentId, type: "ACCOUNT", id });
    await restamp(organization.id, context);
    return {};
  },
});

/** Differs: nothing is asked of an account that is to stand on its own, no address, no means of payment. */
export const removeAccountFromOrganization = operation("RemoveAccountFromOrganization", {
  authorize: ({ AccountId: id }, context) =>
    ask("RemoveAccountFromOrganization", context, { on: (organization) => accountArn(organization, id) }),

  async handle({ AccountId }, context) {
    const organization = await requireManagement(context);
    const { id } = await requireAccount(organization, AccountId, context.tx);
    if (id === organization.managementAccount) throw masterCannotLeave();
    await requireMayLeave(organization, id, context);
    await dropMember(organization, id, context);
    return {};
  },
});

/** `Status` is the older name: it knows no account that is not yet active. */
export const formatAccount = async (
  organization: Organization,
  account: Account,
  tx: Transaction,
): Promise<AccountShape> => ({
  Id: account.id,
  Arn: accountArn(organization, account.id),
  Email: account.email,
  Name: account.name,
  Status: account.state === "PENDING_ACTIVATION" ? "ACTIVE" : account.state,
  State: account.state,
  Paths: [pathOf(organization, await unitsDownTo(organization, account.parentId, tx))],
  JoinedMethod: account.joinedMethod,
  JoinedTimestamp: new Date(account.joinedAtMs),
});
