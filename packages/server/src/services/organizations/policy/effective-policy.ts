/**
 * What the management policies on an account's path come to.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
 */
import type { Context } from "../../../service/context.ts";
import { accountArn, requireAccount, findAccount } from "../account/row.ts";
import { isTarget } from "./attachment.ts";
import { ask, askOwn, requireDelegated, requireOrganization } from "../caller.ts";
import { levelsOf } from "./effective-levels.ts";
import { mergeLevels } from "./effective-tree.ts";
import { effectivePolicyNotFound, targetNotFound, targetNotSupported } from "../errors.ts";
import { operation } from "../kit.ts";
import type { Organization } from "../organization/row.ts";
import { pathOf, unitsDownTo } from "../unit/row.ts";

export const describeEffectivePolicy = operation("DescribeEffectivePolicy", {
  authorize: ({ PolicyType, TargetId }, context) => {
    const target = TargetId ?? context.account;
    const more = {
      on: (organization: Organization) => accountArn(organization, target),
      keys: { "organizations:PolicyType": PolicyType },
    };
    const own = target === context.account;
    return own ? askOwn("DescribeEffectivePolicy", context, more) : ask("DescribeEffectivePolicy", context, more);
  },

  async handle({ PolicyType: type, TargetId = "" }, context) {
    const target = TargetId === "" ? context.account : TargetId;
    const organization = await requireSight(target, context);
    const account = await findAccount(organization, target, context.tx);
    if (!account) throw (await isTarget(organization, target, context.tx)) ? targetNotSupported() : targetNotFound();
    const levels = await levelsOf(organization, { account, type }, context.tx);
    if (levels.every((policies) => policies.length === 0)) throw effectivePolicyNotFound();
    return {
      EffectivePolicy: {
        PolicyContent: JSON.stringify(mergeLevels(levels)),
        LastUpdatedTimestamp: new Date(Math.max(organization.changedAtMs, account.joinedAtMs)),
        TargetId: account.id,
        PolicyType: type,
      },
    };
  },
});

/** Every policy that is stored merges, so no account has one that is not valid. */
export const listAccountsWithInvalidEffectivePolicy = operation("ListAccountsWithInvalidEffectivePolicy", {
  authorize: ({ PolicyType }, context) =>
    ask("ListAccountsWithInvalidEffectivePolicy", context, { keys: { "organizations:PolicyType": PolicyType } }),

  async handle({ PolicyType }, context) {
    const organization = await requireDelegated("ListAccountsWithInvalidEffectivePolicy", context);
    if (!organization.policyTypes.includes(PolicyType)) throw effectivePolicyNotFound();
    return { Accounts: [], PolicyType };
  },
});

export const listEffectivePolicyValidationErrors = operation("ListEffectivePolicyValidationErrors", {
  authorize: ({ AccountId, PolicyType }, context) =>
    ask("ListEffectivePolicyValidationErrors", context, {
      on: (organization) => accountArn(organization, AccountId),
      keys: { "organizations:PolicyType": PolicyType },
    }),

  async handle({ AccountId, PolicyType: type }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListEffectivePolicyValidationErrors", context);
    const account = await requireAccount(organization, AccountId, tx);
    const levels = await levelsOf(organization, { account, type }, tx);
    if (levels.every((policies) => policies.length === 0)) throw effectivePolicyNotFound();
    return {
      AccountId,
      PolicyType: type,
      Path: `${pathOf(organization, await unitsDownTo(organization, account.parentId, tx))}${AccountId}/`,
      EvaluationTimestamp: context.now(),
      EffectivePolicyValidationErrors: [],
    };
  },
});

/** Every account sees its own, the management account and its delegates see all. */
const requireSight = (target: string, context: Context): Promise<Organization> =>
  target === context.account ? requireOrganization(context) : requireDelegated("DescribeEffectivePolicy", context);
