/** Organizations as rows, and which account is in which; what every call of a member account has to know. */
import type { OrganizationFeatureSet, PolicyType } from "@aws-sdk/client-organizations";
import type { AccountId } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";

export interface Organization {
  /** `o-a1b2c3d4e5`. */
  readonly id: string;
  readonly partition: string;
  readonly managementAccount: AccountId;
  readonly email: string;
  readonly featureSet: OrganizationFeatureSet;
  /** `r-ab12`: an organization has one root. */
  readonly rootId: string;
  /** The policy types that are enabled in the root. */
  readonly policyTypes: readonly PolicyType[];
  /** New with each change that bears on the rights of its accounts: what was computed under it stays true. */
  readonly stamp: string;
  /** When that change was. */
  readonly changedAtMs: number;
}

export const organizations = table<Organization>("organizations.organization", "global", ({ id }) => [id]);

export interface Membership {
  readonly account: AccountId;
  readonly organizationId: string;
}

export const memberships = table<Membership>("organizations.membership", "global", ({ account }) => [account]);

/** The organization that `account` is in. */
export async function organizationOf(account: AccountId, tx: Transaction): Promise<Organization | undefined> {
  const membership = await tx.get(memberships, account);
  return membership && tx.get(organizations, membership.organizationId);
}

/** To be called with each change of structure, policies or attachments. */
export async function restamp(
  id: string,
  context: Pick<Context, "tx" | "newId" | "now">,
  change: Partial<Organization> = {},
): Promise<void> {
  const organization = await context.tx.get(organizations, id);
  const stamped = { stamp: context.newId(), changedAtMs: context.now().getTime() };
  if (organization) context.tx.put(organizations, { ...organization, ...change, ...stamped });
}

export const isManagement = ({ managementAccount }: Organization, { account }: Pick<Context, "account">): boolean =>
  managementAccount === account;
