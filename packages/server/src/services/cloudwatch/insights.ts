/** Answers to queries of Metrics Insights: many metrics of a namespace as one series, or as one for each group. */
import { SECOND_MS } from "../../kernel/duration.ts";
import { sumOf, type Distribution } from "../../kernel/distribution.ts";
import type { Context } from "../../service/context.ts";
import type { TimeRange } from "./datum.ts";
import { SEARCHED_METRICS_MAX } from "./limits.ts";
import type { Select, SelectFunction } from "./math/select.ts";
import type { Series } from "./math/value.ts";
import { isListed, metricsIn, type Metric } from "./metric.ts";
import { readPeriods } from "./series.ts";
import { parseStatistic } from "./statistic.ts";

const STATISTICS: Readonly<Record<SelectFunction, string>> = {
  AVG: "Average",
  COUNT: "SampleCount",
  MAX: "Maximum",
  MIN: "Minimum",
  SUM: "Sum",
};

/** Metrics that one query looks at. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-limits.html */
const METRICS_MAX = 10_000;

interface Group {
  readonly label: string;
  /** What its metrics have in common: values of dimensions. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly periods: Map<number, Distribution>;
}

export async function selectSeries(
  select: Select,
  { time, periodSeconds }: { readonly time: TimeRange; readonly periodSeconds: number },
  context: Context,
): Promise<Series[]> {
  const periodMs = periodSeconds * SECOND_MS;
  const groups = new Map<string, Group>();
  const nowMs = context.now().getTime();
  let seen = 0;
  for await (const metric of metricsIn([select.namespace, select.metric], context)) {
    if (!isListed(metric, nowMs) || !isSelected(metric, select)) continue;
    if (++seen > METRICS_MAX) break;
    const common = select.groupBy.map((name) => valueOf(metric, name) ?? "");
    const id = JSON.stringify(common);
    const attributes = Object.fromEntries(select.groupBy.map((name, at) => [name, common[at] ?? ""]));
    const group = groups.get(id) ?? { label: common.join(" "), attributes, periods: new Map<number, Distribution>() };
    groups.set(id, group);
    for (const [atMs, units] of await readPeriods({ id: metric.id, periodMs, ...time }, context)) {
      for (const values of units.values()) group.periods.set(atMs, sumOf(group.periods.get(atMs), values));
    }
  }
  return inOrder([...groups.values()], select).map((group) => seriesOf(group, select.function, periodMs));
}

const valueOf = ({ dimensions }: Metric, name: string): string | undefined =>
  dimensions.find(({ Name }) => Name === name)?.Value;

function isSelected(metric: Metric, { dimensions, where, groupBy }: Select): boolean {
  const names = metric.dimensions.map(({ Name }) => Name);
  const isSchema =
    dimensions === undefined ||
    (names.length === dimensions.length && names.every((name) => dimensions.includes(name)));
  return (
    isSchema &&
    groupBy.every((name) => names.includes(name)) &&
    where.every(({ dimension, isEqual, value }) => {
      const own = valueOf(metric, dimension);
      return own !== undefined && (own === value) === isEqual;
    })
  );
}

function inOrder(groups: readonly Group[], { orderBy, limit = SEARCHED_METRICS_MAX }: Select): readonly Group[] {
  if (orderBy === undefined) return groups.slice(0, limit);
  const rank = ({ periods }: Group): number => {
    const whole = [...periods.values()].reduce<Distribution | undefined>(sumOf, undefined);
    return whole === undefined ? Number.NEGATIVE_INFINITY : numberOf(orderBy.function, whole);
  };
  const sign = orderBy.descending ? -1 : 1;
  const ranked = groups.map((group) => ({ group, rank: rank(group) }));
  return ranked
    .toSorted((one, other) => sign * (one.rank - other.rank))
    .map(({ group }) => group)
    .slice(0, limit);
}

const numberOf = (called: SelectFunction, values: Distribution): number =>
  parseStatistic(STATISTICS[called])?.(values) ?? 0;

const seriesOf = ({ label, attributes, periods }: Group, called: SelectFunction, periodMs: number): Series => ({
  label,
  attributes,
  periodMs,
  points: [...periods]
    .toSorted(([one], [other]) => one - other)
    .map(([atMs, values]) => [atMs, numberOf(called, values)]),
});
