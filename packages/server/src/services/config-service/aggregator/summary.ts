/** How many rules and packs are compliant in the accounts that an aggregator gathers from. */
import type { ConformancePackComplianceType } from "@aws-sdk/client-config-service";
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { gatheredCompliance } from "./compliance.ts";
import { onAggregator } from "./aggregator.ts";
import { placesOf, requireAggregator } from "./row.ts";
import { tokenInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE, SUMMARY_CAP } from "../limits.ts";
import { ruleCompliance, wholeCompliance } from "../pack/compliance.ts";
import { packs } from "../pack/row.ts";

/** What is found in one place. */
interface Counted {
  readonly AccountId: string;
  readonly AwsRegion: string;
  readonly compliance: string | undefined;
}

interface Asked {
  readonly Filters?: { readonly AccountId?: string | undefined; readonly AwsRegion?: string | undefined } | undefined;
  readonly GroupByKey?: "ACCOUNT_ID" | "AWS_REGION" | undefined;
  readonly Limit?: number | undefined;
  readonly NextToken?: string | undefined;
}

interface Group {
  readonly name: string;
  readonly good: number;
  readonly bad: number;
}

const isMeant = ({ AccountId, AwsRegion }: Counted, { Filters = {} }: Asked): boolean =>
  (Filters.AccountId ?? AccountId) === AccountId && (Filters.AwsRegion ?? AwsRegion) === AwsRegion;

/** One group of all where no key is given. */
function groupOf({ AccountId, AwsRegion }: Counted, { GroupByKey: key }: Asked): string {
  if (key === undefined) return "";
  return key === "ACCOUNT_ID" ? AccountId : AwsRegion;
}

function groups(all: readonly Counted[], asked: Asked) {
  const found = new Map<string, Group>();
  for (const one of all.filter((counted) => isMeant(counted, asked))) {
    const name = groupOf(one, asked);
    const { good, bad } = found.get(name) ?? { good: 0, bad: 0 };
    const isGood = one.compliance === "COMPLIANT" ? 1 : 0;
    const isBad = one.compliance === "NON_COMPLIANT" ? 1 : 0;
    found.set(name, { name, good: good + isGood, bad: bad + isBad });
  }
  const { Limit, NextToken: token } = asked;
  const limit = Limit || PAGE.usual;
  return pageOf([...found.values()], { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid });
}

const capped = (count: number) => ({ CappedCount: Math.min(count, SUMMARY_CAP), CapExceeded: count > SUMMARY_CAP });

const named = (name: string) => (name === "" ? {} : { GroupName: name });
const keyed = (key: string | undefined) => (key === undefined ? {} : { GroupByKey: key });

export const getAggregateConfigRuleComplianceSummary = operation("GetAggregateConfigRuleComplianceSummary", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("GetAggregateConfigRuleComplianceSummary")(name, context),

  async handle(input, context) {
    const all = (await gatheredCompliance(input.ConfigurationAggregatorName, context)).map((one) => ({
      AccountId: one.AccountId ?? "",
      AwsRegion: one.AwsRegion ?? "",
      compliance: one.Compliance?.ComplianceType,
    }));
    const { rows, next } = groups(all, input);
    return {
      ...keyed(input.GroupByKey),
      AggregateComplianceCounts: rows.map(({ name, good, bad }) => ({
        ...named(name),
        ComplianceSummary: {
          CompliantResourceCount: capped(good),
          NonCompliantResourceCount: capped(bad),
          ComplianceSummaryTimestamp: context.now(),
        },
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

interface GatheredPack extends Counted {
  readonly name: string;
  readonly compliance: ConformancePackComplianceType;
  readonly good: number;
  readonly bad: number;
  readonly total: number;
}

async function gatheredPacks(name: string, context: Context): Promise<readonly GatheredPack[]> {
  const found: GatheredPack[] = [];
  for (const { account, region, isAuthorized } of await placesOf(await requireAggregator(name, context), context)) {
    if (!isAuthorized) continue;
    const home = context.tx.in({ account, region });
    for (const pack of await home.scan(packs, { limit: Infinity })) {
      const all = await ruleCompliance(pack, home);
      found.push({
        AccountId: account,
        AwsRegion: region,
        name: pack.name,
        compliance: wholeCompliance(all),
        good: all.filter(({ compliance }) => compliance === "COMPLIANT").length,
        bad: all.filter(({ compliance }) => compliance === "NON_COMPLIANT").length,
        total: all.length,
      });
    }
  }
  return found;
}

export const getAggregateConformancePackComplianceSummary = operation("GetAggregateConformancePackComplianceSummary", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("GetAggregateConformancePackComplianceSummary")(name, context),

  async handle(input, context) {
    const { rows, next } = groups(await gatheredPacks(input.ConfigurationAggregatorName, context), input);
    return {
      ...keyed(input.GroupByKey),
      AggregateConformancePackComplianceSummaries: rows.map(({ name, good, bad }) => ({
        ...named(name),
        ComplianceSummary: { CompliantConformancePackCount: good, NonCompliantConformancePackCount: bad },
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

interface PackFilters {
  readonly ConformancePackName?: string | undefined;
  readonly ComplianceType?: string | undefined;
  readonly AccountId?: string | undefined;
  readonly AwsRegion?: string | undefined;
}

const isWanted = (pack: GatheredPack, filters: PackFilters): boolean =>
  (filters.ConformancePackName ?? pack.name) === pack.name &&
  (filters.ComplianceType ?? pack.compliance) === pack.compliance &&
  (filters.AccountId ?? pack.AccountId) === pack.AccountId &&
  (filters.AwsRegion ?? pack.AwsRegion) === pack.AwsRegion;

export const describeAggregateComplianceByConformancePacks = operation(
  "DescribeAggregateComplianceByConformancePacks",
  {
    authorize: ({ ConfigurationAggregatorName: name }, context) =>
      onAggregator("DescribeAggregateComplianceByConformancePacks")(name, context),

    async handle({ ConfigurationAggregatorName, Filters = {}, Limit, NextToken: token }, context) {
      const all = await gatheredPacks(ConfigurationAggregatorName, context);
      const { rows, next } = pageOf(
        all.filter((pack) => isWanted(pack, Filters)),
        {
          token,
          limit: Limit || PAGE.usual,
          orderOf: ({ AccountId, AwsRegion, name }) => [AccountId, AwsRegion, name],
          invalidToken: tokenInvalid,
        },
      );
      return {
        AggregateComplianceByConformancePacks: rows.map(({ name, AccountId, AwsRegion, ...pack }) => ({
          ConformancePackName: name,
          Compliance: {
            ComplianceType: pack.compliance,
            CompliantRuleCount: pack.good,
            NonCompliantRuleCount: pack.bad,
            TotalRuleCount: pack.total,
          },
          AccountId,
          AwsRegion,
        })),
        ...(next !== undefined && { NextToken: next }),
      };
    },
  },
);
