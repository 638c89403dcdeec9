/**
 * Which accounts have which permission sets, and whether as they are now.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html
 */
import type { ProvisioningStatus } from "@aws-sdk/client-sso-admin";
import type { Transaction } from "../../../kernel/table.ts";
import {
  ask,
  accountArn,
  askInstance,
  askPermissionSet,
  requireOwnPermissionSet,
  requirePermissionSet,
  requireTarget,
  requireWithPermissionSets,
} from "./access.ts";
import {
  findPermissionSet,
  permissionSetArn,
  provisions,
  provisionsOfAccounts,
  type Provision,
} from "../permission-set-row.ts";
import { accountGiven } from "./account-assignment.ts";
import { targetMissing, targetUnexpected } from "./errors.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";
import { begin, formatProvisioning } from "./request.ts";

/**
 * One account may have the permission set before anybody there has it.
 * Source: https://github.com/hashicorp/terraform-provider-aws/issues/32006 (a role without an assignment)
 */
export const provisionPermissionSet = operation("ProvisionPermissionSet", {
  authorize: (input, context) => askPermissionSet("ProvisionPermissionSet", input, context, input.TargetId),

  async handle(input, context) {
    const { instance, permissionSet } = await requireOwnPermissionSet(input, context);
    const { instanceId, id: permissionSetId } = permissionSet;
    const { TargetType: type, TargetId: id, PermissionSetArn } = input;
    if (type === "ALL_PROVISIONED_ACCOUNTS" && id !== undefined) throw targetUnexpected();
    if (type === "AWS_ACCOUNT" && id === undefined) throw targetMissing();
    const account = id === undefined ? undefined : accountGiven(id);
    if (account !== undefined) requireTarget(account, instance, context);
    const request = await begin(
      { instanceId, permissionSetId, permissionSetArn: PermissionSetArn, kind: "provisioning", account },
      context,
    );
    return { PermissionSetProvisioningStatus: formatProvisioning(request) };
  },
});

export const listAccountsForProvisionedPermissionSet = operation("ListAccountsForProvisionedPermissionSet", {
  authorize: (input, context) => askPermissionSet("ListAccountsForProvisionedPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requirePermissionSet(input, context);
    const prefix = [permissionSet.instanceId, permissionSet.id];
    const found = await context.tx.scan(provisions, { prefix, limit: ROWS_MAX });
    const fit = found.filter(fits(input.ProvisioningStatus, () => permissionSet.version));
    const { rows, rest } = listOf(fit, input, ({ account }) => account);
    return { AccountIds: rows.map(({ account }) => account), ...rest };
  },
});

export const listPermissionSetsProvisionedToAccount = operation("ListPermissionSetsProvisionedToAccount", {
  authorize: (input, { partition }) => [
    ...askInstance("ListPermissionSetsProvisionedToAccount", input),
    ...ask("ListPermissionSetsProvisionedToAccount", [accountArn(partition, input.AccountId)]),
  ],

  async handle(input, context) {
    const { tx } = context;
    const instance = await requireWithPermissionSets(input, context);
    const found = await tx.scan(provisionsOfAccounts, { prefix: [instance.id, input.AccountId], limit: ROWS_MAX });
    const versions = await versionsOf(found, tx);
    const fit = found.filter(fits(input.ProvisioningStatus, ({ permissionSetId }) => versions.get(permissionSetId)));
    const { rows, rest } = listOf(fit, input, ({ permissionSetId }) => permissionSetId);
    const PermissionSets = rows.map(({ instanceId, permissionSetId: id }) =>
      permissionSetArn(instance, { instanceId, id }),
    );
    return { PermissionSets, ...rest };
  },
});

/** More than an organization has accounts, or an account permission sets. */
const ROWS_MAX = 10_000;

const fits =
  (status: ProvisioningStatus | undefined, latestOf: (role: Provision) => number | undefined) =>
  (role: Provision): boolean =>
    status === undefined || (status === "LATEST_PERMISSION_SET_PROVISIONED") === (role.version === latestOf(role));

async function versionsOf(roles: readonly Provision[], tx: Transaction): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (const { instanceId, permissionSetId } of roles) {
    const permissionSet = await findPermissionSet(instanceId, permissionSetId, tx);
    if (permissionSet) versions.set(permissionSetId, permissionSet.version);
  }
  return versions;
}
