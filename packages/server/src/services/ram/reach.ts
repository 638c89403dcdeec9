/** Whom a share reaches at this moment: organizations change, and what came through them comes and goes with them. */
import type { AccountId, Arn, Region } from "../../kernel/arn.ts";
import {
  associationsOf,
  isPrincipal,
  isResource,
  sharesWith,
  sharesWithPrincipals,
  type PrincipalAssociation,
  type ResourceAssociation,
} from "./association-row.ts";
import { parsePrincipal } from "./principal.ts";
import { parseShareArn, shares, type Share } from "./share-row.ts";
import { sharingOrganization, type Around } from "./sharing-organization.ts";

/**
 * Whether `row` gives the share to `consumer`, or to a role or user of it.
 * (assumed) An account that comes back to the organization has again what it lost.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html (leaving the organization)
 */
export async function reaches(
  row: PrincipalAssociation,
  { share, consumer }: { readonly share: Share; readonly consumer: AccountId },
  around: Around,
): Promise<boolean> {
  if (row.status !== "ASSOCIATED") return false;
  const principal = parsePrincipal(row.entity);
  switch (principal.kind) {
    case "service":
      return false;
    case "account":
    case "identity":
      return (
        principal.account === consumer && (row.by !== "organization" || sharesOrganization(share, consumer, around))
      );
    case "organization":
      return sharesOrganization(share, consumer, around);
    case "unit":
      return (await sharesOrganization(share, consumer, around)) && (await isBelow(consumer, principal.id, around));
  }
}

/** Whether both are in one organization that sharing is enabled in. */
async function sharesOrganization(share: Share, consumer: AccountId, around: Around): Promise<boolean> {
  const ours = await sharingOrganization(share.account, around);
  if (ours === undefined) return false;
  return (await around.directory.organizationOf(consumer, around.tx))?.organizationId === ours.organizationId;
}

async function isBelow(account: AccountId, unitId: string, { directory, tx }: Around): Promise<boolean> {
  const standing = await directory.organizationOf(account, tx);
  return standing?.path.split("/").includes(unitId) ?? false;
}

/** Whether it is in force for whom it names: an organization may have turned sharing off, an account may have left. */
export async function isInForce(row: PrincipalAssociation, share: Share, around: Around): Promise<boolean> {
  if (row.status !== "ASSOCIATED") return false;
  const principal = parsePrincipal(row.entity);
  switch (principal.kind) {
    case "service":
      return true;
    case "account":
    case "identity":
      return reaches(row, { share, consumer: principal.account }, around);
    case "organization":
      return (await sharingOrganization(share.account, around))?.organizationId === principal.id;
    case "unit":
      return (await sharingOrganization(share.account, around))?.organizationId === principal.organizationId;
  }
}

/** A share that reaches an account, and through which of its principals. */
export interface Reaching {
  readonly share: Share;
  readonly through: readonly PrincipalAssociation[];
}

interface Consumer {
  readonly account: AccountId;
  readonly region: Region;
}

/** The shares of others that reach an account. */
export async function sharesReaching({ account, region }: Consumer, around: Around): Promise<readonly Reaching[]> {
  const { tx } = around;
  const found: Reaching[] = [];
  for (const arn of await candidates(account, around)) {
    const share = await shareOf(arn, around);
    if (share?.status !== "ACTIVE" || share.account === account || share.region !== region) continue;
    const through: PrincipalAssociation[] = [];
    for (const row of (await associationsOf(share, tx)).filter(isPrincipal)) {
      if (await reaches(row, { share, consumer: account }, around)) through.push(row);
    }
    if (through.length > 0) found.push({ share, through });
  }
  return found;
}

/** The share of that ARN, wherever it is. */
export async function shareOf(arn: Arn, { tx }: Pick<Around, "tx">): Promise<Share | undefined> {
  const { account, region, id } = parseShareArn(arn);
  return tx.get(shares, account, region, id);
}

/** Every share that names the account, something in it, or something that it is in. */
async function candidates(account: AccountId, { directory, tx, partition }: Around): Promise<ReadonlySet<Arn>> {
  const standing = await directory.organizationOf(account, tx);
  const [organizationId = "", , ...units] = standing?.path.split("/").filter((part) => part !== "") ?? [];
  const above = standing && `arn:${partition}:organizations::${standing.managementAccount}`;
  const names =
    above === undefined
      ? [account]
      : [
          account,
          `${above}:organization/${organizationId}`,
          ...units.map((id) => `${above}:ou/${organizationId}/${id}`),
        ];
  const arns = await Promise.all(names.map((name) => sharesWith("PRINCIPAL", name, tx)));
  return new Set([...arns.flat(), ...(await sharesWithPrincipals(`arn:${partition}:iam::${account}:`, tx))]);
}

/** What a share has, without what is on its way out. */
export const resourcesOf = async (share: Share, { tx }: Pick<Around, "tx">): Promise<readonly ResourceAssociation[]> =>
  (await associationsOf(share, tx)).filter(isResource).filter(({ status }) => status === "ASSOCIATED");
