/** What aggregators gather: read where it is on record, from the accounts that let them. */
import type { AggregateResourceIdentifier, ResourceType } from "@aws-sdk/client-config-service";
import { asRegion, parseAccountId } from "../../../kernel/arn.ts";
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onAggregator } from "./aggregator.ts";
import { placesOf, requireAggregator, type Aggregator } from "./row.ts";
import { resourceUndiscovered, tokenInvalid } from "../errors.ts";
import { base, shown } from "../item/item.ts";
import { isDeleted, itemsThere, resources, type Item } from "../item/row.ts";
import { operation } from "../kit.ts";
import { PAGE } from "../limits.ts";

/** Those of a type, or all; that are there. */
export async function gathered(
  aggregator: Aggregator,
  type: ResourceType | undefined,
  context: Context,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (const { account, region, isAuthorized } of await placesOf(aggregator, context)) {
    if (!isAuthorized) continue;
    for await (const item of itemsThere(type, context.tx.in({ account, region }))) found.push(item);
  }
  return found;
}

const identifierOf = (item: Item): AggregateResourceIdentifier => ({
  SourceAccountId: item.account,
  SourceRegion: item.region,
  ResourceId: item.id,
  ResourceType: item.type,
  ResourceName: item.name,
});

const orderOf = ({ account, region, type, id }: Item) => [account, region, type, id];

export const listAggregateDiscoveredResources = operation("ListAggregateDiscoveredResources", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("ListAggregateDiscoveredResources")(name, context),

  async handle({ ConfigurationAggregatorName: name, ResourceType: type, Filters, Limit, NextToken: token }, context) {
    const { AccountId, Region, ResourceId, ResourceName } = Filters ?? {};
    const all = await gathered(await requireAggregator(name, context), type, context);
    const wanted = all.filter(
      (item) =>
        (AccountId ?? item.account) === item.account &&
        (Region ?? item.region) === item.region &&
        (ResourceId ?? item.id) === item.id &&
        (ResourceName ?? item.name) === item.name,
    );
    const limit = Limit || PAGE.max;
    const { rows, next } = pageOf(wanted, { token, limit, orderOf, invalidToken: tokenInvalid });
    return { ResourceIdentifiers: rows.map(identifierOf), ...(next !== undefined && { NextToken: next }) };
  },
});

interface Named {
  readonly SourceAccountId: string;
  readonly SourceRegion: string;
  readonly ResourceId: string;
  readonly ResourceType: ResourceType;
}

async function findGathered(named: Named, aggregator: Aggregator, context: Context): Promise<Item | undefined> {
  const account = parseAccountId(named.SourceAccountId);
  const region = asRegion(named.SourceRegion);
  const places = await placesOf(aggregator, context);
  const place = places.find((one) => one.account === account && one.region === region);
  if (place?.isAuthorized !== true) return undefined;
  const item = await context.tx.in(place).get(resources, named.ResourceType, named.ResourceId);
  return item === undefined || isDeleted(item) ? undefined : item;
}

export const getAggregateResourceConfig = operation("GetAggregateResourceConfig", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("GetAggregateResourceConfig")(name, context),

  async handle({ ConfigurationAggregatorName: name, ResourceIdentifier: named }, context) {
    const item = await findGathered(named, await requireAggregator(name, context), context);
    if (item === undefined) throw resourceUndiscovered(named.ResourceType, named.ResourceId);
    return { ConfigurationItem: shown(item) };
  },
});

export const batchGetAggregateResourceConfig = operation("BatchGetAggregateResourceConfig", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("BatchGetAggregateResourceConfig")(name, context),

  async handle({ ConfigurationAggregatorName: name, ResourceIdentifiers: named }, context) {
    const aggregator = await requireAggregator(name, context);
    const found = await Promise.all(named.map((one) => findGathered(one, aggregator, context)));
    return {
      BaseConfigurationItems: found.filter((item) => item !== undefined).map(base),
      UnprocessedResourceIdentifiers: named.filter((_, at) => found[at] === undefined).map((one) => ({ ...one })),
    };
  },
});

export const getAggregateDiscoveredResourceCounts = operation("GetAggregateDiscoveredResourceCounts", {
  authorize: ({ ConfigurationAggregatorName: name }, context) =>
    onAggregator("GetAggregateDiscoveredResourceCounts")(name, context),

  async handle({ ConfigurationAggregatorName: name, Filters, GroupByKey, Limit, NextToken: token }, context) {
    const { ResourceType: type, AccountId, Region } = Filters ?? {};
    const all = (await gathered(await requireAggregator(name, context), type, context)).filter(
      (item) => (AccountId ?? item.account) === item.account && (Region ?? item.region) === item.region,
    );
    if (GroupByKey === undefined) return { TotalDiscoveredResources: all.length };
    const keyOf = (item: Item) =>
      ({ RESOURCE_TYPE: item.type, ACCOUNT_ID: item.account, AWS_REGION: item.region })[GroupByKey];
    const counts = [...Map.groupBy(all, keyOf)].map(([GroupName, some]) => ({ GroupName, ResourceCount: some.length }));
    const limit = Limit || PAGE.max;
    const { rows, next } = pageOf(counts, {
      token,
      limit,
      orderOf: ({ GroupName }) => [GroupName],
      invalidToken: tokenInvalid,
    });
    return {
      TotalDiscoveredResources: all.length,
      GroupByKey,
      GroupedResourceCounts: [...rows],
      ...(next !== undefined && { NextToken: next }),
    };
  },
});
