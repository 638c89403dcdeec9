/**
 * What series are called.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
import type { Point, Series } from "./math/value.ts";
import type { Query, StatQuery } from "./query.ts";
import type { FoundSeries } from "./answer.ts";

/** What labels tell of what the series was asked for with. */
export type Told = Pick<StatQuery, "metric" | "stat" | "periodSeconds">;

interface Labelled {
  readonly series: Series;
  /** Its metric; `undefined` for what an expression made. */
  readonly told: Told | undefined;
  readonly account: string;
  readonly region: string;
  /** `+0130` */
  readonly timezone: string | undefined;
  /** What `${LABEL}` stands for. */
  readonly usual: string;
}

/**
 * The label of a metric that has none of its own: its name, and what else makes it differ from the others.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_label_generation)
 */
export function usualLabel(query: StatQuery, all: readonly Query[]): string {
  const others = all.filter((other) => other.kind === "stat" && other.isReturned);
  const differ = (part: (of: StatQuery) => unknown): boolean =>
    others.some((other) => other.kind === "stat" && part(other) !== part(query));
  const parts = [query.metric.name];
  if (others.some((other) => other.kind === "stat" && other !== query && other.metric.name === query.metric.name)) {
    if (differ(({ stat }) => stat)) parts.push(query.stat);
    if (differ(({ periodSeconds }) => periodSeconds)) parts.push(String(query.periodSeconds));
  }
  return parts.join(" ");
}

export const toldOf = (series: Series): Told | undefined => (isFound(series) ? series.query : undefined);
const isFound = (series: Series): series is FoundSeries => "query" in series;

const PLACE = /\$(!?)\{(?:PROP\('([^']*)'\)|([A-Z_]+))\}/g;

/** `label` with what stands in braces replaced. */
export function filledLabel(label: string, labelled: Labelled): string {
  return label.replaceAll(PLACE, (whole, escape: string, property?: string, name?: string) => {
    if (escape === "!") return whole.replace("!", "");
    return (property === undefined ? valueOf(name ?? "", labelled) : propertyOf(property, labelled)) ?? whole;
  });
}

function propertyOf(name: string, { told, account, region }: Labelled): string | undefined {
  const dimension = /^Dim\.(.*)$/s.exec(name)?.[1];
  if (dimension !== undefined) return told?.metric.dimensions.find(({ Name }) => Name === dimension)?.Value;
  const properties: Readonly<Record<string, string | undefined>> = {
    AccountId: account,
    Region: region,
    ...(told !== undefined && {
      MetricName: told.metric.name,
      Namespace: told.metric.namespace,
      Stat: told.stat,
      Period: String(told.periodSeconds),
    }),
  };
  return properties[name];
}

function valueOf(name: string, { series: { points }, timezone, usual }: Labelled): string | undefined {
  const sum = points.reduce((total, [, value]) => total + value, 0);
  const whole: Readonly<Record<string, string>> = {
    LABEL: usual,
    DATAPOINT_COUNT: String(points.length),
    SUM: shown(sum),
    AVG: shown(sum / Math.max(points.length, 1)),
  };
  if (Object.hasOwn(whole, name)) return whole[name];
  const [, what, time] = /^(MIN|MAX|FIRST|LAST)(_TIME)?$/.exec(name) ?? [];
  if (what === undefined) return undefined;
  const point = pointOf(what, points);
  if (point === undefined) return "--";
  return time === undefined ? shown(point[1]) : shownTime(point[0], timezone);
}

function pointOf(what: string, points: readonly Point[]): Point | undefined {
  if (what === "FIRST") return points[0];
  if (what === "LAST") return points.at(-1);
  const sign = what === "MAX" ? 1 : -1;
  return points.reduce<Point | undefined>(
    (best, point) => (best === undefined || sign * point[1] > sign * best[1] ? point : best),
    undefined,
  );
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));

function shownTime(atMs: number, timezone = "+0000"): string {
  const [, sign = "+", hours = "0", minutes = "0"] = /^([+-])(\d\d)(\d\d)$/.exec(timezone) ?? [];
  const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1);
  return new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19).replace("T", " ");
}
