/**
 * Rules that an organization has in all of its accounts.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html
 */
import type { OrganizationConfigRule } from "@aws-sdk/client-config-service";
import {
  notImplemented,
  organizationRuleInUse,
  organizationRuleKind,
  organizationRuleNotFound,
  tooManyOrganizationRules,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { ORGANIZATION_RULES_MAX } from "../limits.ts";
import { provideAccess } from "./access.ts";
import { deleteSpread, errorOf, membersOf, onSpread, putSpread, spreadsOf, type Family } from "./item.ts";
import { spreadArn, type RuleContent, type Spread } from "./row.ts";
import { requireRuleContent } from "./rule-input.ts";
import { tagsOf } from "../tag-list.ts";

const RULES: Family = {
  kind: "rule",
  resource: "organization-config-rule",
  max: ORGANIZATION_RULES_MAX,
  missing: organizationRuleNotFound,
  nothingToDelete: organizationRuleNotFound,
  inUse: organizationRuleInUse,
  tooMany: tooManyOrganizationRules,
};

export const putOrganizationConfigRule = operation("PutOrganizationConfigRule", {
  authorize: async ({ OrganizationConfigRuleName: name, Tags = [] }, context) => ({
    ...(await onSpread("PutOrganizationConfigRule", RULES)(name, context)),
    requestTags: tagsOf(Tags),
  }),

  async handle(input, context) {
    const { OrganizationConfigRuleName: name, ExcludedAccounts: excluded, Tags: tags } = input;
    const { OrganizationManagedRuleMetadata: managed, OrganizationCustomRuleMetadata: custom } = input;
    if (input.OrganizationCustomPolicyRuleMetadata !== undefined)
      throw notImplemented("a rule of Guard's language (CUSTOM_POLICY)");
    if ((managed === undefined) === (custom === undefined)) throw organizationRuleKind();
    const content = requireRuleContent(plain({ kind: "rule", managed, custom }));
    await provideAccess(context);
    return { OrganizationConfigRuleArn: await putSpread({ name, excluded, tags, content }, RULES, context) };
  },
});

/** Without what is not there. */
const plain = (given: object): RuleContent => JSON.parse(JSON.stringify(given));

export const describeOrganizationConfigRules = operation("DescribeOrganizationConfigRules", {
  authorize: () => ({ action: "config:DescribeOrganizationConfigRules", resource: "*" }),

  async handle({ OrganizationConfigRuleNames: names, Limit: limit, NextToken: token }, context) {
    const { rows, next } = { next: undefined, ...(await spreadsOf({ names, limit, token }, RULES, context)) };
    return { OrganizationConfigRules: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

function shown(row: Spread): OrganizationConfigRule {
  const { managed, custom } = row.content.kind === "rule" ? row.content : {};
  return {
    OrganizationConfigRuleName: row.name,
    OrganizationConfigRuleArn: spreadArn(row),
    ...(managed && { OrganizationManagedRuleMetadata: managed }),
    ...(custom && { OrganizationCustomRuleMetadata: custom }),
    ExcludedAccounts: [...row.excluded],
    LastUpdateTime: new Date(row.updatedAtMs),
  };
}

export const describeOrganizationConfigRuleStatuses = operation("DescribeOrganizationConfigRuleStatuses", {
  authorize: () => ({ action: "config:DescribeOrganizationConfigRuleStatuses", resource: "*" }),

  async handle({ OrganizationConfigRuleNames: names, Limit: limit, NextToken: token }, context) {
    const { rows, next } = { next: undefined, ...(await spreadsOf({ names, limit, token }, RULES, context)) };
    const OrganizationConfigRuleStatuses = rows.map(({ name, status, updatedAtMs }) => ({
      OrganizationConfigRuleName: name,
      OrganizationRuleStatus: status,
      LastUpdateTime: new Date(updatedAtMs),
    }));
    return { OrganizationConfigRuleStatuses, ...(next !== undefined && { NextToken: next }) };
  },
});

export const getOrganizationConfigRuleDetailedStatus = operation("GetOrganizationConfigRuleDetailedStatus", {
  authorize: ({ OrganizationConfigRuleName: name }, context) =>
    onSpread("GetOrganizationConfigRuleDetailedStatus", RULES)(name, context),

  async handle({ OrganizationConfigRuleName: name, Filters = {}, Limit: limit, NextToken: token }, context) {
    const { AccountId: account, MemberAccountRuleStatus: status } = Filters;
    const { rows, next } = await membersOf({ name, account, status, limit, token }, RULES, context);
    const OrganizationConfigRuleDetailedStatus = rows.map((member) => ({
      AccountId: member.account,
      ConfigRuleName: member.name,
      MemberAccountRuleStatus: member.status,
      ...errorOf(member.error),
      LastUpdateTime: new Date(member.updatedAtMs),
    }));
    return { OrganizationConfigRuleDetailedStatus, ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteOrganizationConfigRule = operation("DeleteOrganizationConfigRule", {
  authorize: ({ OrganizationConfigRuleName: name }, context) =>
    onSpread("DeleteOrganizationConfigRule", RULES)(name, context),

  async handle({ OrganizationConfigRuleName: name }, context) {
    await deleteSpread(name, RULES, context);
    return {};
  },
});
