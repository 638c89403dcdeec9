/** Permission sets as rows: the role that each account gets where one is assigned. */
import { formatArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Instance } from "./instance-row.ts";

/** A policy that every account has to have under this name. */
export interface PolicyReference {
  readonly name: string;
  readonly path: string;
}

/** What bounds the role: a policy of AWS's own, by ARN, or one of the account's. */
export type Boundary = { readonly managedArn: string } | { readonly reference: PolicyReference };

export interface PermissionSet {
  readonly instanceId: string;
  /** `ps-1111222233334444`. */
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  /** As it was given, in ISO 8601: `PT8H`. */
  readonly sessionDuration: string;
  readonly sessionSeconds: number;
  readonly relayState?: string | undefined;
  readonly createdAtMs: number;
  readonly tags: Tags;
  /** ARNs of AWS's own policies. */
  readonly managed: readonly string[];
  readonly references: readonly PolicyReference[];
  readonly inlinePolicy?: string | undefined;
  readonly boundary?: Boundary | undefined;
  /** Grows with each change that accounts have to be told of. */
  readonly version: number;
}

export const permissionSets = table<PermissionSet>("sso.permission-set", "global", ({ instanceId, id }) => [
  instanceId,
  id,
]);

export const permissionSetNames = table<Pick<PermissionSet, "instanceId" | "name" | "id">>(
  "sso.permission-set-name",
  "global",
  ({ instanceId, name }) => [instanceId, name],
);

export const permissionSetArn = (
  { partition }: Pick<Instance, "partition">,
  { instanceId, id }: Pick<PermissionSet, "instanceId" | "id">,
): Arn =>
  formatArn({ partition, service: "sso", region: "", account: "", resource: `permissionSet/${instanceId}/${id}` });

export const findPermissionSet = (
  instanceId: string,
  id: string,
  tx: Transaction,
): Promise<PermissionSet | undefined> => tx.get(permissionSets, instanceId, id);

/** A permission set as an account has it: the role, and which version of the set it is like. */
export interface Provision {
  readonly instanceId: string;
  readonly permissionSetId: string;
  readonly account: AccountId;
  readonly roleName: string;
  /** 0 as long as the role is not yet as any version says. */
  readonly version: number;
}

/** The accounts of a permission set. */
export const provisions = table<Provision>("sso.provision", "global", ({ instanceId, permissionSetId, account }) => [
  instanceId,
  permissionSetId,
  account,
]);

/** The permission sets of an account. */
export const provisionsOfAccounts = table<Provision>(
  "sso.provision-of-account",
  "global",
  ({ instanceId, account, permissionSetId }) => [instanceId, account, permissionSetId],
);

export const findProvision = (
  { instanceId, id }: Pick<PermissionSet, "instanceId" | "id">,
  account: AccountId,
  tx: Transaction,
): Promise<Provision | undefined> => tx.get(provisions, instanceId, id, account);

export function putProvision(provision: Provision, tx: Transaction): void {
  tx.put(provisions, provision);
  tx.put(provisionsOfAccounts, provision);
}

export function dropProvision({ instanceId, permissionSetId, account }: Provision, tx: Transaction): void {
  tx.delete(provisions, instanceId, permissionSetId, account);
  tx.delete(provisionsOfAccounts, instanceId, account, permissionSetId);
}

/** Where the roles are. Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
export const rolePath = ({ region }: Pick<Instance, "region">): string =>
  region === "us-east-1" ? "/aws-reserved/sso.amazonaws.com/" : `/aws-reserved/sso.amazonaws.com/${region}/`;

export const roleArn = (
  instance: Pick<Instance, "partition" | "region">,
  { account, roleName }: Pick<Provision, "account" | "roleName">,
): Arn =>
  formatArn({
    partition: instance.partition,
    service: "iam",
    region: "",
    account,
    resource: `role${rolePath(instance)}${roleName}`,
  });
