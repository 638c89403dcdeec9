/**
 * Who may call what: the management account everything; member accounts what every account may, and
 * as delegates what services or the organization's resource policy let them.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
 */
import type { Arn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { isDelegate } from "./delegation/row.ts";
import { accessDenied, notInUse } from "./errors.ts";
import type { OrganizationsAction } from "./kit.ts";
import { isManagement, organizationOf, type Organization } from "./organization/row.ts";
import { resourcePolicies } from "./policy/resource-policy-row.ts";

type More = Omit<Access, "action" | "resource"> & { readonly on?: (organization: Organization) => Arn };

/** What a resource policy can give besides reading. Source: same page, "Supported actions" */
const DELEGABLE_WRITES: readonly OrganizationsAction[] = [
  "AttachPolicy",
  "CreatePolicy",
  "DeletePolicy",
  "DetachPolicy",
  "DisablePolicyType",
  "EnablePolicyType",
  "TagResource",
  "UntagResource",
  "UpdatePolicy",
];

/** The question about something that is the organization's, and so the management account's. */
export async function ask(action: OrganizationsAction, context: Context, more: More = {}): Promise<Access> {
  const { on, ...rest } = more;
  const organization = await organizationOf(context.account, context.tx);
  const resource = organization && on ? on(organization) : "*";
  const access: Access = { ...rest, action: `organizations:${action}`, resource };
  const standing = organization && (await standingFor(action, organization, context));
  if (!organization || standing?.kind !== "by-policy") return access;
  const resourcePolicy = { name: `resource policy of ${organization.id}`, document: standing.document };
  return { ...access, owner: organization.managementAccount, resourcePolicy };
}

/**
 * The same about something new: with tags it needs the right to tag as well.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html
 */
export async function askNew(action: OrganizationsAction, context: Context, more: More): Promise<readonly Access[]> {
  const creation = await ask(action, context, more);
  const { requestTags: tags = {} } = more;
  if (Object.keys(tags).length === 0) return [creation];
  return [creation, await ask("TagResource", context, { requestTags: tags })];
}

/** The question about what every account may do for itself: no resource policy has a say. */
export async function askOwn(action: OrganizationsAction, context: Context, more: More = {}): Promise<Access> {
  const { on, ...rest } = more;
  const organization = await organizationOf(context.account, context.tx);
  return { ...rest, action: `organizations:${action}`, resource: organization && on ? on(organization) : "*" };
}

type Standing =
  | { readonly kind: "management" | "delegate" | "none" }
  /** The resource policy's say was asked for by `ask`. */
  | { readonly kind: "by-policy"; readonly document: string };

async function standingFor(
  action: OrganizationsAction,
  organization: Organization,
  context: Context,
): Promise<Standing> {
  const { account, tx } = context;
  if (isManagement(organization, context)) return { kind: "management" };
  const reads = /^(Describe|List)/.test(action);
  if (reads && (await isDelegate(organization, account, tx))) return { kind: "delegate" };
  if (!reads && !DELEGABLE_WRITES.includes(action)) return { kind: "none" };
  const policy = await tx.get(resourcePolicies, organization.id);
  return policy ? { kind: "by-policy", document: policy.content } : { kind: "none" };
}

/** @throws {AwsError} `AWSOrganizationsNotInUseException` */
export async function requireOrganization({ account, tx }: Pick<Context, "account" | "tx">): Promise<Organization> {
  const organization = await organizationOf(account, tx);
  if (!organization) throw notInUse();
  return organization;
}

/** @throws {AwsError} `AWSOrganizationsNotInUseException`; `AccessDeniedException` in a member account */
export async function requireManagement(context: Context): Promise<Organization> {
  const organization = await requireOrganization(context);
  if (!isManagement(organization, context)) throw accessDenied();
  return organization;
}

/**
 * For what may be delegated, after `ask`.
 *
 * @throws {AwsError} `AWSOrganizationsNotInUseException`; `AccessDeniedException` where nothing is delegated
 */
export async function requireDelegated(action: OrganizationsAction, context: Context): Promise<Organization> {
  const organization = await requireOrganization(context);
  const { kind } = await standingFor(action, organization, context);
  if (kind === "none") throw accessDenied();
  return organization;
}
