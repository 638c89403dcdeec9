/** The organization that an account may share within: sharing has to be enabled in it. */
import type { Directory } from "../../identity/directory.ts";
import type { OrganizationStanding } from "../../identity/organization.ts";
import type { AccountId } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";

export const RAM_PRINCIPAL = "ram.amazonaws.com";

/** What of a call's context it takes to look around in organizations. */
export interface Around {
  readonly directory: Pick<Directory, "organizationOf" | "findRole">;
  readonly tx: Transaction;
  readonly partition: string;
}

/**
 * `undefined` where the account is in no organization, or sharing is not enabled: trusted access alone does not do it,
 * RAM needs its role.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/tshoot-cant-see-shared.html
 */
export async function sharingOrganization(
  account: AccountId,
  { directory, tx, partition }: Around,
): Promise<OrganizationStanding | undefined> {
  const standing = await directory.organizationOf(account, tx);
  if (!standing?.trustedServices.includes(RAM_PRINCIPAL)) return undefined;
  const role = await directory.findRole(serviceRoleArn(partition, standing.managementAccount), tx);
  return role && standing;
}

export const serviceRoleArn = (partition: string, account: AccountId): string =>
  `arn:${partition}:iam::${account}:role/aws-service-role/${RAM_PRINCIPAL}/AWSServiceRoleForResourceAccessManager`;

/** Whether `other` is in the organization of the calling account. */
export async function inOneOrganization(other: AccountId, context: Around & { readonly account: AccountId }) {
  const { directory, tx, account } = context;
  const ours = await directory.organizationOf(account, tx);
  return ours !== undefined && ours.organizationId === (await directory.organizationOf(other, tx))?.organizationId;
}
