/** The tree of an organization, for those who report on a part of it. */
import type { AttachedScp, OrganizationEntity } from "../../../identity/organization.ts";
import { parseAccountId } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { findAccount } from "../account/row.ts";
import { organizations, type Organization } from "../organization/row.ts";
import { attachmentsOfPolicy, findPolicy } from "../policy/row.ts";
import { policyLevels } from "../policy/level.ts";
import { children, findUnit } from "./row.ts";

/** More than an organization has below one parent. */
const CHILDREN_MAX = 100_000;

type Account = OrganizationEntity["accounts"][number];

export async function entityAt(path: string, tx: Transaction): Promise<OrganizationEntity | undefined> {
  const [organizationId = "", ...levels] = path.split("/");
  const organization = await tx.get(organizations, organizationId);
  if (!organization || !(await isChain(organization, levels, tx))) return undefined;
  const { managementAccount } = organization;
  const last = levels.at(-1) ?? "";
  const account = parseAccountId(last);
  const accounts = account ? [{ id: account, path }] : await accountsBelow(organization, { id: last, path }, tx);
  return {
    accounts: accounts.filter(({ id }) => account !== undefined || id !== managementAccount),
    isManagement: account === managementAccount,
    scps: await policyLevels(organization, { levels, type: "SERVICE_CONTROL_POLICY" }, tx),
  };
}

/** Whether each level lies in the one before, the first being the root. */
async function isChain(organization: Organization, levels: readonly string[], tx: Transaction): Promise<boolean> {
  const parents = await Promise.all(levels.slice(1).map((level) => parentOf(organization, level, tx)));
  return levels[0] === organization.rootId && parents.every((parent, index) => parent === levels[index]);
}

async function parentOf(organization: Organization, id: string, tx: Transaction): Promise<string | undefined> {
  const found = (await findUnit(organization, id, tx)) ?? (await findAccount(organization, id, tx));
  return found?.parentId;
}

async function accountsBelow(
  organization: Organization,
  { id, path }: { readonly id: string; readonly path: string },
  tx: Transaction,
): Promise<Account[]> {
  const found = await tx.scan(children, { prefix: [organization.id, id], limit: CHILDREN_MAX });
  const accounts = await Promise.all(
    found.map(async (child): Promise<Account[]> => {
      const place = { id: child.id, path: `${path}/${child.id}` };
      if (child.type !== "ACCOUNT") return accountsBelow(organization, place, tx);
      const account = parseAccountId(child.id);
      return account === undefined ? [] : [{ ...place, id: account }];
    }),
  );
  return accounts.flat();
}

export async function findScp(
  organizationId: string,
  policyId: string,
  tx: Transaction,
): Promise<AttachedScp | undefined> {
  const policy = await findPolicy({ id: organizationId }, policyId, tx);
  if (policy?.type !== "SERVICE_CONTROL_POLICY") return undefined;
  const attached = await tx.scan(attachmentsOfPolicy, { prefix: [organizationId, policyId], limit: CHILDREN_MAX });
  return { document: policy.content, targets: attached.map(({ targetId }) => targetId) };
}
