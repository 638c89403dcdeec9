/** Under which permissions shares have their resources. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceSharePermission.html */
import type { ReplacePermissionAssociationsWork } from "@aws-sdk/client-ram";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { ask, onPermission, onShare } from "./access.ts";
import { echo, once } from "./client-token.ts";
import { notDefaultVersion, notAssociated, shareIsStandard, twoPermissions, typeHasResources } from "./errors.ts";
import { operation } from "./kit.ts";
import { ALL_ROWS } from "./limits.ts";
import { listOf } from "./paging.ts";
import {
  defaultVersionOf,
  formatPermission,
  permissionArn,
  requirePermission,
  type Permission,
} from "./permission-row.ts";
import { resourcesOf } from "./reach.ts";
import { findResourceType } from "./resource-type.ts";
import { putShare, requireOwnShare, shareArn, sharesOf, type Share, type SharePermission } from "./share-row.ts";

export const associateResourceSharePermission = operation("AssociateResourceSharePermission", {
  authorize: async ({ resourceShareArn, permissionArn: arn }, context) => [
    await onShare("AssociateResourceSharePermission", resourceShareArn, context),
    await onPermission("AssociateResourceSharePermission", arn, context),
  ],

  async handle(input, context) {
    await once({ operation: "AssociateResourceSharePermission", input }, context, async () => {
      const share = await requireOwnShare(input.resourceShareArn, context);
      const permission = await requirePermission(input.permissionArn, context);
      const version = input.permissionVersion ?? defaultVersionOf(permission);
      if (version !== defaultVersionOf(permission)) throw notDefaultVersion();
      const { resourceType } = permission;
      const isHeld = share.permissions.some((held) => held.resourceType === resourceType);
      if (isHeld && input.replace !== true) throw twoPermissions(resourceType);
      return putShare(withPermission(share, permission, context), context);
    });
    return { returnValue: true, ...echo(input) };
  },
});

/** The share with the permission in its default version, instead of what it had for that type. */
function withPermission(share: Share, permission: Permission, context: Context): Share {
  const { resourceType } = permission;
  const others = share.permissions.filter((held) => held.resourceType !== resourceType);
  const version = defaultVersionOf(permission);
  const held = { arn: permissionArn(permission), version, resourceType, updatedAtMs: context.now().getTime() };
  return { ...share, permissions: [...others, held] };
}

export const disassociateResourceSharePermission = operation("DisassociateResourceSharePermission", {
  authorize: async ({ resourceShareArn, permissionArn: arn }, context) => [
    await onShare("DisassociateResourceSharePermission", resourceShareArn, context),
    await onPermission("DisassociateResourceSharePermission", arn, context),
  ],

  async handle(input, context) {
    await once({ operation: "DisassociateResourceSharePermission", input }, context, async () => {
      const share = await requireOwnShare(input.resourceShareArn, context);
      const { resourceType } = await requirePermission(input.permissionArn, context);
      const kept = share.permissions.filter((held) => held.arn !== input.permissionArn);
      if (kept.length === share.permissions.length) throw notAssociated(input.permissionArn, shareArn(share));
      const resources = await resourcesOf(share, context);
      if (resources.some((row) => row.resourceType === resourceType)) throw typeHasResources(resourceType);
      return putShare({ ...share, permissions: kept }, context);
    });
    return { returnValue: true, ...echo(input) };
  },
});

export const listResourceSharePermissions = operation("ListResourceSharePermissions", {
  authorize: ({ resourceShareArn }, context) => onShare("ListResourceSharePermissions", resourceShareArn, context),

  async handle({ resourceShareArn, ...paging }, context) {
    const share = await requireOwnShare(resourceShareArn, context);
    const { rows, rest } = listOf(share.permissions, paging, ({ arn }) => arn);
    const permissions = await Promise.all(rows.map((held) => formatHeld(held, context)));
    return { permissions, ...rest };
  },
});

async function formatHeld({ arn, version, updatedAtMs }: SharePermission, context: Context) {
  const permission = await requirePermission(arn, context);
  return { ...formatPermission(permission, version), status: "ASSOCIATED", lastUpdatedTime: new Date(updatedAtMs) };
}

interface Held {
  readonly share: Share;
  readonly held: SharePermission;
}

async function heldPermissions({ account, region, tx }: Context): Promise<readonly Held[]> {
  const active = (await sharesOf(account, region, tx)).filter(({ status }) => status === "ACTIVE");
  return active.flatMap((share) => share.permissions.map((held) => ({ share, held })));
}

export const listPermissionAssociations = operation("ListPermissionAssociations", {
  authorize: ({ permissionArn: arn }, context) =>
    arn === undefined ? ask("ListPermissionAssociations") : onPermission("ListPermissionAssociations", arn, context),

  async handle(input, context) {
    const { permissionArn: arn, permissionVersion, associationStatus = "ASSOCIATED", resourceType, featureSet } = input;
    const type = resourceType === undefined ? undefined : findResourceType(resourceType)?.name;
    const rows = await Promise.all((await heldPermissions(context)).map((one) => withDefault(one, context)));
    const meant = rows.filter(
      ({ held, isDefault }) =>
        (arn === undefined || held.arn === arn) &&
        (permissionVersion === undefined || held.version === permissionVersion) &&
        (resourceType === undefined || held.resourceType === type) &&
        (input.defaultVersion !== true || isDefault) &&
        associationStatus === "ASSOCIATED" &&
        (featureSet === undefined || featureSet === "STANDARD"),
    );
    const { rows: given, rest } = listOf(meant, input, ({ held, share }) => `${held.arn} ${shareArn(share)}`);
    return { permissions: given.map(formatHolding), ...rest };
  },
});

async function withDefault({ share, held }: Held, context: Context) {
  const permission = await requirePermission(held.arn, context);
  return { share, held, isDefault: defaultVersionOf(permission) === held.version };
}

const formatHolding = ({ share, held, isDefault }: Held & { readonly isDefault: boolean }) => ({
  arn: held.arn,
  permissionVersion: String(held.version),
  defaultVersion: isDefault,
  resourceType: held.resourceType,
  status: "ASSOCIATED",
  featureSet: "STANDARD" as const,
  lastUpdatedTime: new Date(held.updatedAtMs),
  resourceShareArn: shareArn(share),
});

/** A replacement across shares, as a row. */
interface Work {
  readonly id: string;
  readonly from: string;
  readonly fromVersion: number | undefined;
  readonly to: string;
  readonly toVersion: number;
  readonly createdAtMs: number;
}

const works = table<Work>("ram.replacement", "region", ({ id }) => [id]);

/** It is done at once; AWS answers that it is under way. */
export const replacePermissionAssociations = operation("ReplacePermissionAssociations", {
  authorize: async ({ fromPermissionArn, toPermissionArn }, context) => [
    await onPermission("ReplacePermissionAssociations", fromPermissionArn, context),
    await onPermission("ReplacePermissionAssociations", toPermissionArn, context),
  ],

  async handle(input, context) {
    const work = await once({ operation: "ReplacePermissionAssociations", input }, context, async () => {
      const from = await requirePermission(input.fromPermissionArn, context);
      const to = await requirePermission(input.toPermissionArn, context);
      if (from.resourceType !== to.resourceType) throw twoPermissions(from.resourceType);
      for (const { share, held } of await heldPermissions(context)) {
        const isMeant =
          held.arn === permissionArn(from) &&
          (input.fromPermissionVersion === undefined || held.version === input.fromPermissionVersion);
        if (isMeant) putShare(withPermission(share, to, context), context);
      }
      const made: Work = {
        id: context.newId(),
        from: permissionArn(from),
        fromVersion: input.fromPermissionVersion,
        to: permissionArn(to),
        toVersion: defaultVersionOf(to),
        createdAtMs: context.now().getTime(),
      };
      context.tx.put(works, made);
      return made;
    });
    return {
      replacePermissionAssociationsWork: { ...formatWork(work), status: "IN_PROGRESS" as const },
      ...echo(input),
    };
  },
});

export const listReplacePermissionAssociationsWork = operation("ListReplacePermissionAssociationsWork", {
  authorize: () => ask("ListReplacePermissionAssociationsWork"),

  async handle({ workIds, status = "COMPLETED", ...paging }, { tx }) {
    const all = status === "COMPLETED" ? await tx.scan(works, { limit: ALL_ROWS }) : [];
    const meant = all.filter(({ id }) => workIds === undefined || workIds.includes(id));
    const { rows, rest } = listOf(meant, paging, ({ id }) => id);
    return { replacePermissionAssociationsWorks: rows.map(formatWork), ...rest };
  },
});

const formatWork = (work: Work): ReplacePermissionAssociationsWork => ({
  id: work.id,
  fromPermissionArn: work.from,
  ...(work.fromVersion !== undefined && { fromPermissionVersion: String(work.fromVersion) }),
  toPermissionArn: work.to,
  toPermissionVersion: String(work.toVersion),
  status: "COMPLETED",
  creationTime: new Date(work.createdAtMs),
  lastUpdatedTime: new Date(work.createdAtMs),
});

/** Nothing here is shared by a resource's own policy: no service that is built has resources with one that RAM shares. */
export const promoteResourceShareCreatedFromPolicy = operation("PromoteResourceShareCreatedFromPolicy", {
  authorize: ({ resourceShareArn }, context) =>
    onShare("PromoteResourceShareCreatedFromPolicy", resourceShareArn, context),

  async handle({ resourceShareArn }, context) {
    await requireOwnShare(resourceShareArn, context);
    throw shareIsStandard(resourceShareArn);
  },
});
