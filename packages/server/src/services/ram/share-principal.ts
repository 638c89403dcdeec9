/** Taking principals into a share, and inviting those that have to agree. */
import type { Context } from "../../service/context.ts";
import {
  associations,
  associationsOf,
  isPresent,
  isPrincipal,
  isResource,
  putAssociation,
  type Association,
  type PrincipalAssociation,
} from "./association-row.ts";
import {
  notForIdentities,
  notInOrganization,
  onlyInsideOrganization,
  sharingNotEnabled,
  unitOfUnknownOrganization,
  unknownOrganization,
  unknownUnit,
} from "./errors.ts";
import { sendInvitation } from "./invitation-row.ts";
import { INVITATION_MS, LONG_INVITATION_MS } from "./limits.ts";
import { parsePrincipal, type AccountSharePrincipal, type SharePrincipal } from "./principal.ts";
import { findResourceType } from "./resource-type.ts";
import { shareArn, type Share } from "./share-row.ts";
import { sharingOrganization } from "./sharing-organization.ts";
import { findsUnit } from "./unit.ts";

/** @throws {AwsError} where one of them may not be a principal of this share. */
export async function addPrincipals(share: Share, names: readonly string[], context: Context) {
  const added: PrincipalAssociation[] = [];
  for (const name of new Set(names)) added.push(await associate(share, name, context));
  return added;
}

/**
 * Looks at all of them before anything happens.
 *
 * @throws {AwsError} likewise
 */
export async function requirePrincipals(share: Share, names: readonly string[], context: Context): Promise<void> {
  const principals = names.map(parsePrincipal);
  for (const principal of principals) await rightOf(principal, share, context);
}

/** By what right a principal gets the share. */
type Right = Pick<PrincipalAssociation, "by" | "isExternal">;

async function associate(share: Share, name: string, context: Context): Promise<PrincipalAssociation> {
  const { tx } = context;
  const principal = parsePrincipal(name);
  const present = await tx.get(associations, shareArn(share), "PRINCIPAL", name);
  if (present?.kind === "PRINCIPAL" && isPresent(present)) return present;
  const right = await rightOf(principal, share, context);
  const nowMs = context.now().getTime();
  const row: PrincipalAssociation = {
    kind: "PRINCIPAL",
    shareArn: shareArn(share),
    entity: name,
    status: right.by === "invitation" ? "ASSOCIATING" : "ASSOCIATED",
    invitationId: await invite(principal, { share, right }, context),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...right,
  };
  putAssociation(row, tx);
  return row;
}

async function rightOf(principal: SharePrincipal, share: Share, context: Context): Promise<Right> {
  switch (principal.kind) {
    case "service":
      return { by: "owner", isExternal: false };
    case "organization":
      await requireOrganization(principal.id, share, context);
      return { by: "organization", isExternal: false };
    case "unit":
      await requireUnit(principal, share, context);
      return { by: "organization", isExternal: false };
    case "account":
    case "identity":
      return rightOfAccount(principal, share, context);
  }
}

/** An account shares within its own organization only. */
async function requireOrganization(id: string, share: Share, context: Context): Promise<void> {
  const ours = await sharingOrganization(share.account, context);
  if (ours?.organizationId !== id) throw unknownOrganization(id);
}

type Unit = Extract<SharePrincipal, { readonly kind: "unit" }>;

async function requireUnit({ organizationId, id }: Unit, share: Share, context: Context): Promise<void> {
  const standing = await context.directory.organizationOf(share.account, context.tx);
  if (standing?.organizationId !== organizationId) throw unitOfUnknownOrganization(id);
  const ours = await sharingOrganization(share.account, context);
  if (ours === undefined || !(await findsUnit(id, ours, context))) throw unknownUnit(id);
}

/** Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html */
async function rightOfAccount({ account }: AccountSharePrincipal, share: Share, context: Context): Promise<Right> {
  const { directory, tx } = context;
  if (account === share.account) return { by: "owner", isExternal: false };
  const ours = await directory.organizationOf(share.account, tx);
  const theirs = await directory.organizationOf(account, tx);
  const isExternal = ours === undefined || ours.organizationId !== theirs?.organizationId;
  if (isExternal && !share.allowsExternal) throw notInOrganization(account);
  const isEnabled = (await sharingOrganization(share.account, context)) !== undefined;
  if (!isExternal && !isEnabled && !share.allowsExternal) throw sharingNotEnabled();
  return { by: isExternal || !isEnabled || share.isRetained ? "invitation" : "organization", isExternal };
}

interface Asked {
  readonly share: Share;
  readonly right: Right;
}

async function invite(principal: SharePrincipal, { share, right }: Asked, context: Context) {
  if (right.by !== "invitation" || !("account" in principal)) return undefined;
  const { account: receiver } = principal;
  const isIdentity = principal.kind === "identity";
  const sent = {
    receiver,
    receiverArn: isIdentity ? principal.arn : undefined,
    entity: isIdentity ? principal.arn : receiver,
    expiresAtMs: context.now().getTime() + (await openMs(share, context)),
  };
  return (await sendInvitation(share, sent, context)).id;
}

/** How long an invitation stays open goes by what the share has when it is sent. */
async function openMs(share: Share, { tx }: Context): Promise<number> {
  const resources = (await associationsOf(share, tx)).filter(isResource).filter(isPresent);
  const isLong = resources.every(({ resourceType }) => hasTrait(resourceType, "open-week"));
  return isLong ? LONG_INVITATION_MS : INVITATION_MS;
}

const hasTrait = (resourceType: string, trait: "open-week" | "outside" | "identities"): boolean =>
  findResourceType(resourceType)?.traits.includes(trait) ?? false;

/**
 * Holds what a share has against whom it has it for.
 *
 * @throws {AwsError} `InvalidParameterException`
 */
export async function requireFitting(share: Share, context: Context): Promise<void> {
  const present = (await associationsOf(share, context.tx)).filter(isPresent);
  const types = new Set(present.filter(isResource).map(({ resourceType }) => resourceType));
  const inside = [...types].filter((type) => !hasTrait(type, "outside"));
  if (inside.length > 0) await requireInside(share, present, context);
  const forAccounts = [...types].find((type) => !hasTrait(type, "identities"));
  const identities = present.filter(isPrincipal).some(({ entity }) => parsePrincipal(entity).kind === "identity");
  if (forAccounts !== undefined && identities) throw notForIdentities(forAccounts);
}

/** Some types of resources never leave the organization, which has to have sharing enabled. */
async function requireInside(share: Share, present: readonly Association[], context: Context): Promise<void> {
  const isEnabled = (await sharingOrganization(share.account, context)) !== undefined;
  const isOutside = present.filter(isPrincipal).some(({ isExternal }) => isExternal);
  if (!isEnabled || isOutside) throw onlyInsideOrganization();
}
