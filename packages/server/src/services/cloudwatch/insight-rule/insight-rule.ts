/**
 * Contributor Insights rules: put, listed, switched on and off, deleted.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutInsightRule.html
 */
import type { InsightRule as ShownRule, PartialFailure } from "@aws-sdk/client-cloudwatch";
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { invalidToken, ruleStateInvalid, tooManyInsightRules } from "../errors.ts";
import { insightRuleArn, operation } from "../kit.ts";
import { INSIGHT_RULES_MAX, INSIGHT_RULES_PER_PAGE, INSIGHT_SPANS_MAX } from "../limits.ts";
import { tagsOf } from "../tag.ts";
import { parseDefinition } from "./definition.ts";
import { insightRules, isEnabled, type InsightRule, type Span } from "./row.ts";

export async function onInsightRules(
  action: string,
  names: readonly string[],
  context: Context,
  more: Partial<Access> = {},
): Promise<readonly Access[]> {
  const asked: Access[] = [];
  for (const name of names) {
    const found = await context.tx.get(insightRules, name);
    const resource = insightRuleArn(context, name);
    asked.push({ action: `cloudwatch:${action}`, resource, resourceTags: found?.tags, ...more });
  }
  return asked;
}

export const putInsightRule = operation("PutInsightRule", {
  async authorize({ RuleName, RuleDefinition, Tags = [] }, context) {
    const { groups } = parseDefinition(RuleDefinition);
    const requestTags = tagsOf(Tags);
    const keys = { "cloudwatch:requestInsightRuleLogGroups": groups };
    const saving = await onInsightRules("PutInsightRule", [RuleName], context, { requestTags, keys });
    if (Tags.length === 0) return saving;
    return [...saving, ...(await onInsightRules("TagResource", [RuleName], context, { requestTags }))];
  },

  async handle(input, context) {
    const { RuleName: name, RuleDefinition: definition, RuleState: state = "ENABLED" } = input;
    if (state !== "ENABLED" && state !== "DISABLED") throw ruleStateInvalid(state);
    const { tx } = context;
    const was = await tx.get(insightRules, name);
    if (was === undefined) await requireRoom(context);
    // what a rule has found is forgotten with what it looked for
    const kept = was?.definition === definition ? was.spans : [];
    const tags = was?.tags ?? tagsOf(input.Tags ?? []);
    const rule = { name, definition, onTransformed: input.ApplyOnTransformedLogs ?? false, spans: kept, tags };
    tx.put(insightRules, switched(rule, state === "ENABLED", context.now().getTime()));
    return {};
  },
});

async function requireRoom({ tx }: Context): Promise<void> {
  const all = await tx.scan(insightRules, { limit: INSIGHT_RULES_MAX });
  if (all.length === INSIGHT_RULES_MAX) throw tooManyInsightRules();
}

function switched(rule: InsightRule, isOn: boolean, nowMs: number): InsightRule {
  if (isEnabled(rule) === isOn) return rule;
  const last = rule.spans.at(-1);
  const spans: readonly Span[] =
    isOn || last === undefined
      ? [...rule.spans, { fromMs: nowMs }]
      : [...rule.spans.slice(0, -1), { ...last, toMs: nowMs }];
  return { ...rule, spans: spans.slice(-INSIGHT_SPANS_MAX) };
}

export const describeInsightRules = operation("DescribeInsightRules", {
  authorize: () => ({ action: "cloudwatch:DescribeInsightRules", resource: "*" }),

  async handle({ MaxResults: limit, NextToken: token }, { tx }) {
    const paging = { limit, token, max: INSIGHT_RULES_PER_PAGE, invalidToken };
    const { rows, next } = await page(tx, insightRules, paging);
    return { InsightRules: rows.map(show), ...(next !== undefined && { NextToken: next }) };
  },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_insight_rule) */
const show = (rule: InsightRule): ShownRule => ({
  Name: rule.name,
  State: isEnabled(rule) ? "ENABLED" : "DISABLED",
  Schema: parseDefinition(rule.definition).schema,
  Definition: rule.definition,
  ManagedRule: false,
  ApplyOnTransformedLogs: rule.onTransformed,
});

export const enableInsightRules = operation("EnableInsightRules", {
  authorize: ({ RuleNames }, context) => onInsightRules("EnableInsightRules", RuleNames, context),

  handle: ({ RuleNames }, context) =>
    forEach(RuleNames, context, (rule, nowMs) => context.tx.put(insightRules, switched(rule, true, nowMs))),
});

export const disableInsightRules = operation("DisableInsightRules", {
  authorize: ({ RuleNames }, context) => onInsightRules("DisableInsightRules", RuleNames, context),

  handle: ({ RuleNames }, context) =>
    forEach(RuleNames, context, (rule, nowMs) => context.tx.put(insightRules, switched(rule, false, nowMs))),
});

export const deleteInsightRules = operation("DeleteInsightRules", {
  authorize: ({ RuleNames }, context) => onInsightRules("DeleteInsightRules", RuleNames, context),

  handle: ({ RuleNames }, context) => forEach(RuleNames, context, ({ name }) => context.tx.delete(insightRules, name)),
});

/** Those that are not there are told of. */
async function forEach(
  names: readonly string[],
  context: Context,
  work: (rule: InsightRule, nowMs: number) => void,
): Promise<{ Failures: PartialFailure[] }> {
  const Failures: PartialFailure[] = [];
  for (const name of new Set(names)) {
    const rule = await context.tx.get(insightRules, name);
    if (rule === undefined) Failures.push(failureOf(name));
    else work(rule, context.now().getTime());
  }
  return { Failures };
}

const failureOf = (name: string): PartialFailure => ({
  FailureResource: name,
  ExceptionType: "ResourceNotFoundException",
  FailureCode: "404",
  FailureDescription: `The rule ${name} does not exist`,
});
