/** Aggregators. Source: https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html */
import type { ConfigurationAggregator } from "@aws-sdk/client-config-service";
import { page, pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { passedRole } from "../../../service/passed-role.ts";
import { noteRequests } from "./request.ts";
import {
  aggregatorArn,
  aggregators,
  placesOf,
  requireAggregator,
  type Aggregator,
  type AggregatorSource,
  type Regions,
} from "./row.ts";
import {
  aggregatorNotFound,
  aggregatorsNotFound,
  aggregatorRegionsMissing,
  aggregatorRegionsTwice,
  aggregatorSourcesMissing,
  aggregatorSourcesTwice,
  notImplemented,
  tokenInvalid,
  tooManyAggregators,
} from "../errors.ts";
import { ITSELF, configArn, operation, placeOf } from "../kit.ts";
import { AGGREGATOR_PAGE, AGGREGATORS_MAX } from "../limits.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

export const onAggregator = (action: string) => async (name: string, context: Context) => {
  const aggregator = await context.tx.get(aggregators, name);
  return {
    action: `config:${action}`,
    resource: aggregator ? aggregatorArn(aggregator) : configArn(context, "config-aggregator/*"),
    resourceTags: aggregator?.tags,
  };
};

interface GivenRegions {
  readonly AllAwsRegions?: boolean | undefined;
  readonly AwsRegions?: readonly string[] | undefined;
}

interface Given {
  readonly AccountAggregationSources?:
    | readonly (GivenRegions & { readonly AccountIds: readonly string[] })[]
    | undefined;
  readonly OrganizationAggregationSource?: (GivenRegions & { readonly RoleArn: string }) | undefined;
}

export const putConfigurationAggregator = operation("PutConfigurationAggregator", {
  authorize: async ({ ConfigurationAggregatorName: name, OrganizationAggregationSource, Tags = [] }, context) => {
    const asked = await onAggregator("PutConfigurationAggregator")(name, context);
    const { RoleArn } = OrganizationAggregationSource ?? {};
    const roles = RoleArn === undefined ? [] : [passedRole(RoleArn, ITSELF.service)];
    return [{ ...asked, requestTags: tagsOf(Tags) }, ...roles];
  },

  async handle(input, context) {
    const { ConfigurationAggregatorName: name, Tags = [], AggregatorFilters } = input;
    if (AggregatorFilters !== undefined) throw notImplemented("AggregatorFilters");
    const source = requireSource(input);
    const { tx } = context;
    const before = await tx.get(aggregators, name);
    if (before === undefined && (await tx.scan(aggregators, { limit: AGGREGATORS_MAX })).length >= AGGREGATORS_MAX) {
      throw tooManyAggregators(AGGREGATORS_MAX);
    }
    const nowMs = context.now().getTime();
    const aggregator: Aggregator = {
      ...placeOf(context),
      name,
      id: before?.id ?? `config-aggregator-${context.newId().slice(0, 8)}`,
      source,
      createdAtMs: before?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
      tags: firstTags(before, Tags),
    };
    tx.put(aggregators, aggregator);
    noteRequests({ before, after: aggregator }, tx);
    return { ConfigurationAggregator: shown(aggregator) };
  },
});

/** @throws {AwsError} `InvalidParameterValueException` */
function requireSource({ AccountAggregationSources, OrganizationAggregationSource }: Given): AggregatorSource {
  const [accounts] = AccountAggregationSources ?? [];
  if (accounts && OrganizationAggregationSource) throw aggregatorSourcesTwice();
  if (accounts) return { kind: "accounts", accounts: [...accounts.AccountIds], ...requireRegions(accounts) };
  if (!OrganizationAggregationSource) throw aggregatorSourcesMissing();
  const { RoleArn: roleArn } = OrganizationAggregationSource;
  return { kind: "organization", roleArn, ...requireRegions(OrganizationAggregationSource) };
}

function requireRegions({ AllAwsRegions = false, AwsRegions = [] }: GivenRegions): Regions {
  if (AllAwsRegions && AwsRegions.length > 0) throw aggregatorRegionsTwice();
  if (!AllAwsRegions && AwsRegions.length === 0) throw aggregatorRegionsMissing();
  return AllAwsRegions ? {} : { regions: [...AwsRegions] };
}

function shown(aggregator: Aggregator): ConfigurationAggregator {
  const { name, source, createdAtMs, updatedAtMs } = aggregator;
  const regions = {
    AllAwsRegions: source.regions === undefined,
    ...(source.regions && { AwsRegions: [...source.regions] }),
  };
  return {
    ConfigurationAggregatorName: name,
    ConfigurationAggregatorArn: aggregatorArn(aggregator),
    CreationTime: new Date(createdAtMs),
    LastUpdatedTime: new Date(updatedAtMs),
    ...(source.kind === "accounts"
      ? { AccountAggregationSources: [{ AccountIds: [...source.accounts], ...regions }] }
      : { OrganizationAggregationSource: { RoleArn: source.roleArn, ...regions } }),
  };
}

export const describeConfigurationAggregators = operation("DescribeConfigurationAggregators", {
  authorize: () => ({ action: "config:DescribeConfigurationAggregators", resource: "*" }),

  async handle({ ConfigurationAggregatorNames: names = [], Limit, NextToken: token }, context) {
    const limit = Limit || AGGREGATOR_PAGE.usual;
    const found = await Promise.all(names.map((name) => context.tx.get(aggregators, name)));
    const asked = found.filter((aggregator) => aggregator !== undefined);
    if (asked.length < names.length) throw names.length > 1 ? aggregatorsNotFound() : aggregatorNotFound();
    const { rows, next } =
      asked.length > 0
        ? pageOf(asked, { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid })
        : await page(context.tx, aggregators, { token, limit, max: AGGREGATOR_PAGE.max, invalidToken: tokenInvalid });
    return { ConfigurationAggregators: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteConfigurationAggregator = operation("DeleteConfigurationAggregator", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("DeleteConfigurationAggregator")(name, context),

  async handle({ ConfigurationAggregatorName: name }, context) {
    const before = await requireAggregator(name, context);
    context.tx.delete(aggregators, name);
    noteRequests({ before, after: undefined }, context.tx);
    return {};
  },
});

export const describeConfigurationAggregatorSourcesStatus = operation("DescribeConfigurationAggregatorSourcesStatus", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("DescribeConfigurationAggregatorSourcesStatus")(name, context),

  async handle({ ConfigurationAggregatorName: name, UpdateStatus = [], Limit, NextToken: token }, context) {
    const aggregator = await requireAggregator(name, context);
    const all = (await placesOf(aggregator, context)).map((place) => ({
      SourceId: place.account,
      SourceType: "ACCOUNT" as const,
      AwsRegion: place.region,
      LastUpdateStatus: place.isAuthorized ? ("SUCCEEDED" as const) : ("FAILED" as const),
      LastUpdateTime: new Date(aggregator.updatedAtMs),
      ...(!place.isAuthorized && { LastErrorCode: "AccountNotAuthorized" }),
    }));
    const wanted = all.filter(
      ({ LastUpdateStatus }) => UpdateStatus.length === 0 || UpdateStatus.includes(LastUpdateStatus),
    );
    const limit = Limit || AGGREGATOR_PAGE.usual;
    const orderOf = (one: (typeof all)[number]) => [one.SourceId, one.AwsRegion];
    const { rows, next } = pageOf(wanted, { token, limit, orderOf, invalidToken: tokenInvalid });
    return { AggregatedSourceStatusList: [...rows], ...(next !== undefined && { NextToken: next }) };
  },
});
