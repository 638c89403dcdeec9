/** The root of an organization, and which types of policies are enabled in it. */
import type { PolicyType, Root } from "@aws-sdk/client-organizations";
import type { Context } from "../../../service/context.ts";
import { accounts } from "../account/row.ts";
import { ask, requireDelegated } from "../caller.ts";
import {
  policyTypeAlreadyEnabled,
  policyTypeNotAvailable,
  policyTypeNotEnabled,
  rootNotFound,
  typeNeedsAccess,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { listOf } from "../paging.ts";
import { restamp, type Organization } from "./row.ts";
import { attachAwsPolicies, attachmentsOn, dropAttachment } from "../policy/row.ts";
import { hasAccess, serviceOfType } from "../delegation/service-access-row.ts";
import { rootArn, units } from "../unit/row.ts";

export const listRoots = operation("ListRoots", {
  authorize: (_, context) => ask("ListRoots", context),

  async handle(paging, context) {
    const organization = await requireDelegated("ListRoots", context);
    const { rows, rest } = listOf([organization], paging, ({ rootId }) => rootId);
    return { Roots: rows.map(formatRoot), ...rest };
  },
});

const typeKeys = (type: PolicyType) => ({ "organizations:PolicyType": type });

async function onRoot(action: "EnablePolicyType" | "DisablePolicyType", type: PolicyType, context: Context) {
  return ask(action, context, { on: rootArn, keys: typeKeys(type) });
}

export const enablePolicyType = operation("EnablePolicyType", {
  authorize: ({ PolicyType: type }, context) => onRoot("EnablePolicyType", type, context),

  async handle({ RootId, PolicyType: type }, context) {
    const organization = await requireDelegated("EnablePolicyType", context);
    if (RootId !== organization.rootId) throw rootNotFound();
    if (organization.featureSet !== "ALL") throw policyTypeNotAvailable();
    if (organization.policyTypes.includes(type)) throw policyTypeAlreadyEnabled();
    const service = serviceOfType(type);
    if (service !== undefined && !(await hasAccess(organization, service, context.tx))) throw typeNeedsAccess();
    const policyTypes = [...organization.policyTypes, type];
    await restamp(organization.id, context, { policyTypes });
    const only = { ...organization, policyTypes: [type] };
    for (const target of await targetIds(organization, context)) attachAwsPolicies(only, target, context.tx);
    return { Root: formatRoot({ ...organization, policyTypes }) };
  },
});

/** All policies of the type are taken off. Source: https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html */
export const disablePolicyType = operation("DisablePolicyType", {
  authorize: ({ PolicyType: type }, context) => onRoot("DisablePolicyType", type, context),

  async handle({ RootId, PolicyType: type }, context) {
    const { tx } = context;
    const organization = await requireDelegated("DisablePolicyType", context);
    if (RootId !== organization.rootId) throw rootNotFound();
    if (!organization.policyTypes.includes(type)) throw policyTypeNotEnabled();
    const policyTypes = organization.policyTypes.filter((one) => one !== type);
    await restamp(organization.id, context, { policyTypes });
    for (const targetId of await targetIds(organization, context)) {
      for (const attachment of await attachmentsOn(organization, { targetId, type }, tx))
        dropAttachment(attachment, tx);
    }
    return { Root: formatRoot({ ...organization, policyTypes }) };
  },
});

const TARGETS_AT_ONCE = 100_000;

/** Everything that policies can be attached to. */
async function targetIds({ id, rootId }: Organization, { tx }: Context): Promise<readonly string[]> {
  const below = { prefix: [id], limit: TARGETS_AT_ONCE };
  const [inTree, members] = [await tx.scan(units, below), await tx.scan(accounts, below)];
  return [rootId, ...inTree.map((unit) => unit.id), ...members.map((account) => account.id)];
}

const formatRoot = (organization: Organization): Root => ({
  Id: organization.rootId,
  Arn: rootArn(organization),
  Name: "Root",
  PolicyTypes: organization.policyTypes.map((Type) => ({ Type, Status: "ENABLED" })),
});
