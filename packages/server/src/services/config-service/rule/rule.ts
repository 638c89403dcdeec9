/** Rules, as they are put, shown and taken away. */
import type { ConfigRule, ConfigRuleEvaluationStatus } from "@aws-sdk/client-config-service";
import { page, pageOf } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { ruleIdsOfNew, ruleInUse, ruleUnnamed, tokenInvalid, tooManyRules } from "../errors.ts";
import { recordCompliance } from "../compliance/item.ts";
import { EVALUATE, schedulePeriod } from "../evaluation/request.ts";
import { requireInvocable } from "./function.ts";
import { configArn, operation, placeOf, streaming } from "../kit.ts";
import { PAGE, RULES_MAX } from "../limits.ts";
import { findManagedRule } from "../managed/rules.ts";
import { requireRecorder } from "../recorder/row.ts";
import { clearResults } from "../evaluation/result-row.ts";
import { requireGiven, requireParameters, requireScope, requireSource, type GivenRule } from "./check.ts";
import { forgetExceptions } from "../remediation/exception.ts";
import { remediations } from "../remediation/row.ts";
import { ANY_TYPE, deleteRuleRow, putRule, requireRule, ruleArn, rules, type Rule } from "./row.ts";
import { ownedPath, ownerOf, requireOwn } from "../service-linked.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

/** A question about the rule of that name. */
export const onRule = (action: string) => async (name: string, context: Context) => {
  const rule = await context.tx.get(rules, name);
  const path = ownedPath("aws-service-rule", ownerOf(context.principal));
  return {
    action: `config:${action}`,
    resource: rule === undefined ? configArn(context, `config-rule/${path}*`) : ruleArn(rule),
    resourceTags: rule?.tags,
  };
};

export const putConfigRule = streaming("PutConfigRule", {
  authorize: async ({ ConfigRule: given, Tags = [] }, context) => ({
    ...(await onRule("PutConfigRule")(given.ConfigRuleName ?? (await findById(given, context))?.name ?? "", context)),
    requestTags: tagsOf(Tags),
  }),

  async receive({ ConfigRule: given }, context) {
    requireOwn((await ruleBefore(given, context))?.createdBy, context);
    requireGiven(given);
    requireScope(given.Scope);
    const source = requireSource(given.Source);
    requireParameters(given.InputParameters, source);
    await requireRecorder(context.tx, context.region, "put config rule");
    if (source.owner === "CUSTOM_LAMBDA") await requireInvocable(source.functionArn, context);
    return source;
  },

  async handle({ ConfigRule: given, Tags = [] }, context, source) {
    const before = await ruleBefore(given, context);
    const scope = requireScope(given.Scope);
    const { tx } = context;
    const name = before?.name ?? given.ConfigRuleName ?? "";
    if (before === undefined) await requireRoom(tx);
    const rule: Rule = {
      ...newRule(context),
      ...(before && identityOf(before)),
      ...describedOf(given),
      name,
      source,
      tags: firstTags(before, Tags),
      ...(scope && { scope }),
    };
    await putRule(rule, changesOf(rule), tx);
    evaluateSoon(rule, context);
    return {};
  },
});

function newRule(context: Context) {
  const createdBy = ownerOf(context.principal);
  return {
    ...placeOf(context),
    id: `config-rule-${context.newId().slice(0, 6)}`,
    activatedAtMs: context.now().getTime(),
    ...(createdBy !== undefined && { createdBy }),
  };
}

/** What stays, whatever a rule is made to say. */
const identityOf = ({ id, activatedAtMs, status, createdBy }: Rule) => ({
  id,
  activatedAtMs,
  ...(status && { status }),
  ...(createdBy !== undefined && { createdBy }),
});

/** @throws {AwsError} `MaxNumberOfConfigRulesExceededException` */
async function requireRoom(tx: Transaction): Promise<void> {
  if ((await tx.scan(rules, { limit: RULES_MAX })).length >= RULES_MAX) throw tooManyRules(RULES_MAX);
}

const describedOf = ({ Description, InputParameters, MaximumExecutionFrequency }: GivenRule) => ({
  ...(Description !== undefined && { description: Description }),
  ...(InputParameters !== undefined && { parameters: InputParameters }),
  ...(MaximumExecutionFrequency !== undefined && { frequency: MaximumExecutionFrequency }),
});

/**
 * Nothing is told of rules that are not there: that is no error of `PutConfigRule`.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html#API_PutConfigRule_Errors
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
async function ruleBefore(given: GivenRule, context: Context): Promise<Rule | undefined> {
  const { ConfigRuleName: name, ConfigRuleArn, ConfigRuleId } = given;
  if (name === undefined) {
    const found = await findById(given, context);
    if (found === undefined) throw ruleUnnamed();
    return found;
  }
  const before = await context.tx.get(rules, name);
  if (before === undefined && (ConfigRuleArn !== undefined || ConfigRuleId !== undefined)) throw ruleIdsOfNew();
  return before;
}

/**
 * A rule that is put again may be named by any of the three.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html
 */
async function findById({ ConfigRuleArn: arn, ConfigRuleId: id }: GivenRule, { tx }: Context) {
  if (arn === undefined && id === undefined) return undefined;
  const all = await tx.scan(rules, { limit: RULES_MAX });
  return all.find((rule) => (arn === undefined ? rule.id === id : ruleArn(rule) === arn));
}

/** The types whose changes a rule hears of. */
function changesOf({ source, scope }: Rule): readonly string[] {
  const wanted = scope?.types ?? [];
  if (source.owner === "AWS") {
    const managed = findManagedRule(source.identifier);
    if (managed?.trigger !== "change") return [];
    if (managed.types === "any") return wanted.length > 0 ? wanted : ANY_TYPE;
    return managed.types;
  }
  const hears = source.details.some(({ message }) => message.endsWith("ConfigurationItemChangeNotification"));
  if (!hears) return [];
  return wanted.length > 0 ? wanted : ANY_TYPE;
}

function evaluateSoon(rule: Rule, context: Context): void {
  context.at(context.now().getTime(), EVALUATE, `${rule.name} all`, { rule: rule.name });
  schedulePeriod(rule, context);
}

export const describeConfigRules = operation("DescribeConfigRules", {
  authorize: () => ({ action: "config:DescribeConfigRules", resource: "*" }),

  async handle({ ConfigRuleNames: names = [], Filters = {}, NextToken: token }, { tx }) {
    if (!isWanted(Filters)) return { ConfigRules: [] };
    if (names.length > 0) {
      const found = await Promise.all(names.map((name) => requireRule(name, tx)));
      return { ConfigRules: found.map(shown) };
    }
    const { rows, next } = await page(tx, rules, { token, max: PAGE.usual, invalidToken: tokenInvalid });
    return { ConfigRules: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

interface AskedRules {
  readonly EvaluationMode?: string | undefined;
  readonly RuleEvaluationVisibility?: string | undefined;
}

/** All rules look at what is there, and what they find may be seen. */
const isWanted = ({ EvaluationMode = "DETECTIVE", RuleEvaluationVisibility: visibility = "EXTERNAL" }: AskedRules) =>
  EvaluationMode === "DETECTIVE" && visibility === "EXTERNAL";

/**
 * A frequency that was not given is not shown, or Terraform would find it changed.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/configservice/config_rule.go (optional, not computed)
 */
function shown(rule: Rule): ConfigRule {
  const { scope, source, description, parameters, frequency } = rule;
  return {
    ConfigRuleName: rule.name,
    ConfigRuleArn: ruleArn(rule),
    ConfigRuleId: rule.id,
    ...(description !== undefined && { Description: description }),
    ...(scope && { Scope: shownScope(scope) }),
    Source: shownSource(source),
    ...(parameters !== undefined && { InputParameters: parameters }),
    ...(frequency !== undefined && { MaximumExecutionFrequency: frequency }),
    ConfigRuleState: "ACTIVE",
    ...(rule.createdBy !== undefined && { CreatedBy: rule.createdBy }),
    EvaluationModes: [{ Mode: "DETECTIVE" }],
  };
}

const shownScope = ({ types, tagKey, tagValue, resourceId }: NonNullable<Rule["scope"]>) => ({
  ...(types.length > 0 && { ComplianceResourceTypes: [...types] }),
  ...(tagKey !== undefined && { TagKey: tagKey }),
  ...(tagValue !== undefined && { TagValue: tagValue }),
  ...(resourceId !== undefined && { ComplianceResourceId: resourceId }),
});

function shownSource(source: Rule["source"]): NonNullable<ConfigRule["Source"]> {
  if (source.owner === "AWS") return { Owner: "AWS", SourceIdentifier: source.identifier };
  const SourceDetails = source.details.map(({ message, frequency }) => ({
    EventSource: "aws.config" as const,
    MessageType: messageOf(message),
    ...(frequency !== undefined && { MaximumExecutionFrequency: frequency }),
  }));
  return { Owner: "CUSTOM_LAMBDA", SourceIdentifier: source.functionArn, SourceDetails };
}

const MESSAGES = [
  "ConfigurationItemChangeNotification",
  "ConfigurationSnapshotDeliveryCompleted",
  "OversizedConfigurationItemChangeNotification",
  "ScheduledNotification",
] as const;

const messageOf = (text: string) => MESSAGES.find((message) => message === text);

export const deleteConfigRule = operation("DeleteConfigRule", {
  authorize: ({ ConfigRuleName }, context) => onRule("DeleteConfigRule")(ConfigRuleName, context),

  async handle({ ConfigRuleName: name }, context) {
    const rule = await requireRule(name, context.tx);
    requireOwn(rule.createdBy, context);
    // Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DeleteConfigRule.html (ResourceInUseException)
    if ((await context.tx.get(remediations, name)) !== undefined) throw ruleInUse();
    await deleteRuleRow(rule, context.tx);
    await forgetResults(name, context);
    await forgetExceptions(name, context.tx);
    context.cancel(EVALUATE, `${name} period`);
    return {};
  },
});

export const deleteEvaluationResults = operation("DeleteEvaluationResults", {
  authorize: ({ ConfigRuleName }, context) => onRule("DeleteEvaluationResults")(ConfigRuleName, context),

  async handle({ ConfigRuleName: name }, context) {
    await requireRule(name, context.tx);
    await forgetResults(name, context);
    return {};
  },
});

async function forgetResults(rule: string, context: Context): Promise<void> {
  const { region } = context;
  for (const { type, id } of await clearResults(rule, context.tx))
    await recordCompliance({ type, id, region }, context);
}

export const startConfigRulesEvaluation = operation("StartConfigRulesEvaluation", {
  authorize: ({ ConfigRuleNames: names = [] }, context) =>
    Promise.all(names.map((name) => onRule("StartConfigRulesEvaluation")(name, context))),

  async handle({ ConfigRuleNames: names = [] }, context) {
    for (const name of names) {
      await requireRule(name, context.tx);
      context.at(context.now().getTime(), EVALUATE, `${name} all`, { rule: name });
    }
    return {};
  },
});

export const describeConfigRuleEvaluationStatus = operation("DescribeConfigRuleEvaluationStatus", {
  authorize: () => ({ action: "config:DescribeConfigRuleEvaluationStatus", resource: "*" }),

  async handle({ ConfigRuleNames: names = [], NextToken: token, Limit }, { tx }) {
    const limit = Limit || PAGE.usual;
    const all = names.length > 0 ? await Promise.all(names.map((name) => requireRule(name, tx))) : undefined;
    const { rows, next } = all
      ? pageOf(all, { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid })
      : await page(tx, rules, { token, limit, max: PAGE.max, invalidToken: tokenInvalid });
    return { ConfigRulesEvaluationStatus: rows.map(statusOf), ...(next !== undefined && { NextToken: next }) };
  },
});

function statusOf(rule: Rule): ConfigRuleEvaluationStatus {
  const { invokedAtMs, failedAtMs, evaluatedAtMs, error } = rule.status ?? {};
  return {
    ConfigRuleName: rule.name,
    ConfigRuleArn: ruleArn(rule),
    ConfigRuleId: rule.id,
    FirstActivatedTime: new Date(rule.activatedAtMs),
    FirstEvaluationStarted: evaluatedAtMs !== undefined,
    ...(invokedAtMs !== undefined && { LastSuccessfulInvocationTime: new Date(invokedAtMs) }),
    ...(evaluatedAtMs !== undefined && { LastSuccessfulEvaluationTime: new Date(evaluatedAtMs) }),
    ...(failedAtMs !== undefined && { LastFailedInvocationTime: new Date(failedAtMs) }),
    ...(error && { LastErrorCode: error.code, LastErrorMessage: error.message }),
  };
}
