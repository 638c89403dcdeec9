/** What shares have, and whom they have it for. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html */
import type { ResourceShareAssociationStatus } from "@aws-sdk/client-ram";
import { parseAccountId } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { ask, forEach, onShare } from "./access.ts";
import {
  associations,
  associationsOf,
  endAssociation,
  formatAssociation,
  isPresent,
  isPrincipal,
  isResource,
  type Association,
} from "./association-row.ts";
import { echo, once } from "./client-token.ts";
import {
  arnOfPrincipals,
  cannotLeave,
  notAssociated,
  nothingToAssociate,
  notYours,
  principalOfResources,
  shareLimitExceeded,
  typeCannotBeLeft,
} from "./errors.ts";
import { dropInvitation } from "./invitation-row.ts";
import { operation, type RamSdk } from "./kit.ts";
import { PRINCIPALS_PER_SHARE_MAX, RESOURCES_PER_SHARE_MAX } from "./limits.ts";
import { listOf } from "./paging.ts";
import { resourcesOf } from "./reach.ts";
import { findResourceType } from "./resource-type.ts";
import { addResources } from "./shared-resource.ts";
import { addPrincipals, requireFitting, requirePrincipals } from "./share-principal.ts";
import { putShare, requireOwnShare, requireShare, shareArn, sharesOf, type Share } from "./share-row.ts";
import { addSources, requireSources } from "./share-source.ts";

type Named = Omit<InputOf<RamSdk, "AssociateResourceShare">, "resourceShareArn" | "clientToken">;

export const associateResourceShare = operation("AssociateResourceShare", {
  authorize: async (input, context) =>
    forEach(await onShare("AssociateResourceShare", input.resourceShareArn, context), input),

  async handle(input, context) {
    const changed = await once({ operation: "AssociateResourceShare", input }, context, () =>
      associate(input.resourceShareArn, input, context),
    );
    return { resourceShareAssociations: changed.map(inProgress("ASSOCIATING")), ...echo(input) };
  },
});

export const disassociateResourceShare = operation("DisassociateResourceShare", {
  authorize: async (input, context) =>
    forEach(await onShare("DisassociateResourceShare", input.resourceShareArn, context), input),

  async handle(input, context) {
    const changed = await once({ operation: "DisassociateResourceShare", input }, context, () =>
      disassociate(input.resourceShareArn, input, context),
    );
    return { resourceShareAssociations: changed.map(inProgress("DISASSOCIATING")), ...echo(input) };
  },
});

/** A row that was changed, and the share's name beside it. */
interface Changed {
  readonly row: Association;
  readonly share: Share;
}

/** It is done by the time of the next call; AWS answers as what is still going on. */
const inProgress =
  (status: ResourceShareAssociationStatus) =>
  ({ row, share }: Changed) => ({ ...formatAssociation(row, share), status });

async function associate(arn: string, named: Named, context: Context): Promise<readonly Changed[]> {
  const { resourceArns = [], principals = [], sources = [] } = named;
  const present = await requireOwnShare(arn, context);
  if (resourceArns.length + principals.length + sources.length === 0) throw nothingToAssociate();
  await requirePrincipals(present, principals, context);
  const { share, added } = await addResources(present, resourceArns, context);
  const rows = [
    ...added,
    ...(await addPrincipals(share, principals, context)),
    ...(await addSources(share, sources, context)),
  ];
  await requireFitting(share, context);
  await requireRoom(share, context);
  putShare(share, context);
  return rows.map((row) => ({ row, share }));
}

async function requireRoom(share: Share, { tx }: Context): Promise<void> {
  const rows = (await associationsOf(share, tx)).filter(isPresent);
  if (rows.filter(isResource).length > RESOURCES_PER_SHARE_MAX) {
    throw shareLimitExceeded("resources", RESOURCES_PER_SHARE_MAX);
  }
  if (rows.filter(isPrincipal).length > PRINCIPALS_PER_SHARE_MAX) {
    throw shareLimitExceeded("principals", PRINCIPALS_PER_SHARE_MAX);
  }
}

async function disassociate(arn: string, named: Named, context: Context): Promise<readonly Changed[]> {
  const { resourceArns = [], principals = [], sources = [] } = named;
  const share = await requireShare(arn, context);
  if (share.account !== context.account) await requireMayLeave(share, named, context);
  if (resourceArns.length + principals.length + sources.length === 0) throw nothingToAssociate();
  const keys = [
    ...resourceArns.map((entity) => ["RESOURCE", entity] as const),
    ...principals.map((entity) => ["PRINCIPAL", entity] as const),
    ...sources.map((entity) => ["SOURCE", entity] as const),
  ];
  const ended: Changed[] = [];
  for (const [kind, entity] of keys) {
    const row = await context.tx.get(associations, shareArn(share), kind, entity);
    if (row === undefined || !isPresent(row)) throw notAssociated(entity, shareArn(share));
    if (isPrincipal(row)) await dropInvitation(row, context);
    ended.push({ row: endAssociation(row, "DISASSOCIATED", context), share });
  }
  if (sources.length > 0) await requireSources(share, context);
  if (share.account === context.account) putShare(share, context);
  return ended;
}

/**
 * Others may take themselves out, and nothing else.
 *
 * @throws {AwsError} `OperationNotPermittedException`
 */
async function requireMayLeave(share: Share, { resourceArns, principals, sources }: Named, context: Context) {
  const { tx, account } = context;
  const isOwn = principals?.length === 1 && parseAccountId(principals[0] ?? "") === account;
  if (!isOwn || resourceArns !== undefined || sources !== undefined) throw notYours(shareArn(share));
  const row = await tx.get(associations, shareArn(share), "PRINCIPAL", account);
  if (row?.kind !== "PRINCIPAL" || !isPresent(row)) throw notAssociated(account, shareArn(share));
  if (row.by !== "invitation") throw cannotLeave();
  const types = (await resourcesOf(share, context)).map(({ resourceType }) => resourceType);
  const kept = types.find((type) => findResourceType(type)?.traits.includes("open-week") !== true);
  if (kept !== undefined) throw typeCannotBeLeft(kept);
}

export const getResourceShareAssociations = operation("GetResourceShareAssociations", {
  authorize: () => ask("GetResourceShareAssociations"),

  async handle(input, context) {
    const { associationType: kind, resourceArn, principal, associationStatus: status } = input;
    if (kind === "PRINCIPAL" && resourceArn !== undefined) throw arnOfPrincipals();
    if (kind === "RESOURCE" && principal !== undefined) throw principalOfResources();
    const entity = resourceArn ?? principal;
    const meant = (await ownAssociations(input.resourceShareArns, context)).filter(
      ({ row }) =>
        row.kind === kind &&
        (entity === undefined || row.entity === entity) &&
        (status === undefined || row.status === status),
    );
    const { rows, rest } = listOf(meant, input, keyOf);
    return { resourceShareAssociations: rows.map(({ row, share }) => formatAssociation(row, share)), ...rest };
  },
});

const keyOf = ({ row }: Changed): string => `${row.shareArn} ${row.entity}`;

/** Of the shares of the account, or of those named. */
export async function ownAssociations(
  arns: readonly string[] | undefined,
  context: Context,
): Promise<readonly Changed[]> {
  const { account, region, tx } = context;
  const own = arns === undefined ? await sharesOf(account, region, tx) : await named(arns, context);
  const rows = await Promise.all(
    own.map(async (share) => (await associationsOf(share, tx)).map((row) => ({ row, share }))),
  );
  return rows.flat();
}

const named = (arns: readonly string[], context: Context): Promise<readonly Share[]> =>
  Promise.all(arns.map((arn) => requireShown(arn, context)));

/** Deleted ones are shown as long as they are there. */
async function requireShown(arn: string, context: Context): Promise<Share> {
  const share = await requireShare(arn, context);
  if (share.account !== context.account) throw notYours(arn);
  return share;
}
