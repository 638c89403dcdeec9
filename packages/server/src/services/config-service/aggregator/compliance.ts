/** What rules found, gathered from the accounts that let an aggregator see it. */
import type { AggregateComplianceByConfigRule } from "@aws-sdk/client-config-service";
import { asRegion, parseAccountId } from "../../../kernel/arn.ts";
import { page, pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onAggregator } from "./aggregator.ts";
import { placesOf, requireAggregator } from "./row.ts";
import { complianceOf, isWanted, shown } from "../compliance/compliance.ts";
import { ruleNotFound, tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE } from "../limits.ts";
import { results, resultsOf } from "../evaluation/result-row.ts";
import { rules } from "../rule/row.ts";

export const describeAggregateComplianceByConfigRules = operation("DescribeAggregateComplianceByConfigRules", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("DescribeAggregateComplianceByConfigRules")(name, context),

  async handle({ ConfigurationAggregatorName: name, Filters = {}, Limit, NextToken: token }, context) {
    const all = await gatheredCompliance(name, context);
    const wanted = all.filter(
      (one) =>
        (Filters.ConfigRuleName ?? one.ConfigRuleName) === one.ConfigRuleName &&
        (Filters.AccountId ?? one.AccountId) === one.AccountId &&
        (Filters.AwsRegion ?? one.AwsRegion) === one.AwsRegion &&
        (Filters.ComplianceType ?? one.Compliance?.ComplianceType) === one.Compliance?.ComplianceType,
    );
    const limit = Limit || PAGE.usual;
    const { rows, next } = pageOf(wanted, {
      token,
      limit,
      orderOf: ({ AccountId = "", AwsRegion = "", ConfigRuleName = "" }) => [AccountId, AwsRegion, ConfigRuleName],
      invalidToken: tokenInvalid,
    });
    return { AggregateComplianceByConfigRules: [...rows], ...(next !== undefined && { NextToken: next }) };
  },
});

export async function gatheredCompliance(name: string, context: Context): Promise<AggregateComplianceByConfigRule[]> {
  const found: AggregateComplianceByConfigRule[] = [];
  for (const { account, region, isAuthorized } of await placesOf(await requireAggregator(name, context), context)) {
    if (!isAuthorized) continue;
    const home = context.tx.in({ account, region });
    for (const rule of await home.scan(rules, { limit: Infinity })) {
      found.push({
        ConfigRuleName: rule.name,
        Compliance: complianceOf(await resultsOf(rule.name, home)),
        AccountId: account,
        AwsRegion: region,
      });
    }
  }
  return found;
}

export const getAggregateComplianceDetailsByConfigRule = operation("GetAggregateComplianceDetailsByConfigRule", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("GetAggregateComplianceDetailsByConfigRule")(name, context),

  async handle(input, context) {
    const { ConfigurationAggregatorName: name, ConfigRuleName: rule, AccountId, AwsRegion, ComplianceType } = input;
    const places = await placesOf(await requireAggregator(name, context), context);
    const account = parseAccountId(AccountId);
    const region = asRegion(AwsRegion);
    const place = places.find((one) => one.account === account && one.region === region);
    const home = place?.isAuthorized === true ? context.tx.in(place) : undefined;
    if (home === undefined || (await home.get(rules, rule)) === undefined) throw ruleNotFound(rule);
    const { rows, next } = await page(home, results, {
      prefix: [rule],
      token: input.NextToken,
      limit: input.Limit || undefined,
      max: PAGE.max,
      usual: PAGE.usual,
      invalidToken: tokenInvalid,
    });
    const wanted = rows.filter((result) => isWanted(result, ComplianceType && [ComplianceType]));
    return {
      AggregateEvaluationResults: wanted.map((result) => ({ ...shown(result), AccountId, AwsRegion })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});
