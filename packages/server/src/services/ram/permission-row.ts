/** Managed permissions, AWS's own and those of customers. */
import type { ResourceSharePermissionSummary } from "@aws-sdk/client-ram";
import { formatArn, parseArn, type Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { AWS_PERMISSIONS, type AwsPermission } from "./aws-permission.ts";
import {
  actionsUnknown,
  awsPermissionStays,
  malformedPermissionArn,
  unknownPermission,
  unknownPermissionVersion,
} from "./errors.ts";
import { arn, type RamPlace } from "./kit.ts";
import type { PolicyTemplate } from "./policy-template.ts";
import { formatTags } from "./tag-list.ts";

export interface PermissionVersion {
  readonly version: number;
  readonly template: PolicyTemplate;
  readonly createdAtMs: number;
}

export interface CustomerPermission extends RamPlace {
  readonly kind: "customer";
  readonly name: string;
  readonly resourceType: string;
  readonly defaultVersion: number;
  /** In the order they were made. */
  readonly versions: readonly PermissionVersion[];
  readonly tags: Tags;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type Permission = CustomerPermission | ({ readonly kind: "aws"; readonly partition: string } & AwsPermission);

export const customerPermissions = table<CustomerPermission>("ram.permission", "global", (row) => [
  row.account,
  row.region,
  row.name,
]);

export const permissionArn = (permission: Permission): Arn =>
  permission.kind === "customer"
    ? arn(permission, `permission/${permission.name}`)
    : formatArn({
        ...permission,
        service: "ram",
        region: "",
        account: "aws",
        resource: `permission/${permission.name}`,
      });

type Place = Pick<Context, "tx" | "partition">;

/** @throws {AwsError} `MalformedArnException` */
export async function findPermission(text: string, { tx, partition }: Place): Promise<Permission | undefined> {
  const parts = parseArn(text);
  const name = /^permission\/([^/]+)$/.exec(parts?.resource ?? "")?.[1];
  if (parts?.service !== "ram" || name === undefined) throw malformedPermissionArn(text);
  if (parts.account !== "aws") return tx.get(customerPermissions, parts.account, parts.region, name);
  const found = AWS_PERMISSIONS.find((known) => known.name === name);
  return found && { kind: "aws", partition, ...found };
}

/** @throws {AwsError} likewise; `UnknownResourceException`, for those of other accounts and regions too */
export async function requirePermission(text: string, context: Context): Promise<Permission> {
  const permission = await findPermission(text, context);
  const isOurs =
    permission?.kind === "aws" || (permission?.account === context.account && permission.region === context.region);
  if (permission === undefined || !isOurs) throw unknownPermission(text);
  return permission;
}

/** @throws {AwsError} likewise; `OperationNotPermittedException` for those of AWS */
export async function requireCustomerPermission(text: string, context: Context): Promise<CustomerPermission> {
  const permission = await requirePermission(text, context);
  if (permission.kind === "aws") throw awsPermissionStays(text);
  return permission;
}

export const defaultVersionOf = (permission: Permission): number =>
  permission.kind === "aws" ? permission.version : permission.defaultVersion;

/** @throws {AwsError} `UnknownResourceException` where there is no such version */
export function templateOf(permission: Permission, version: number): PolicyTemplate {
  if (permission.kind === "customer") {
    const found = permission.versions.find((known) => known.version === version);
    if (found === undefined) throw unknownPermissionVersion(permissionArn(permission), version);
    return found.template;
  }
  if (permission.version !== version) throw unknownPermissionVersion(permissionArn(permission), version);
  if (permission.actions === undefined) throw actionsUnknown(permission.name);
  return { Effect: "Allow", Action: permission.actions };
}

/** AWS's own for resources of a type, which a share has where no other is named. */
export function defaultPermissionOf(resourceType: string, partition: string): Permission | undefined {
  const found = AWS_PERMISSIONS.find((known) => known.isDefaultOfType && known.resourceType === resourceType);
  return found && { kind: "aws", partition, ...found };
}

export const customerPermissionsOf = (
  { account, region }: Pick<Context, "account" | "region">,
  limit: number,
  tx: Transaction,
): Promise<CustomerPermission[]> => tx.scan(customerPermissions, { prefix: [account, region], limit });

/** One version of it as lists show it. */
export function formatPermission(
  permission: Permission,
  version = defaultVersionOf(permission),
): ResourceSharePermissionSummary {
  const { createdAtMs, updatedAtMs } = timesOf(permission, version);
  return {
    arn: permissionArn(permission),
    version: String(version),
    defaultVersion: version === defaultVersionOf(permission),
    name: permission.name,
    resourceType: permission.resourceType,
    status: "ATTACHABLE",
    creationTime: new Date(createdAtMs),
    lastUpdatedTime: new Date(updatedAtMs),
    isResourceTypeDefault: permission.kind === "aws" && permission.isDefaultOfType,
    permissionType: permission.kind === "aws" ? "AWS_MANAGED" : "CUSTOMER_MANAGED",
    featureSet: "STANDARD",
    ...(permission.kind === "customer" && { tags: formatTags(permission.tags) }),
  };
}

function timesOf(permission: Permission, version: number) {
  if (permission.kind === "aws") return { createdAtMs: permission.createdAtMs, updatedAtMs: permission.createdAtMs };
  const made = permission.versions.find((known) => known.version === version)?.createdAtMs;
  return { createdAtMs: made ?? permission.createdAtMs, updatedAtMs: permission.updatedAtMs };
}
