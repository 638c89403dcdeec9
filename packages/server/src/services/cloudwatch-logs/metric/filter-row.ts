/** The rows of metric filters: of their group, and in the orders in which they are listed. */
import type { MeasureUnit } from "../../../service/measure.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

export interface Transformation {
  readonly metricName: string;
  readonly metricNamespace: string;
  readonly metricValue: string;
  readonly defaultValue?: number;
  /** What each dimension's value is taken from, by name. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly unit?: MeasureUnit;
}

export interface MetricFilter {
  readonly group: string;
  readonly groupName: string;
  readonly name: string;
  readonly pattern: string;
  readonly transformation: Transformation;
  readonly onTransformed: boolean;
  readonly createdAtMs: number;
}

export const metricFilters = table<MetricFilter>("cloudwatch-logs.metric-filter", "region", ({ group, name }) => [
  group,
  name,
]);

export const filtersByName = table<MetricFilter>(
  "cloudwatch-logs.metric-filter-name",
  "region",
  ({ name, groupName }) => [name, groupName],
);

export const filtersByMetric = table<MetricFilter>(
  "cloudwatch-logs.metric-filter-metric",
  "region",
  ({ transformation: { metricNamespace, metricName }, name, groupName }) => [
    metricNamespace,
    metricName,
    name,
    groupName,
  ],
);

export function putFilter(filter: MetricFilter, tx: Transaction): void {
  for (const each of [metricFilters, filtersByName, filtersByMetric]) tx.put(each, filter);
}

export function deleteFilter(filter: MetricFilter, tx: Transaction): void {
  for (const each of [metricFilters, filtersByName, filtersByMetric]) tx.delete(each, ...each.keyOf(filter));
}
