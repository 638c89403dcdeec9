/**
 * Metric filters: what is counted of the events of a group.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
 */
import type { MetricFilter as ShownFilter, MetricTransformation } from "@aws-sdk/client-cloudwatch-logs";
import { page, type Page } from "../../../kernel/page.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { Context } from "../../../service/context.ts";
import { onGroup } from "../access.ts";
import { onAccount } from "../account-access.ts";
import {
  defaultWithDimensions,
  invalidParameter,
  invalidToken,
  limitExceeded,
  metricFilterNotFound,
  notForClass,
  tooManyDimensions,
} from "../errors.ts";
import { groups, requireOwnGroup, type LogGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { METRIC_FILTER_DIMENSIONS_MAX, METRIC_FILTERS_PER_GROUP_MAX, PAGE_MAX } from "../limits.ts";
import { parsePattern } from "../pattern/pattern.ts";
import { requireRegexRoom } from "../regex-quota.ts";
import { notBuilt } from "../unbuilt.ts";
import {
  deleteFilter,
  filtersByMetric,
  filtersByName,
  metricFilters,
  putFilter,
  type MetricFilter,
  type Transformation,
} from "./filter-row.ts";

export const putMetricFilter = operation("PutMetricFilter", {
  authorize: (input, context) => onGroup("PutMetricFilter", input, context),

  async handle(input, context) {
    const { tx } = context;
    if (input.fieldSelectionCriteria !== undefined) throw notBuilt("fieldSelectionCriteria");
    if (input.emitSystemFieldDimensions !== undefined) throw notBuilt("emitSystemFieldDimensions");
    await parsePattern(input.filterPattern);
    const transformation = requireTransformation(input.metricTransformations);
    const group = await requireOwnGroup(input.logGroupName, context);
    if (group.class !== "STANDARD") throw notForClass(group.class);
    await requireRegexRoom({ name: input.filterName, pattern: input.filterPattern }, group, context);
    const was = await tx.get(metricFilters, group.id, input.filterName);
    if (was !== undefined) deleteFilter(was, tx);
    else addFilter(group, context);
    const filter: MetricFilter = {
      group: group.id,
      groupName: group.name,
      name: input.filterName,
      pattern: input.filterPattern,
      transformation,
      onTransformed: input.applyOnTransformedLogs ?? false,
      createdAtMs: was?.createdAtMs ?? context.now().getTime(),
    };
    putFilter(filter, tx);
    return {};
  },
});

function addFilter(group: LogGroup, { tx }: Context): void {
  if (group.metricFilters >= METRIC_FILTERS_PER_GROUP_MAX) throw limitExceeded();
  tx.put(groups, { ...group, metricFilters: group.metricFilters + 1 });
}

/** The model asks for exactly one. @throws {AwsError} `InvalidParameterException` */
function requireTransformation([first]: readonly Validated<MetricTransformation>[]): Transformation {
  if (first === undefined) throw invalidParameter("metricTransformations is required.");
  const { metricName, metricNamespace, metricValue, defaultValue, dimensions, unit } = first;
  if (!/^(\$.*|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/s.test(metricValue)) {
    throw invalidParameter(`Invalid metric transformation: '${metricValue}' is not a valid metricValue`);
  }
  if (dimensions !== undefined && defaultValue !== undefined) throw defaultWithDimensions();
  if (Object.keys(dimensions ?? {}).length > METRIC_FILTER_DIMENSIONS_MAX) throw tooManyDimensions();
  return {
    metricName,
    metricNamespace,
    metricValue,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(dimensions !== undefined && { dimensions }),
    ...(unit !== undefined && { unit }),
  };
}

export const deleteMetricFilter = operation("DeleteMetricFilter", {
  authorize: (input, context) => onGroup("DeleteMetricFilter", input, context),

  async handle({ logGroupName, filterName }, context) {
    const { tx } = context;
    const group = await requireOwnGroup(logGroupName, context);
    const filter = await tx.get(metricFilters, group.id, filterName);
    if (filter === undefined) throw metricFilterNotFound();
    deleteFilter(filter, tx);
    tx.put(groups, { ...group, metricFilters: group.metricFilters - 1 });
    return {};
  },
});

export const describeMetricFilters = operation("DescribeMetricFilters", {
  authorize: ({ logGroupName }, context) =>
    onGroup("DescribeMetricFilters", { logGroupName: logGroupName ?? "" }, context),

  async handle(input, context) {
    const { rows, next } = await listed(input, context);
    const found: ShownFilter[] = [];
    for (const row of rows) if (await isOfGroup(row, context)) found.push(show(row));
    return { metricFilters: found, ...(next !== undefined && { nextToken: next }) };
  },
});

/** Earlier versions left those of deleted groups behind. */
const isOfGroup = async ({ group, groupName }: MetricFilter, { tx }: Context): Promise<boolean> =>
  (await tx.get(groups, groupName))?.id === group;

interface Listing {
  readonly logGroupName?: string | undefined;
  readonly filterNamePrefix?: string | undefined;
  readonly nextToken?: string | undefined;
  readonly limit?: number | undefined;
  readonly metricName?: string | undefined;
  readonly metricNamespace?: string | undefined;
}

async function listed(input: Listing, context: Context): Promise<Page<MetricFilter>> {
  const { logGroupName, filterNamePrefix: startsWith, metricName, metricNamespace, nextToken: token, limit } = input;
  if ((metricName === undefined) !== (metricNamespace === undefined)) {
    throw invalidParameter("metricName and metricNamespace must be specified together.");
  }
  const paging = { token, limit, max: PAGE_MAX, invalidToken, startsWith };
  if (logGroupName !== undefined) {
    const group = await requireOwnGroup(logGroupName, context);
    const { rows, ...rest } = await page(context.tx, metricFilters, { ...paging, prefix: [group.id] });
    return { rows: rows.filter((one) => isOf(one, metricNamespace, metricName)), ...rest };
  }
  if (metricName === undefined || metricNamespace === undefined) return page(context.tx, filtersByName, paging);
  return page(context.tx, filtersByMetric, { ...paging, prefix: [metricNamespace, metricName] });
}

const isOf = ({ transformation: one }: MetricFilter, namespace?: string, name?: string): boolean =>
  name === undefined || (one.metricName === name && one.metricNamespace === namespace);

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
const show = ({ name, pattern, transformation, createdAtMs, groupName, onTransformed }: MetricFilter): ShownFilter => ({
  filterName: name,
  filterPattern: pattern,
  metricTransformations: [{ ...transformation, ...shownDimensions(transformation) }],
  creationTime: createdAtMs,
  logGroupName: groupName,
  applyOnTransformedLogs: onTransformed,
});

const shownDimensions = ({ dimensions }: Transformation) => dimensions && { dimensions: { ...dimensions } };

export const testMetricFilter = operation("TestMetricFilter", {
  authorize: () => onAccount("TestMetricFilter"),

  async handle({ filterPattern, logEventMessages }) {
    const pattern = await parsePattern(filterPattern);
    const matches = logEventMessages.flatMap((eventMessage, at) => {
      const extracted = pattern.match(eventMessage);
      return extracted === undefined ? [] : [{ eventNumber: at + 1, eventMessage, extractedValues: { ...extracted } }];
    });
    return { matches };
  },
});
