/** What the rest of the cloud must know of organizations: read on every call, so computed once for each stamp. */
import type { PolicyLevel } from "../../identity/directory.ts";
import type { OrganizationFacts, OrganizationStanding } from "../../identity/organization.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Transaction } from "../../kernel/table.ts";
import { findAccount } from "./account/row.ts";
import { delegationsOf } from "./delegation/row.ts";
import { organizationOf, type Organization } from "./organization/row.ts";
import { trustedServices } from "./delegation/service-access-row.ts";
import { tagRulesOf } from "./policy/effective-levels.ts";
import { entityAt, findScp } from "./unit/entity.ts";
import { policyLevels, type WantedLevels } from "./policy/level.ts";
import { pathOf, unitsDownTo } from "./unit/row.ts";

/** How many accounts' standings are kept at the least. */
const STANDINGS_KEPT = 5000;

type Standing = Promise<OrganizationStanding | undefined>;

/**
 * One transaction asks several times, most often with no other in between: for the caller, for the resource's owner, for
 * condition keys.
 */
interface Seen {
  readonly tx: Transaction;
  readonly standings: Map<AccountId, Standing>;
}

export function organizationFacts(): OrganizationFacts {
  const kept = new BoundedCache<string, OrganizationStanding>(STANDINGS_KEPT);
  let latest: Seen | undefined;

  async function find(account: AccountId, tx: Transaction): Standing {
    const organization = await organizationOf(account, tx);
    if (organization === undefined) return undefined;
    const key = `${organization.stamp}/${account}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const standing = await compute(organization, account, tx);
    kept.set(key, standing);
    return standing;
  }

  return {
    standingOf(account, tx) {
      if (latest?.tx !== tx) latest = { tx, standings: new Map() };
      const { standings } = latest;
      let standing = standings.get(account);
      if (standing === undefined) standings.set(account, (standing = find(account, tx)));
      return standing;
    },
    entityAt,
    findScp,
  };
}

async function compute(organization: Organization, account: AccountId, tx: Transaction): Promise<OrganizationStanding> {
  const parentId = (await findAccount(organization, account, tx))?.parentId ?? organization.rootId;
  const units = await unitsDownTo(organization, parentId, tx);
  const levels = [organization.rootId, ...units.map(({ id }) => id), account];
  const { id: organizationId, managementAccount } = organization;
  return {
    organizationId,
    managementAccount,
    path: pathOf(organization, units),
    allFeatures: organization.featureSet === "ALL",
    scpsEnabled: organization.policyTypes.includes("SERVICE_CONTROL_POLICY"),
    trustedServices: await trustedServices(organization, tx),
    delegatedServices: (await delegationsOf(organization, account, tx)).map(({ service }) => service),
    scps: await limitsOf(organization, { account, levels, type: "SERVICE_CONTROL_POLICY" }, tx),
    rcps: await limitsOf(organization, { account, levels, type: "RESOURCE_CONTROL_POLICY" }, tx),
    tagRules: await tagRulesOf(organization, { id: account, parentId }, tx),
  };
}

/**
 * Neither kind of policy touches the management account.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
async function limitsOf(
  organization: Organization,
  { account, ...wanted }: WantedLevels & { readonly account: AccountId },
  tx: Transaction,
): Promise<readonly PolicyLevel[] | undefined> {
  const exempt = account === organization.managementAccount || !organization.policyTypes.includes(wanted.type);
  return exempt ? undefined : policyLevels(organization, wanted, tx);
}
