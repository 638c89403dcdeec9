/**
 * What the rules of conformance packs found.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/compliance-score.html
 */
import type {
  ComplianceType,
  ConformancePackComplianceType,
  ConformancePackEvaluationResult,
} from "@aws-sdk/client-config-service";
import { pageOf } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { complianceOf, shown } from "../compliance/compliance.ts";
import { ruleNotInPack, tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { PACK_PAGE, PACK_RULE_PAGE, PAGE } from "../limits.ts";
import { onPack } from "./pack.ts";
import { packs, requirePack, type Pack } from "./row.ts";
import { resultsOf, type Result } from "../evaluation/result-row.ts";

const packCompliance = (compliance: ComplianceType | undefined): ConformancePackComplianceType =>
  compliance === "COMPLIANT" || compliance === "NON_COMPLIANT" ? compliance : "INSUFFICIENT_DATA";

/** Rules by what they found. */
export async function ruleCompliance({ rules }: Pick<Pack, "rules">, tx: Transaction) {
  return Promise.all(
    rules.map(async (rule) => ({
      rule,
      compliance: packCompliance(complianceOf(await resultsOf(rule, tx)).ComplianceType),
    })),
  );
}

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_AggregateConformancePackCompliance.html */
export function wholeCompliance(
  all: readonly { readonly compliance: ConformancePackComplianceType }[],
): ConformancePackComplianceType {
  if (all.some(({ compliance }) => compliance === "NON_COMPLIANT")) return "NON_COMPLIANT";
  return all.some(({ compliance }) => compliance === "COMPLIANT") ? "COMPLIANT" : "INSUFFICIENT_DATA";
}

/** The rules that are asked for. @throws {AwsError} `NoSuchConfigRuleInConformancePackException` */
function askedRules({ rules }: Pack, names: readonly string[] = []): readonly string[] {
  const unknown = names.find((name) => !rules.includes(name));
  if (unknown !== undefined) throw ruleNotInPack(unknown);
  return names.length === 0 ? rules : names;
}

export const describeConformancePackCompliance = operation("DescribeConformancePackCompliance", {
  authorize: ({ ConformancePackName: name }, context) => onPack("DescribeConformancePackCompliance")(name, context),

  async handle({ ConformancePackName: name, Filters = {}, Limit, NextToken: token }, { tx }) {
    const pack = await requirePack(name, tx);
    const all = await ruleCompliance({ rules: askedRules(pack, Filters.ConfigRuleNames) }, tx);
    const wanted = all.filter(({ compliance }) => (Filters.ComplianceType ?? compliance) === compliance);
    const limit = Limit || PACK_RULE_PAGE;
    const { rows, next } = pageOf(wanted, { token, limit, orderOf: ({ rule }) => [rule], invalidToken: tokenInvalid });
    return {
      ConformancePackName: name,
      ConformancePackRuleComplianceList: rows.map(({ rule, compliance }) => ({
        ConfigRuleName: rule,
        ComplianceType: compliance,
        Controls: [],
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

interface DetailFilters {
  readonly ComplianceType?: ConformancePackComplianceType | undefined;
  readonly ResourceType?: string | undefined;
  readonly ResourceIds?: readonly string[] | undefined;
}

const isAsked = ({ type, id, compliance }: Result, { ComplianceType, ResourceType, ResourceIds = [] }: DetailFilters) =>
  (ComplianceType ?? packCompliance(compliance)) === packCompliance(compliance) &&
  (ResourceType ?? type) === type &&
  (ResourceIds.length === 0 || ResourceIds.includes(id));

const placeOf = ({ rule, type, id }: Result) => [rule, type, id];

export const getConformancePackComplianceDetails = operation("GetConformancePackComplianceDetails", {
  authorize: ({ ConformancePackName: name }, context) => onPack("GetConformancePackComplianceDetails")(name, context),

  async handle({ ConformancePackName: name, Filters = {}, Limit, NextToken: token }, { tx }) {
    const rules = askedRules(await requirePack(name, tx), Filters.ConfigRuleNames);
    const all = (await Promise.all(rules.map((rule) => resultsOf(rule, tx)))).flat();
    const wanted = all.filter((result) => isAsked(result, Filters));
    const limit = Limit || PAGE.usual;
    const { rows, next } = pageOf(wanted, { token, limit, orderOf: placeOf, invalidToken: tokenInvalid });
    return {
      ConformancePackName: name,
      ConformancePackRuleEvaluationResults: rows.map(detailOf),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

function detailOf(result: Result): ConformancePackEvaluationResult {
  const { EvaluationResultIdentifier, Annotation } = shown(result);
  return {
    ComplianceType: packCompliance(result.compliance),
    EvaluationResultIdentifier,
    ConfigRuleInvokedTime: new Date(result.invokedAtMs),
    ResultRecordedTime: new Date(result.recordedAtMs),
    ...(Annotation !== undefined && { Annotation }),
  };
}

export const getConformancePackComplianceSummary = operation("GetConformancePackComplianceSummary", {
  authorize: ({ ConformancePackNames: names }, context) =>
    Promise.all(names.map((name) => onPack("GetConformancePackComplianceSummary")(name, context))),

  async handle({ ConformancePackNames: names, Limit, NextToken: token }, { tx }) {
    const asked = await Promise.all(names.map((name) => requirePack(name, tx)));
    const limit = Limit || PACK_PAGE.usual;
    const { rows, next } = pageOf(asked, { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid });
    const ConformancePackComplianceSummaryList = await Promise.all(
      rows.map(async (pack) => ({
        ConformancePackName: pack.name,
        ConformancePackComplianceStatus: wholeCompliance(await ruleCompliance(pack, tx)),
      })),
    );
    return { ConformancePackComplianceSummaryList, ...(next !== undefined && { NextToken: next }) };
  },
});

interface Scored {
  readonly name: string;
  /** Of 100; `undefined` where nothing was evaluated. */
  readonly score: number | undefined;
}

async function scored({ name, rules }: Pack, tx: Transaction): Promise<Scored> {
  const all = (await Promise.all(rules.map((rule) => resultsOf(rule, tx)))).flat();
  const good = all.filter(({ compliance }) => compliance === "COMPLIANT").length;
  const bad = all.filter(({ compliance }) => compliance === "NON_COMPLIANT").length;
  return { name, score: good + bad === 0 ? undefined : (100 * good) / (good + bad) };
}

/** Places of scores in the order of texts: those without one come first. */
const orderOf = ({ score, name }: Scored) => [score === undefined ? "" : score.toFixed(6).padStart(10, "0"), name];

export const listConformancePackComplianceScores = operation("ListConformancePackComplianceScores", {
  authorize: () => ({ action: "config:ListConformancePackComplianceScores", resource: "*" }),

  async handle({ Filters, SortOrder, SortBy, Limit, NextToken: token }, context) {
    const { tx } = context;
    const names = Filters?.ConformancePackNames;
    const found = names ? await Promise.all(names.map((name) => tx.get(packs, name))) : await tx.scan(packs, ALL);
    const there = found.filter((pack) => pack !== undefined);
    const all = await Promise.all(there.map((pack) => scored(pack, tx)));
    const { rows, next } = pageOf(all, {
      token,
      limit: Limit || PACK_PAGE.usual,
      orderOf: SortBy === "SCORE" ? orderOf : ({ name }) => [name],
      descending: SortOrder === "DESCENDING",
      invalidToken: tokenInvalid,
    });
    return {
      ConformancePackComplianceScores: rows.map(({ name, score }) => ({
        ConformancePackName: name,
        Score: score === undefined ? "INSUFFICIENT_DATA" : score.toFixed(2),
        LastUpdatedTime: context.now(),
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

/** An account has fifty packs at most. */
const ALL = { limit: Infinity } as const;
