/** Permissions of customers, and those of AWS beside them. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_CreatePermission.html */
import type { ResourceSharePermissionDetail } from "@aws-sdk/client-ram";
import type { Context } from "../../service/context.ts";
import { ask, onPermission } from "./access.ts";
import { AWS_PERMISSIONS } from "./aws-permission.ts";
import { echo, once } from "./client-token.ts";
import {
  customerPermissionsUnsupported,
  defaultVersionStays,
  invalidResourceType,
  permissionExists,
  permissionInUse,
  permissionIsStandard,
  tooManyPermissions,
  tooManyVersions,
  unknownPermissionVersion,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { ALL_ROWS, PERMISSIONS_PER_TYPE_MAX, PERMISSION_VERSIONS_MAX } from "./limits.ts";
import { listOf } from "./paging.ts";
import {
  customerPermissions,
  customerPermissionsOf,
  defaultVersionOf,
  formatPermission,
  permissionArn,
  requireCustomerPermission,
  requirePermission,
  templateOf,
  type CustomerPermission,
  type Permission,
} from "./permission-row.ts";
import { parseTemplate } from "./policy-template.ts";
import { findResourceType, type ResourceType } from "./resource-type.ts";
import { sharesOf } from "./share-row.ts";
import { requestTags, withTags } from "./tag-list.ts";
import { placeOf } from "./kit.ts";

export const createPermission = operation("CreatePermission", {
  authorize: ({ resourceType, tags }) =>
    ask("CreatePermission", { requestTags: requestTags(tags), keys: { "ram:PermissionResourceType": resourceType } }),

  async handle(input, context) {
    const permission = await once({ operation: "CreatePermission", input }, context, async () => {
      const type = requireCustomisable(input.resourceType);
      await requireRoom(input.name, type, context);
      const nowMs = context.now().getTime();
      const template = parseTemplate(input.policyTemplate, type);
      return put(
        {
          kind: "customer",
          ...placeOf(context),
          name: input.name,
          resourceType: type.name,
          defaultVersion: 1,
          versions: [{ version: 1, template, createdAtMs: nowMs }],
          tags: withTags({}, input.tags),
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
        },
        context,
      );
    });
    return { permission: formatPermission(permission), ...echo(input) };
  },
});

/** The new version is the default one. */
export const createPermissionVersion = operation("CreatePermissionVersion", {
  authorize: ({ permissionArn: arn }, context) => onPermission("CreatePermissionVersion", arn, context),

  async handle(input, context) {
    const permission = await once({ operation: "CreatePermissionVersion", input }, context, async () => {
      const present = await requireCustomerPermission(input.permissionArn, context);
      if (present.versions.length >= PERMISSION_VERSIONS_MAX) throw tooManyVersions();
      const template = parseTemplate(input.policyTemplate, requireCustomisable(present.resourceType));
      const version = 1 + Math.max(...present.versions.map((known) => known.version));
      const versions = [...present.versions, { version, template, createdAtMs: context.now().getTime() }];
      return put({ ...present, versions, defaultVersion: version }, context);
    });
    return { permission: detailOf(permission), ...echo(input) };
  },
});

export const setDefaultPermissionVersion = operation("SetDefaultPermissionVersion", {
  authorize: ({ permissionArn: arn }, context) => onPermission("SetDefaultPermissionVersion", arn, context),

  async handle(input, context) {
    await once({ operation: "SetDefaultPermissionVersion", input }, context, async () => {
      const present = await requireCustomerPermission(input.permissionArn, context);
      const { permissionVersion: defaultVersion } = input;
      templateOf(present, defaultVersion);
      return put({ ...present, defaultVersion }, context);
    });
    return { returnValue: true, ...echo(input) };
  },
});

export const deletePermissionVersion = operation("DeletePermissionVersion", {
  authorize: ({ permissionArn: arn }, context) => onPermission("DeletePermissionVersion", arn, context),

  async handle(input, context) {
    await once({ operation: "DeletePermissionVersion", input }, context, async () => {
      const { permissionArn: arn, permissionVersion: version } = input;
      const present = await requireCustomerPermission(arn, context);
      const kept = present.versions.filter((known) => known.version !== version);
      if (kept.length === present.versions.length) throw unknownPermissionVersion(arn, version);
      if (version === present.defaultVersion) throw defaultVersionStays();
      await requireUnused(present, context, version);
      return put({ ...present, versions: kept }, context);
    });
    return { returnValue: true, permissionStatus: "DELETED" as const, ...echo(input) };
  },
});

export const deletePermission = operation("DeletePermission", {
  authorize: ({ permissionArn: arn }, context) => onPermission("DeletePermission", arn, context),

  async handle(input, context) {
    await once({ operation: "DeletePermission", input }, context, async () => {
      const present = await requireCustomerPermission(input.permissionArn, context);
      await requireUnused(present, context);
      context.tx.delete(customerPermissions, present.account, present.region, present.name);
      return {};
    });
    return { returnValue: true, permissionStatus: "DELETED" as const, ...echo(input) };
  },
});

export const getPermission = operation("GetPermission", {
  authorize: ({ permissionArn: arn }, context) => onPermission("GetPermission", arn, context),

  async handle({ permissionArn: arn, permissionVersion }, context) {
    const permission = await requirePermission(arn, context);
    return { permission: detailOf(permission, permissionVersion) };
  },
});

/** As the documentation and the refusal of other types name them, and as the model does. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_ListPermissions.html */
const OF_AWS: ReadonlySet<string> = new Set(["AWS", "AWS_MANAGED"]);
const OF_CUSTOMERS: ReadonlySet<string> = new Set(["LOCAL", "CUSTOMER_MANAGED"]);

export const listPermissions = operation("ListPermissions", {
  authorize: () => ask("ListPermissions"),

  async handle({ resourceType: asked, permissionType = "ALL", ...paging }, context) {
    const type = asked === undefined ? undefined : findResourceType(asked);
    if (asked !== undefined && type === undefined) throw invalidResourceType(asked);
    const { partition } = context;
    const all: Permission[] = [];
    if (!OF_CUSTOMERS.has(permissionType)) {
      all.push(...AWS_PERMISSIONS.map((known) => ({ kind: "aws", partition, ...known }) as const));
    }
    if (!OF_AWS.has(permissionType)) all.push(...(await customerPermissionsOf(context, ALL_ROWS, context.tx)));
    const meant = all.filter(({ resourceType }) => type === undefined || resourceType === type.name);
    const { rows, rest } = listOf(meant, paging, permissionArn);
    return { permissions: rows.map((permission) => formatPermission(permission)), ...rest };
  },
});

export const listPermissionVersions = operation("ListPermissionVersions", {
  authorize: () => ask("ListPermissionVersions"),

  async handle({ permissionArn: arn, ...paging }, context) {
    const permission = await requirePermission(arn, context);
    const versions =
      permission.kind === "aws" ? [permission.version] : permission.versions.map(({ version }) => version);
    const { rows, rest } = listOf(versions, paging, (version) => String(version).padStart(6, "0"));
    return { permissions: rows.map((version) => formatPermission(permission, version)), ...rest };
  },
});

/** Nothing here is made from a resource's own policy: no service that is built has resources with one that RAM shares. */
export const promotePermissionCreatedFromPolicy = operation("PromotePermissionCreatedFromPolicy", {
  authorize: ({ permissionArn: arn }, context) => onPermission("PromotePermissionCreatedFromPolicy", arn, context),

  async handle({ permissionArn: arn }, context) {
    await requirePermission(arn, context);
    throw permissionIsStandard(arn);
  },
});

/** @throws {AwsError} `InvalidParameterException` */
function requireCustomisable(name: string): ResourceType {
  const type = findResourceType(name);
  if (type === undefined) throw invalidResourceType(name);
  if (!type.traits.includes("customer-permissions")) throw customerPermissionsUnsupported(type.name);
  return type;
}

async function requireRoom(name: string, type: ResourceType, context: Context): Promise<void> {
  const present = await customerPermissionsOf(context, ALL_ROWS, context.tx);
  if (present.some((permission) => permission.name === name)) throw permissionExists(name);
  const like = present.filter(({ resourceType }) => resourceType === type.name);
  if (like.length >= PERMISSIONS_PER_TYPE_MAX) throw tooManyPermissions(type.name);
}

async function requireUnused(
  permission: CustomerPermission,
  { account, region, tx }: Context,
  version?: number,
): Promise<void> {
  const arn = permissionArn(permission);
  const held = (await sharesOf(account, region, tx))
    .filter(({ status }) => status === "ACTIVE")
    .flatMap(({ permissions }) => permissions);
  if (held.some((one) => one.arn === arn && (version === undefined || one.version === version))) {
    throw permissionInUse(arn);
  }
}

function put(permission: CustomerPermission, context: Context): CustomerPermission {
  const changed = { ...permission, updatedAtMs: context.now().getTime() };
  context.tx.put(customerPermissions, changed);
  return changed;
}

const detailOf = (permission: Permission, version = defaultVersionOf(permission)): ResourceSharePermissionDetail => ({
  ...formatPermission(permission, version),
  status: "ATTACHABLE",
  permission: JSON.stringify(templateOf(permission, version)),
});
