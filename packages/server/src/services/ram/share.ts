/** Resource shares. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html */
import type { TagFilter } from "@aws-sdk/client-ram";
import type { Context } from "../../service/context.ts";
import type { InputOf, Validated } from "../../service/sdk.ts";
import { ask, forEach, onShare } from "./access.ts";
import { associations, associationsOf, endAssociation, isPresent } from "./association-row.ts";
import { echo, once } from "./client-token.ts";
import { sharingNotEnabled, twoPermissions } from "./errors.ts";
import { dropInvitation } from "./invitation-row.ts";
import { operation, type RamSdk } from "./kit.ts";
import { ALL_ROWS, GONE_SHOWN_MS } from "./limits.ts";
import { listOf } from "./paging.ts";
import { defaultVersionOf, permissionArn, requirePermission } from "./permission-row.ts";
import { sharesReaching } from "./reach.ts";
import { addResources } from "./shared-resource.ts";
import { addPrincipals, requireFitting, requirePrincipals } from "./share-principal.ts";
import {
  formatShare,
  newShare,
  putShare,
  requireOwnShare,
  shareArn,
  shares,
  sharesOf,
  type Share,
} from "./share-row.ts";
import { addSources } from "./share-source.ts";
import { sharingOrganization } from "./sharing-organization.ts";
import { requestTags, withTags } from "./tag-list.ts";

type CreateInput = InputOf<RamSdk, "CreateResourceShare">;

export const createResourceShare = operation("CreateResourceShare", {
  authorize(input) {
    const keys = {
      "ram:RequestedAllowsExternalPrincipals": String(input.allowExternalPrincipals ?? true),
      "ram:RetainSharingOnAccountLeaveOrganization": String(retains(input)),
    };
    return forEach(ask("CreateResourceShare", { requestTags: requestTags(input.tags), keys }), input);
  },

  async handle(input, context) {
    const share = await once({ operation: "CreateResourceShare", input }, context, () => create(input, context));
    return { resourceShare: formatShare(share), ...echo(input) };
  },
});

const retains = ({ resourceShareConfiguration }: CreateInput): boolean =>
  resourceShareConfiguration?.retainSharingOnAccountLeaveOrganization ?? false;

async function create(input: CreateInput, context: Context): Promise<Share> {
  const { name, allowExternalPrincipals = true, resourceArns = [], principals = [], sources = [] } = input;
  const fields = {
    name,
    allowsExternal: allowExternalPrincipals,
    isRetained: retains(input),
    tags: withTags({}, input.tags),
  };
  const share = await withPermissions(newShare(fields, context), input.permissionArns ?? [], context);
  context.tx.put(shares, share);
  await requirePrincipals(share, principals, context);
  const { share: held } = await addResources(share, resourceArns, context);
  await addPrincipals(held, principals, context);
  await addSources(held, sources, context);
  await requireFitting(held, context);
  return held;
}

async function withPermissions(share: Share, arns: readonly string[], context: Context): Promise<Share> {
  const found = await Promise.all(arns.map((arn) => requirePermission(arn, context)));
  const permissions = found.map((permission) => ({
    arn: permissionArn(permission),
    version: defaultVersionOf(permission),
    resourceType: permission.resourceType,
    updatedAtMs: share.createdAtMs,
  }));
  const types = permissions.map(({ resourceType }) => resourceType);
  const twice = types.find((type, place) => types.indexOf(type) !== place);
  if (twice !== undefined) throw twoPermissions(twice);
  return { ...share, permissions };
}

export const updateResourceShare = operation("UpdateResourceShare", {
  authorize: ({ resourceShareArn, allowExternalPrincipals: allows }, context) =>
    onShare("UpdateResourceShare", resourceShareArn, context, {
      keys: { "ram:RequestedAllowsExternalPrincipals": allows === undefined ? undefined : String(allows) },
    }),

  async handle(input, context) {
    const share = await once({ operation: "UpdateResourceShare", input }, context, async () => {
      const present = await requireOwnShare(input.resourceShareArn, context);
      const { name = present.name, allowExternalPrincipals: allowsExternal = present.allowsExternal } = input;
      if (present.allowsExternal && !allowsExternal) await requireSharing(present, context);
      return putShare({ ...present, name, allowsExternal }, context);
    });
    return { resourceShare: formatShare(share), ...echo(input) };
  },
});

/** A share that is to stay inside the organization. Source: https://github.com/hashicorp/terraform-provider-aws/issues/7769 */
async function requireSharing(share: Share, context: Context): Promise<void> {
  const rows = (await associationsOf(share, context.tx)).filter(isPresent);
  const isOutside = rows.some((row) => row.kind === "PRINCIPAL" && row.isExternal);
  const isEnabled = (await sharingOrganization(share.account, context)) !== undefined;
  if (!isEnabled || isOutside) throw sharingNotEnabled();
}

/** Its name stays in sight for a while. Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-delete.html */
export const deleteResourceShare = operation("DeleteResourceShare", {
  authorize: ({ resourceShareArn }, context) => onShare("DeleteResourceShare", resourceShareArn, context),

  async handle(input, context) {
    await once({ operation: "DeleteResourceShare", input }, context, async () => {
      const share = await requireOwnShare(input.resourceShareArn, context);
      for (const row of (await associationsOf(share, context.tx)).filter(isPresent)) {
        if (row.kind === "PRINCIPAL") await dropInvitation(row, context);
        endAssociation(row, "DISASSOCIATED", context);
      }
      putShare({ ...share, status: "DELETED" }, context);
      context.at(context.now().getTime() + GONE_SHOWN_MS, "forget-share", shareArn(share));
      return {};
    });
    return { returnValue: true, ...echo(input) };
  },
});

/** The job after `DeleteResourceShare`. */
export async function forgetShare({ account, region, tx }: Context, arn: string): Promise<void> {
  tx.delete(shares, account, region, arn.slice(arn.lastIndexOf("/") + 1));
  await tx.clear(associations, { prefix: [arn], limit: ALL_ROWS });
}

export const getResourceShares = operation("GetResourceShares", {
  authorize: () => ask("GetResourceShares"),

  async handle(input, context) {
    const all = input.resourceOwner === "SELF" ? await ownShares(context) : await foreignShares(context);
    const meant = all.filter((share) => isMeant(share, input));
    const { rows, rest } = listOf(meant, input, shareArn);
    return {
      resourceShares: rows.map((share) => ({ ...formatShare(share), featureSet: "STANDARD" as const })),
      ...rest,
    };
  },
});

const ownShares = ({ account, region, tx }: Context): Promise<readonly Share[]> => sharesOf(account, region, tx);

/** Those that have reached this account: not where an invitation waits. Their tags are the owner's to see. */
const foreignShares = async (context: Context): Promise<readonly Share[]> =>
  (await sharesReaching(context, context)).map(({ share }) => ({ ...share, tags: {} }));

function isMeant(share: Share, input: InputOf<RamSdk, "GetResourceShares">): boolean {
  const {
    resourceShareArns,
    resourceShareStatus,
    name,
    tagFilters = [],
    permissionArn: arn,
    permissionVersion,
  } = input;
  return (
    (resourceShareArns === undefined || resourceShareArns.includes(shareArn(share))) &&
    (resourceShareStatus === undefined || share.status === resourceShareStatus) &&
    (name === undefined || share.name === name) &&
    tagFilters.every((filter) => hasTag(share, filter)) &&
    (arn === undefined || hasPermission(share, { arn, version: permissionVersion }))
  );
}

function hasTag({ tags }: Share, { tagKey = "", tagValues = [] }: Validated<TagFilter>): boolean {
  const value = tags[tagKey];
  return value !== undefined && (tagValues.length === 0 || tagValues.includes(value));
}

const hasPermission = (
  { permissions }: Share,
  { arn, version }: { readonly arn: string; readonly version: number | undefined },
): boolean => permissions.some((held) => held.arn === arn && (version === undefined || held.version === version));
