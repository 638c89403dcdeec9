/** Delegated administrators: members that see the organization, and administer one service for it. */
import type { DelegatedAdministrator } from "@aws-sdk/client-organizations";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accountArn, requireAccount } from "../account/row.ts";
import { formatAccount } from "../account/account.ts";
import { ask, requireDelegated, requireManagement } from "../caller.ts";
import { delegations, isDelegate, type Delegation } from "./row.ts";
import {
  accessNotEnabled,
  alreadyRegistered,
  delegateExists,
  managementCannotBeDelegate,
  notAllFeatures,
  notRegistered,
  suspendedCannotBeDelegate,
  unrecognizedService,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { ACCOUNTS_MAX } from "../limits.ts";
import { restamp, type Organization } from "../organization/row.ts";
import { list, listOf } from "../paging.ts";
import { hasAccess } from "./service-access-row.ts";
import { requireServicePrincipal } from "./service-access.ts";

export const registerDelegatedAdministrator = operation("RegisterDelegatedAdministrator", {
  authorize: (input, context) => onDelegate("RegisterDelegatedAdministrator", input, context),

  async handle({ AccountId, ServicePrincipal: service }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    if (organization.featureSet !== "ALL") throw notAllFeatures();
    if (AccountId === organization.managementAccount) throw managementCannotBeDelegate();
    const account = await requireAccount(organization, AccountId, tx);
    requireServicePrincipal(service);
    if (account.state === "SUSPENDED") throw suspendedCannotBeDelegate();
    if (await tx.get(delegations, organization.id, account.id, service)) throw alreadyRegistered();
    if (!(await hasAccess(organization, service, tx))) throw accessNotEnabled();
    if (ONE_DELEGATE.includes(service) && (await delegatesFor(organization, service, tx)).length > 0) {
      throw delegateExists();
    }
    const enabledAtMs = context.now().getTime();
    tx.put(delegations, { organizationId: organization.id, account: account.id, service, enabledAtMs });
    await restamp(organization.id, context);
    return {};
  },
});

export const deregisterDelegatedAdministrator = operation("DeregisterDelegatedAdministrator", {
  authorize: (input, context) => onDelegate("DeregisterDelegatedAdministrator", input, context),

  async handle({ AccountId, ServicePrincipal: service }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    if (AccountId === organization.managementAccount) throw managementCannotBeDelegate();
    const { id } = await requireAccount(organization, AccountId, tx);
    if (!(await isDelegate(organization, id, tx))) throw notRegistered();
    if (!(await tx.get(delegations, organization.id, id, service))) throw unrecognizedService();
    tx.delete(delegations, organization.id, id, service);
    await restamp(organization.id, context);
    return {};
  },
});

export const listDelegatedAdministrators = operation("ListDelegatedAdministrators", {
  authorize: ({ ServicePrincipal: service }, context) =>
    ask("ListDelegatedAdministrators", context, { keys: { "organizations:ServicePrincipal": service } }),

  async handle({ ServicePrincipal: service, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListDelegatedAdministrators", context);
    if (service !== undefined) requireServicePrincipal(service);
    const meant = await delegatesFor(organization, service, tx);
    const first = new Map(meant.toReversed().map((row) => [row.account, row]));
    const { rows, rest } = listOf([...first.values()], paging, ({ account }) => account);
    const admins = await Promise.all(rows.map((row) => formatDelegate(organization, row, tx)));
    return { DelegatedAdministrators: admins, ...rest };
  },
});

export const listDelegatedServicesForAccount = operation("ListDelegatedServicesForAccount", {
  authorize: ({ AccountId }, context) =>
    ask("ListDelegatedServicesForAccount", context, { on: (organization) => accountArn(organization, AccountId) }),

  async handle({ AccountId, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListDelegatedServicesForAccount", context);
    const { id } = await requireAccount(organization, AccountId, tx);
    if (!(await isDelegate(organization, id, tx))) throw notRegistered();
    const { rows, rest } = await list(tx, delegations, [organization.id, id], paging);
    const DelegatedServices = rows.map(({ service, enabledAtMs }) => ({
      ServicePrincipal: service,
      DelegationEnabledDate: new Date(enabledAtMs),
    }));
    return { DelegatedServices, ...rest };
  },
});

/** Services that one account alone may administer. Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html */
const ONE_DELEGATE: readonly string[] = ["sso.amazonaws.com"];

async function delegatesFor({ id }: Organization, service: string | undefined, tx: Transaction) {
  const all = await tx.scan(delegations, { prefix: [id], limit: ACCOUNTS_MAX });
  return all.filter((row) => service === undefined || row.service === service);
}

const onDelegate = (
  action: "RegisterDelegatedAdministrator" | "DeregisterDelegatedAdministrator",
  { AccountId, ServicePrincipal }: { readonly AccountId: string; readonly ServicePrincipal: string },
  context: Context,
) =>
  ask(action, context, {
    on: (organization) => accountArn(organization, AccountId),
    keys: { "organizations:ServicePrincipal": ServicePrincipal },
  });

async function formatDelegate(
  organization: Organization,
  { account, enabledAtMs }: Delegation,
  tx: Transaction,
): Promise<DelegatedAdministrator> {
  const { Paths: _, ...shown } = await formatAccount(organization, await requireAccount(organization, account, tx), tx);
  return { ...shown, DelegationEnabledDate: new Date(enabledAtMs) };
}
