/** What is on record of resources. Source: https://docs.aws.amazon.com/config/latest/developerguide/view-manage-resource.html */
import type { BaseConfigurationItem, ConfigurationItem } from "@aws-sdk/client-config-service";
import { decodeToken, encodeToken, page, pageOf } from "../../../kernel/page.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { resourceUndiscovered, timeRangeInvalid, tokenInvalid, idsAndName } from "../errors.ts";
import { operation } from "../kit.ts";
import { HISTORY_PAGE, PAGE } from "../limits.ts";
import { isDeleted, items, itemsThere, RESOURCE_COMPLIANCE, resources, type Item } from "./row.ts";
import { requireRecorder } from "../recorder/row.ts";
import { KINDS } from "../resource/kinds.ts";

export const getResourceConfigHistory = operation("GetResourceConfigHistory", {
  authorize: () => ({ action: "config:GetResourceConfigHistory", resource: "*" }),

  async handle(input, context) {
    const { resourceType: type, resourceId: id, laterTime, earlierTime, chronologicalOrder, nextToken: token } = input;
    const { tx } = context;
    await requireRecorder(tx, context.region, "get resource config history");
    if (laterTime && earlierTime && earlierTime > laterTime) throw timeRangeInvalid();
    if ((await tx.get(resources, type, id)) === undefined) throw resourceUndiscovered(type, id);
    const limit = Math.min(input.limit || HISTORY_PAGE.usual, HISTORY_PAGE.max);
    const isForward = chronologicalOrder === "Forward";
    const last = token === undefined ? undefined : decodeToken(token, tokenInvalid);
    const rows = await tx.scan(items, {
      prefix: [type, id],
      ...rangeOf({ type, id, laterTime, earlierTime, last, isForward }),
      reverse: !isForward,
      limit: limit + 1,
    });
    const given = rows.slice(0, limit);
    const end = given.at(-1);
    return {
      configurationItems: given.map(shown),
      ...(rows.length > limit && end !== undefined && { nextToken: encodeToken(items.keyOf(end)) }),
    };
  },
});

interface Span {
  readonly type: string;
  readonly id: string;
  readonly laterTime: Date | undefined;
  readonly earlierTime: Date | undefined;
  /** Where the page before ended. */
  readonly last: Key | undefined;
  readonly isForward: boolean;
}

function rangeOf({ type, id, laterTime, earlierTime, last, isForward }: Span) {
  const later = laterTime && [type, id, laterTime.getTime() + 1];
  const earlier = earlierTime && [type, id, earlierTime.getTime()];
  return isForward
    ? { after: last, from: last === undefined ? earlier : undefined, before: later }
    : { from: earlier, before: last ?? later };
}

export const base = (item: Item): BaseConfigurationItem => ({
  version: "1.3",
  accountId: item.account,
  configurationItemCaptureTime: new Date(item.capturedAtMs),
  configurationItemStatus: item.status,
  configurationStateId: String(item.stateId),
  ...(item.arn !== "" && { arn: item.arn }),
  resourceType: item.type,
  resourceId: item.id,
  ...(item.name !== "" && { resourceName: item.name }),
  awsRegion: item.region,
  availabilityZone: "Regional",
  ...(item.createdAtMs !== undefined && { resourceCreationTime: new Date(item.createdAtMs) }),
  configuration: item.configuration,
  supplementaryConfiguration: { ...item.supplementary },
});

export const shown = (item: Item): ConfigurationItem => ({
  ...base(item),
  configurationItemMD5Hash: "",
  tags: { ...item.tags },
  relatedEvents: [],
  relationships: item.relationships.map(({ type, id, name, relation }) => ({
    resourceType: type,
    resourceId: id,
    ...(name !== undefined && { resourceName: name }),
    relationshipName: relation,
  })),
});

export const batchGetResourceConfig = operation("BatchGetResourceConfig", {
  authorize: () => ({ action: "config:BatchGetResourceConfig", resource: "*" }),

  async handle({ resourceKeys }, context) {
    await requireRecorder(context.tx, context.region, "batch get resource config");
    const baseConfigurationItems: BaseConfigurationItem[] = [];
    for (const { resourceType, resourceId } of resourceKeys) {
      const item = await context.tx.get(resources, resourceType, resourceId);
      // what is not on record is left out. Source: https://docs.aws.amazon.com/config/latest/APIReference/API_BatchGetResourceConfig.html
      if (item !== undefined && !isDeleted(item)) baseConfigurationItems.push(base(item));
    }
    return { baseConfigurationItems, unprocessedResourceKeys: [] };
  },
});

export const listDiscoveredResources = operation("ListDiscoveredResources", {
  authorize: () => ({ action: "config:ListDiscoveredResources", resource: "*" }),

  async handle(input, context) {
    const { resourceType: type, resourceIds, resourceName, includeDeletedResources = false, nextToken } = input;
    if (resourceIds !== undefined && resourceName !== undefined) throw idsAndName();
    await requireRecorder(context.tx, context.region, "list discovered resources");
    const { rows, next } = await page(context.tx, resources, {
      prefix: [type],
      token: nextToken,
      limit: input.limit || undefined,
      ...PAGE,
      usual: PAGE.max,
      invalidToken: tokenInvalid,
    });
    const wanted = rows.filter(
      (item) =>
        (includeDeletedResources || !isDeleted(item)) &&
        (resourceIds === undefined || resourceIds.includes(item.id)) &&
        (resourceName === undefined || item.name === resourceName),
    );
    return {
      resourceIdentifiers: wanted.map((item) => ({
        resourceType: type,
        resourceId: item.id,
        resourceName: item.name,
        ...(isDeleted(item) && { resourceDeletionTime: new Date(item.capturedAtMs) }),
      })),
      ...(next !== undefined && { nextToken: next }),
    };
  },
});

export const getDiscoveredResourceCounts = operation("GetDiscoveredResourceCounts", {
  authorize: () => ({ action: "config:GetDiscoveredResourceCounts", resource: "*" }),

  async handle({ resourceTypes = [], limit, nextToken: token }, context) {
    const types = [...KINDS.map(({ type }) => type), RESOURCE_COMPLIANCE]
      .toSorted()
      .filter((type) => resourceTypes.length === 0 || resourceTypes.includes(type));
    const counted = await Promise.all(types.map(async (type) => ({ type, count: await countOf(type, context) })));
    const all = counted.filter(({ count }) => count > 0);
    const { rows, next } = pageOf(all, {
      token,
      limit: limit || PAGE.max,
      orderOf: ({ type }) => [type],
      invalidToken: tokenInvalid,
    });
    return {
      totalDiscoveredResources: all.reduce((sum, { count }) => sum + count, 0),
      resourceCounts: rows.map(({ type, count }) => ({ resourceType: type, count })),
      ...(next !== undefined && { nextToken: next }),
    };
  },
});

const countOf = async (type: string, { tx }: Context): Promise<number> =>
  (await Array.fromAsync(itemsThere(type, tx), () => 1)).length;
