/** Archive rules: what is found that fits one is archived at once, and on demand what was found before. */
import type { ArchiveRuleSummary } from "@aws-sdk/client-accessanalyzer";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAnalyzer, onAnalyzerOf, requireAnalyzer, requireAnalyzerOf } from "../analyzer/row.ts";
import { archiveRules, rulesOf, type ArchiveRule } from "./row.ts";
import { archiveRuleExists, archiveRuleNotFound, tooManyArchiveRules } from "../errors.ts";
import { matchesFilter, requireRuleFilter, type Criterion, type Filter } from "../filter.ts";
import { findings, findingsOf, propertyOf } from "../finding/row.ts";
import { arn, operation, type AccessAnalyzerAction } from "../kit.ts";
import { ARCHIVE_RULES_MAX } from "../limits.ts";
import { list } from "../paging.ts";
import { refresh } from "../analyzer/refresh.ts";

interface RuleInput {
  readonly analyzerName: string;
  readonly ruleName: string;
}

const onRule = (action: AccessAnalyzerAction, { analyzerName, ruleName }: RuleInput, context: Context): Access => ({
  action: `access-analyzer:${action}`,
  resource: arn(context, `analyzer/${analyzerName}/archive-rule/${ruleName}`),
});

export const createArchiveRule = operation("CreateArchiveRule", {
  authorize: (input, context) => onRule("CreateArchiveRule", input, context),

  async handle({ analyzerName, ruleName, filter, clientToken }, context) {
    const analyzer = await requireAnalyzer(analyzerName, context.tx);
    const known = await context.tx.get(archiveRules, analyzerName, ruleName);
    if (known && clientToken !== undefined && known.clientToken === clientToken) return {};
    if (known) throw archiveRuleExists(ruleName);
    if ((await rulesOf(analyzerName, context.tx)).length >= ARCHIVE_RULES_MAX) throw tooManyArchiveRules(ruleName);
    requireRuleFilter(filter, analyzer.kind);
    putRule({ analyzer: analyzerName, name: ruleName, filter, clientToken }, context);
    return {};
  },
});

/** A rule that is new. */
export function putRule(rule: Omit<ArchiveRule, "createdAtMs" | "updatedAtMs">, context: Context): void {
  const nowMs = context.now().getTime();
  context.tx.put(archiveRules, { ...rule, createdAtMs: nowMs, updatedAtMs: nowMs });
}

export const getArchiveRule = operation("GetArchiveRule", {
  authorize: (input, context) => onRule("GetArchiveRule", input, context),

  async handle(input, context) {
    return { archiveRule: formatRule(await requireRule(input, context)) };
  },
});

export const listArchiveRules = operation("ListArchiveRules", {
  authorize: ({ analyzerName }, context) => onAnalyzer("ListArchiveRules", analyzerName, context),

  async handle({ analyzerName, ...paging }, { tx }) {
    await requireAnalyzer(analyzerName, tx);
    const { rows, rest } = await list(tx, archiveRules, [analyzerName], paging);
    return { archiveRules: rows.map(formatRule), ...rest };
  },
});

export const updateArchiveRule = operation("UpdateArchiveRule", {
  authorize: (input, context) => onRule("UpdateArchiveRule", input, context),

  async handle({ filter, ...input }, context) {
    const rule = await requireRule(input, context);
    const { kind } = await requireAnalyzer(input.analyzerName, context.tx);
    requireRuleFilter(filter, kind);
    context.tx.put(archiveRules, { ...rule, filter, updatedAtMs: context.now().getTime() });
    return {};
  },
});

export const deleteArchiveRule = operation("DeleteArchiveRule", {
  authorize: (input, context) => onRule("DeleteArchiveRule", input, context),

  async handle(input, context) {
    const { analyzer, name } = await requireRule(input, context);
    context.tx.delete(archiveRules, analyzer, name);
    return {};
  },
});

export const applyArchiveRule = operation("ApplyArchiveRule", {
  authorize: ({ analyzerArn }, context) => onAnalyzerOf("ApplyArchiveRule", analyzerArn, context),

  async handle({ analyzerArn, ruleName }, context) {
    const analyzer = await requireAnalyzerOf(analyzerArn, context);
    const { filter } = await requireRule({ analyzerName: analyzer.name, ruleName }, context);
    await refresh(analyzer, context);
    const updatedAtMs = context.now().getTime();
    for (const finding of await findingsOf(analyzer.name, context.tx)) {
      if (finding.status !== "ACTIVE" || !matchesFilter(filter, propertyOf(finding))) continue;
      context.tx.put(findings, { ...finding, status: "ARCHIVED", updatedAtMs });
    }
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException` for the analyzer or the rule. */
async function requireRule({ analyzerName, ruleName }: RuleInput, { tx }: Context): Promise<ArchiveRule> {
  await requireAnalyzer(analyzerName, tx);
  const rule = await tx.get(archiveRules, analyzerName, ruleName);
  if (!rule) throw archiveRuleNotFound(ruleName);
  return rule;
}

const formatRule = ({ name, filter, createdAtMs, updatedAtMs }: ArchiveRule): ArchiveRuleSummary => ({
  ruleName: name,
  filter: formatFilter(filter),
  createdAt: new Date(createdAtMs),
  updatedAt: new Date(updatedAtMs),
});

const formatFilter = (filter: Filter) =>
  Object.fromEntries(Object.entries(filter).map(([key, criterion]) => [key, formatCriterion(criterion)]));

const formatCriterion = ({ eq, neq, contains, exists }: Criterion) => ({
  eq: eq?.slice(),
  neq: neq?.slice(),
  contains: contains?.slice(),
  exists,
});
