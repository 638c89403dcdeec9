/** Policies on roots, units and accounts. */
import type { PolicyTargetSummary, TargetType } from "@aws-sdk/client-organizations";
import type { Arn } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accountArn, findAccount } from "../account/row.ts";
import { ask, requireDelegated } from "../caller.ts";
import {
  duplicateAttachment,
  lastAttachment,
  notDetachable,
  policyNotAttached,
  policyTypeNotEnabled,
  targetNotFound,
  tooManyAttachments,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { limitsOf } from "../limits.ts";
import { restamp, type Organization } from "../organization/row.ts";
import { list, listOf } from "../paging.ts";
import {
  attachments,
  attachmentsOfPolicy,
  attachmentsOn,
  dropAttachment,
  formatSummary,
  policiesOn,
  putAttachment,
  RCP_FULL_ACCESS_ID,
  requirePolicy,
  type Attachment,
} from "./row.ts";
import { onPolicy } from "./policy.ts";
import { findUnit, rootArn, unitArn } from "../unit/row.ts";

export const attachPolicy = operation("AttachPolicy", {
  authorize: async ({ PolicyId, TargetId }, context) => [
    await onPolicy("AttachPolicy", PolicyId, context),
    await onTarget("AttachPolicy", TargetId, context),
  ],

  async handle({ PolicyId, TargetId: targetId }, context) {
    const { tx } = context;
    const organization = await requireDelegated("AttachPolicy", context);
    const { id: policyId, type } = await requirePolicy(organization, PolicyId, tx);
    await requireTarget(organization, targetId, tx);
    if (!organization.policyTypes.includes(type)) throw policyTypeNotEnabled();
    const present = await attachmentsOn(organization, { targetId, type }, tx);
    if (present.some((attachment) => attachment.policyId === policyId)) throw duplicateAttachment();
    if (present.length >= limitsOf(type).perTargetMax) throw tooManyAttachments();
    putAttachment({ organizationId: organization.id, targetId, type, policyId }, tx);
    await restamp(organization.id, context);
    return {};
  },
});

export const detachPolicy = operation("DetachPolicy", {
  authorize: async ({ PolicyId, TargetId }, context) => [
    await onPolicy("DetachPolicy", PolicyId, context),
    await onTarget("DetachPolicy", TargetId, context),
  ],

  async handle({ PolicyId, TargetId: targetId }, context) {
    const { tx } = context;
    const organization = await requireDelegated("DetachPolicy", context);
    const { id: policyId, type } = await requirePolicy(organization, PolicyId, tx);
    await requireTarget(organization, targetId, tx);
    const attachment = await tx.get(attachments, organization.id, targetId, type, policyId);
    if (!attachment) throw policyNotAttached();
    if (policyId === RCP_FULL_ACCESS_ID) throw notDetachable();
    await requireNotLast(organization, attachment, tx);
    dropAttachment(attachment, tx);
    await restamp(organization.id, context);
    return {};
  },
});

export const listPoliciesForTarget = operation("ListPoliciesForTarget", {
  authorize: ({ TargetId, Filter }, context) =>
    onTarget("ListPoliciesForTarget", TargetId, context, { "organizations:PolicyType": Filter }),

  async handle({ TargetId: targetId, Filter: type, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListPoliciesForTarget", context);
    await requireTarget(organization, targetId, tx);
    const { rows, rest } = listOf(await policiesOn(organization, { targetId, type }, tx), paging, ({ id }) => id);
    return { Policies: rows.map((policy) => formatSummary(organization, policy)), ...rest };
  },
});

export const listTargetsForPolicy = operation("ListTargetsForPolicy", {
  authorize: ({ PolicyId }, context) => onPolicy("ListTargetsForPolicy", PolicyId, context),

  async handle({ PolicyId, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListTargetsForPolicy", context);
    const { id } = await requirePolicy(organization, PolicyId, tx);
    const { rows, rest } = await list(tx, attachmentsOfPolicy, [organization.id, id], paging);
    const Targets = await Promise.all(rows.map(({ targetId }) => formatTarget(organization, targetId, tx)));
    return { Targets, ...rest };
  },
});

/** @throws {AwsError} `ConstraintViolationException`: everything keeps one SCP at the least. */
async function requireNotLast(
  organization: Organization,
  { targetId, type }: Attachment,
  tx: Transaction,
): Promise<void> {
  if (type !== "SERVICE_CONTROL_POLICY") return;
  const present = await attachmentsOn(organization, { targetId, type }, tx);
  if (present.length <= 1) throw lastAttachment();
}

function onTarget(
  action: "AttachPolicy" | "DetachPolicy" | "ListPoliciesForTarget",
  id: string,
  context: Context,
  keys: Readonly<Record<string, string>> = {},
) {
  return ask(action, context, { on: (organization) => targetArn(organization, id), keys });
}

const TYPES: readonly (readonly [prefix: string, TargetType])[] = [
  ["r-", "ROOT"],
  ["ou-", "ORGANIZATIONAL_UNIT"],
];

const typeOf = (id: string): TargetType => TYPES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? "ACCOUNT";

/** Of a target that need not be there. */
export function targetArn(organization: Organization, id: string): Arn {
  switch (typeOf(id)) {
    case "ROOT":
      return rootArn({ ...organization, rootId: id });
    case "ORGANIZATIONAL_UNIT":
      return unitArn(organization, id);
    case "ACCOUNT":
      return accountArn(organization, id);
  }
}

/** The name of a target; `undefined` where there is none of that id. */
async function nameOf(organization: Organization, id: string, tx: Transaction): Promise<string | undefined> {
  if (id === organization.rootId) return "Root";
  return ((await findUnit(organization, id, tx)) ?? (await findAccount(organization, id, tx)))?.name;
}

export const isTarget = async (organization: Organization, id: string, tx: Transaction): Promise<boolean> =>
  (await nameOf(organization, id, tx)) !== undefined;

/** @throws {AwsError} `TargetNotFoundException` */
async function requireTarget(organization: Organization, id: string, tx: Transaction): Promise<void> {
  if (!(await isTarget(organization, id, tx))) throw targetNotFound();
}

const formatTarget = async (organization: Organization, id: string, tx: Transaction): Promise<PolicyTargetSummary> => ({
  TargetId: id,
  Arn: targetArn(organization, id),
  Name: await nameOf(organization, id, tx),
  Type: typeOf(id),
});
