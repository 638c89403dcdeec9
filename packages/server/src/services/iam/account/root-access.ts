/** Which features for its members' root users an organization has, and who may use them. */
import type { FeatureType } from "@aws-sdk/client-iam";
import type { Directory } from "../../../identity/directory.ts";
import type { OrganizationFacts, OrganizationStanding } from "../../../identity/organization.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

/** What one organization has enabled. */
export interface RootFeatures {
  readonly organizationId: string;
  readonly enabled: readonly FeatureType[];
}

export const rootFeatures = table<RootFeatures>("iam.root-features", "global", ({ organizationId }) => [
  organizationId,
]);

/** As services name IAM where they delegate to it. */
export const IAM_PRINCIPAL = "iam.amazonaws.com";

/** The management account, or a member that administers IAM for it. */
export const managesRoots = (account: AccountId, standing: OrganizationStanding): boolean =>
  account === standing.managementAccount || standing.delegatedServices.includes(IAM_PRINCIPAL);

/** Over any member but the management account. */
export async function canAssumeRoot(
  { manager, member }: Parameters<Directory["canAssumeRoot"]>[0],
  organizations: OrganizationFacts,
  tx: Transaction,
): Promise<boolean> {
  const standing = await organizations.standingOf(manager, tx);
  const other = await organizations.standingOf(member, tx);
  if (standing === undefined || other?.organizationId !== standing.organizationId) return false;
  if (member === standing.managementAccount || !managesRoots(manager, standing)) return false;
  return (await enabledFeatures(standing, tx)).includes("RootSessions");
}

export async function enabledFeatures(
  { organizationId }: Pick<OrganizationStanding, "organizationId">,
  tx: Transaction,
): Promise<readonly FeatureType[]> {
  return (await tx.get(rootFeatures, organizationId))?.enabled ?? [];
}
