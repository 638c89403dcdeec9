/**
 * Who may administer an instance: the account that has it and, for an organization's, the delegated administrator.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
 */
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { findInstance, instanceArn, standingOf, type Instance } from "../instance-row.ts";
import { findPermissionSet, provisions, type PermissionSet } from "../permission-set-row.ts";
import {
  accessDenied,
  instanceNotFound,
  notAnArn,
  notOnThisInstance,
  permissionSetNotFound,
  wrongInstance,
} from "./errors.ts";
import type { SsoAdminAction } from "./kit.ts";

type More = Omit<Access, "action" | "resource">;

/** The questions about each of the resources that a call names. */
export const ask = (action: SsoAdminAction, resources: readonly Arn[], more: More = {}): readonly Access[] =>
  resources.map((resource) => ({ ...more, action: `sso:${action}`, resource }));

interface InInstance {
  readonly InstanceArn: string;
}

interface OnPermissionSet extends InInstance {
  readonly PermissionSetArn: string;
}

export const askInstance = (action: SsoAdminAction, { InstanceArn }: InInstance, more?: More): readonly Access[] =>
  ask(action, [arnGiven(InstanceArn)], more);

/** The questions about a permission set and its instance, and the account it is for where there is one. */
export async function askPermissionSet(
  action: SsoAdminAction,
  { InstanceArn, PermissionSetArn }: OnPermissionSet,
  { partition, tx }: Context,
  account?: string,
): Promise<readonly Access[]> {
  const [instanceId = "", id = ""] = partsOf(PermissionSetArn);
  const permissionSet = await findPermissionSet(instanceId, id, tx);
  return [
    ...ask(action, [arnGiven(InstanceArn)]),
    ...ask(action, [arnGiven(PermissionSetArn)], { resourceTags: permissionSet?.tags }),
    ...(account === undefined ? [] : ask(action, [accountArn(partition, account)])),
  ];
}

export const accountArn = (partition: string, account: string): Arn =>
  formatArn({ partition, service: "sso", region: "", account: "", resource: `account/${account}` });

/** An ARN that the model has checked, as far as it could. @throws {AwsError} `ValidationException` */
export function arnGiven(text: string): Arn {
  const parts = parseArn(text);
  if (parts === undefined) throw notAnArn();
  return formatArn(parts);
}

/** What follows the kind in the ARN of something of IAM Identity Center: the instance's id, and its own. */
export const partsOf = (arn: string): readonly string[] => arn.slice(arn.indexOf("/") + 1).split("/");

/**
 * The instance, for those who may administer it.
 * @throws {AwsError} `ResourceNotFoundException`; `AccessDeniedException` for a member account
 */
export async function requireInstance({ InstanceArn }: InInstance, context: Context): Promise<Instance> {
  const instance = await requireSeen({ InstanceArn }, context);
  if ((await standingOf(instance, context)) === "member") throw accessDenied();
  return instance;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSeen({ InstanceArn }: InInstance, context: Context): Promise<Instance> {
  const [id = ""] = partsOf(InstanceArn);
  const instance = await findInstance(id, context.tx);
  if (!instance || instanceArn(instance) !== InstanceArn || (await standingOf(instance, context)) === "none") {
    throw instanceNotFound(id);
  }
  return instance;
}

/**
 * An instance that gives access to accounts.
 * @throws {AwsError} `ResourceNotFoundException`, `AccessDeniedException`, `ValidationException`
 */
export async function requireWithPermissionSets(input: InInstance, context: Context): Promise<Instance> {
  const instance = await requireInstance(input, context);
  if (!instance.permissionSets) throw notOnThisInstance();
  return instance;
}

/** @throws {AwsError} `ResourceNotFoundException`, `AccessDeniedException`, `ValidationException` */
export async function requirePermissionSet(
  input: OnPermissionSet,
  context: Context,
): Promise<{ readonly instance: Instance; readonly permissionSet: PermissionSet }> {
  const instance = await requireWithPermissionSets(input, context);
  const [instanceId = "", id = ""] = partsOf(input.PermissionSetArn);
  const permissionSet = await findPermissionSet(instanceId, id, context.tx);
  if (!permissionSet) throw permissionSetNotFound(id);
  if (instanceId !== instance.id) throw wrongInstance();
  return { instance, permissionSet };
}

/** A permission set that the caller may change: the management account keeps those it has itself from its delegate. */
export async function requireOwnPermissionSet(input: OnPermissionSet, context: Context) {
  const found = await requirePermissionSet(input, context);
  const { instance, permissionSet } = found;
  const isDelegate = context.account !== instance.account;
  const inManagement = await context.tx.get(provisions, instance.id, permissionSet.id, instance.account);
  if (isDelegate && inManagement) throw accessDenied();
  return found;
}

/** @throws {AwsError} `AccessDeniedException` where a delegate means the management account */
export function requireTarget(account: string, instance: Instance, context: Context): void {
  if (account === instance.account && context.account !== instance.account) throw accessDenied();
}
