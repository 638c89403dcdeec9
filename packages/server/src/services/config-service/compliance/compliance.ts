/** What evaluations found, as it is asked for. Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_view-compliance.html */
import type { Compliance, ComplianceSummary, ComplianceType, EvaluationResult } from "@aws-sdk/client-config-service";
import { everyRow } from "../../../kernel/every-row.ts";
import { decodeToken, encodeToken, page, pageOf } from "../../../kernel/page.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { keepResult } from "./change.ts";
import { evaluationsMissing, notImplemented, resultTokenInvalid, tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { COUNT_CAP, PAGE, SUMMARY_CAP } from "../limits.ts";
import { results, resultsByResource, resultsOf, type Result } from "../evaluation/result-row.ts";
import { requireToken } from "../evaluation/result-token.ts";
import { requireRule, rules } from "../rule/row.ts";
import { onRule } from "../rule/rule.ts";

export const putEvaluations = operation("PutEvaluations", {
  authorize: () => ({ action: "config:PutEvaluations", resource: "*" }),

  async handle({ Evaluations = [], ResultToken, TestMode = false }, context) {
    if (Evaluations.length === 0) throw evaluationsMissing();
    if (ResultToken === "") throw resultTokenInvalid();
    // Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html (TestMode)
    if (TestMode) return { FailedEvaluations: [] };
    const { rule: name, invokedAtMs } = requireToken(ResultToken, context);
    const rule = await requireRule(name, context.tx);
    for (const one of Evaluations) await keepResult(rule, { ...foundOf(one), invokedAtMs }, context);
    return { FailedEvaluations: [] };
  },
});

interface GivenEvaluation {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: ComplianceType;
  readonly Annotation?: string | undefined;
  readonly OrderingTimestamp: Date;
}

const foundOf = (given: GivenEvaluation) => ({
  type: given.ComplianceResourceType,
  id: given.ComplianceResourceId,
  compliance: given.ComplianceType,
  ...(given.Annotation !== undefined && { annotation: given.Annotation }),
  orderedAtMs: given.OrderingTimestamp.getTime(),
});

export const putExternalEvaluation = operation("PutExternalEvaluation", {
  authorize: ({ ConfigRuleName }, context) => onRule("PutExternalEvaluation")(ConfigRuleName, context),

  async handle({ ConfigRuleName, ExternalEvaluation }, context) {
    const rule = await requireRule(ConfigRuleName, context.tx);
    const invokedAtMs = context.now().getTime();
    await keepResult(rule, { ...foundOf(ExternalEvaluation), invokedAtMs }, context);
    return {};
  },
});

export const getComplianceDetailsByConfigRule = operation("GetComplianceDetailsByConfigRule", {
  authorize: ({ ConfigRuleName }, context) => onRule("GetComplianceDetailsByConfigRule")(ConfigRuleName, context),

  async handle({ ConfigRuleName: name, ComplianceTypes: types, Limit, NextToken: token }, { tx }) {
    await requireRule(name, tx);
    const limit = Math.min(Limit || PAGE.usual, PAGE.max);
    const after = token === undefined ? undefined : decodeToken(token, tokenInvalid);
    const found: Result[] = [];
    let last = after;
    for (;;) {
      const rows = await tx.scan(results, { prefix: [name], after: last, limit: PAGE.max });
      for (const result of rows) {
        const end = found.at(-1);
        if (found.length === limit && end !== undefined) {
          return { EvaluationResults: found.map(shown), NextToken: encodeToken(results.keyOf(end)) };
        }
        if (isWanted(result, types)) found.push(result);
      }
      const end = rows.at(-1);
      if (end === undefined) return { EvaluationResults: found.map(shown) };
      last = results.keyOf(end);
    }
  },
});

export const isWanted = (
  { compliance }: Pick<Result, "compliance">,
  types: readonly ComplianceType[] | undefined,
): boolean => types === undefined || types.length === 0 || types.includes(compliance);

export function shown(result: Result): EvaluationResult {
  const { rule, type, id, compliance, annotation, orderedAtMs, invokedAtMs, recordedAtMs } = result;
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ConfigRuleName: rule,
        ResourceType: type,
        ResourceId: id,
        EvaluationMode: "DETECTIVE",
      },
      OrderingTimestamp: new Date(orderedAtMs),
    },
    ComplianceType: compliance,
    ResultRecordedTime: new Date(recordedAtMs),
    ConfigRuleInvokedTime: new Date(invokedAtMs),
    ...(annotation !== undefined && { Annotation: annotation }),
  };
}

export const getComplianceDetailsByResource = operation("GetComplianceDetailsByResource", {
  authorize: () => ({ action: "config:GetComplianceDetailsByResource", resource: "*" }),

  async handle(input, { tx }) {
    const { ResourceType: type = "", ResourceId: id = "", ComplianceTypes: types, NextToken: token } = input;
    if (input.ResourceEvaluationId !== undefined) throw notImplemented("proactive evaluation");
    const prefix = [type, id];
    const { rows, next } = await page(tx, resultsByResource, {
      prefix,
      token,
      max: PAGE.max,
      invalidToken: tokenInvalid,
    });
    const EvaluationResults = rows.filter((result) => isWanted(result, types)).map(shown);
    return { EvaluationResults, ...(next !== undefined && { NextToken: next }) };
  },
});

/** How many of a rule or a resource are not compliant; capped as AWS does. */
export function complianceOf(all: readonly Result[]): Compliance {
  if (all.length === 0) return { ComplianceType: "INSUFFICIENT_DATA" };
  const bad = all.filter(({ compliance }) => compliance === "NON_COMPLIANT").length;
  if (bad === 0) return { ComplianceType: "COMPLIANT" };
  const ComplianceContributorCount = { CappedCount: Math.min(bad, COUNT_CAP), CapExceeded: bad > COUNT_CAP };
  return { ComplianceType: "NON_COMPLIANT", ComplianceContributorCount };
}

const ofRule = async (name: string, { tx }: Context): Promise<Compliance> => complianceOf(await resultsOf(name, tx));

export const describeComplianceByConfigRule = operation("DescribeComplianceByConfigRule", {
  authorize: () => ({ action: "config:DescribeComplianceByConfigRule", resource: "*" }),

  async handle({ ConfigRuleNames: names = [], ComplianceTypes: types, NextToken: token }, context) {
    const { tx } = context;
    const asked = await Promise.all(names.map((name) => requireRule(name, tx)));
    const { rows, next } =
      asked.length > 0
        ? pageOf(asked, { token, limit: PAGE.usual, orderOf: ({ name }) => [name], invalidToken: tokenInvalid })
        : await page(tx, rules, { token, max: PAGE.usual, invalidToken: tokenInvalid });
    const found = await Promise.all(
      rows.map(async ({ name }) => ({ ConfigRuleName: name, Compliance: await ofRule(name, context) })),
    );
    const wanted = found.filter(({ Compliance: { ComplianceType: compliance = "INSUFFICIENT_DATA" } }) =>
      isWanted({ compliance }, types),
    );
    return { ComplianceByConfigRules: wanted, ...(next !== undefined && { NextToken: next }) };
  },
});

/** Results by resource, in the order of resources. */
async function* byResource(prefix: Key, { tx }: Context): AsyncGenerator<readonly Result[]> {
  let group: Result[] = [];
  for await (const result of everyRow(tx, resultsByResource, { prefix })) {
    const [first] = group;
    if (first !== undefined && (first.type !== result.type || first.id !== result.id)) {
      yield group;
      group = [];
    }
    group.push(result);
  }
  if (group.length > 0) yield group;
}

export const describeComplianceByResource = operation("DescribeComplianceByResource", {
  authorize: () => ({ action: "config:DescribeComplianceByResource", resource: "*" }),

  async handle({ ResourceType: type, ResourceId: id, ComplianceTypes: types, Limit, NextToken: token }, context) {
    const prefix = type === undefined ? [] : id === undefined ? [type] : [type, id];
    const all: { ResourceType: string; ResourceId: string; Compliance: Compliance }[] = [];
    for await (const group of byResource(prefix, context)) {
      const [first] = group;
      const compliance = complianceOf(group);
      const { ComplianceType: kind = "INSUFFICIENT_DATA" } = compliance;
      if (first === undefined || !isWanted({ compliance: kind }, types)) continue;
      all.push({ ResourceType: first.type, ResourceId: first.id, Compliance: compliance });
    }
    const limit = Limit || PAGE.usual;
    const orderOf = (one: (typeof all)[number]) => [one.ResourceType, one.ResourceId];
    const { rows, next } = pageOf(all, { token, limit, orderOf, invalidToken: tokenInvalid });
    return { ComplianceByResources: [...rows], ...(next !== undefined && { NextToken: next }) };
  },
});

interface Tally {
  good: number;
  bad: number;
}

const summaryOf = ({ good, bad }: Tally, context: Context): ComplianceSummary => ({
  CompliantResourceCount: { CappedCount: Math.min(good, SUMMARY_CAP), CapExceeded: good > SUMMARY_CAP },
  NonCompliantResourceCount: { CappedCount: Math.min(bad, SUMMARY_CAP), CapExceeded: bad > SUMMARY_CAP },
  ComplianceSummaryTimestamp: context.now(),
});

export const getComplianceSummaryByConfigRule = operation("GetComplianceSummaryByConfigRule", {
  authorize: () => ({ action: "config:GetComplianceSummaryByConfigRule", resource: "*" }),

  async handle(_, context) {
    const tally = { good: 0, bad: 0 };
    const all = await context.tx.scan(rules, { limit: Infinity });
    for (const { name } of all) count((await ofRule(name, context)).ComplianceType, tally);
    return { ComplianceSummary: summaryOf(tally, context) };
  },
});

function count(compliance: ComplianceType | undefined, tally: Tally): void {
  if (compliance === "COMPLIANT") tally.good++;
  if (compliance === "NON_COMPLIANT") tally.bad++;
}

export const getComplianceSummaryByResourceType = operation("GetComplianceSummaryByResourceType", {
  authorize: () => ({ action: "config:GetComplianceSummaryByResourceType", resource: "*" }),

  async handle({ ResourceTypes: types = [] }, context) {
    const tallies = new Map<string, Tally>();
    for await (const group of byResource([], context)) {
      const type = types.length === 0 ? "" : (group[0]?.type ?? "");
      const tally = tallies.get(type) ?? { good: 0, bad: 0 };
      count(complianceOf(group).ComplianceType, tally);
      tallies.set(type, tally);
    }
    const wanted = types.length === 0 ? [""] : types;
    return {
      ComplianceSummariesByResourceType: wanted.map((type) => ({
        ...(type !== "" && { ResourceType: type }),
        ComplianceSummary: summaryOf(tallies.get(type) ?? { good: 0, bad: 0 }, context),
      })),
    };
  },
});
