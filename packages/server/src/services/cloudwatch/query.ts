/** Queries of metrics and expressions over them: read, held to the rules, and answered. */
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Distribution } from "../../kernel/distribution.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { Validated } from "../../service/sdk.ts";
import type { TimeRange } from "./datum.ts";
import {
  expressionFault,
  expressionOrStat,
  idInvalid,
  idsRepeated,
  notBuilt,
  periodInvalid,
  statInvalid,
  statRequired,
} from "./errors.ts";
import { parseExpression, type Expression } from "./math/expression.ts";
import { isSelect, parseSelect, type Select } from "./math/select.ts";
import { SyntaxFault, UnbuiltFault } from "./math/token.ts";
import type { Point, Series } from "./math/value.ts";
import { metricId, type MetricName } from "./metric.ts";
import { firstPeriodMs, isPeriod, readPeriods } from "./series.ts";
import { parseStatistic, type Statistic } from "./statistic.ts";

export type GivenQuery = Validated<MetricDataQuery>;

interface Shared {
  readonly id: string;
  readonly label: string | undefined;
  readonly isReturned: boolean;
}

/** What is asked of a metric. */
export interface Stated {
  readonly metric: MetricName;
  readonly periodSeconds: number;
  readonly stat: string;
  readonly unit: string | undefined;
}

export interface StatQuery extends Shared, Stated {
  readonly kind: "stat";
}

export interface ExpressionQuery extends Shared {
  readonly kind: "expression";
  readonly expression: Expression;
  readonly text: string;
  readonly periodSeconds: number | undefined;
}

/** Of Metrics Insights. */
export interface SelectQuery extends Shared {
  readonly kind: "select";
  readonly select: Select;
  readonly periodSeconds: number;
}

export type Query = StatQuery | ExpressionQuery | SelectQuery;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html (Period) */
const SELECT_SECONDS = 300;

/** @throws {AwsError} `ValidationError`. `list`: what the member is called in errors. */
export function readQueries(given: readonly GivenQuery[], list: string): Query[] {
  const queries = given.map((query, index) => readQuery(query, `${list}.member.${index + 1}`));
  if (new Set(queries.map(({ id }) => id)).size < queries.length) throw idsRepeated();
  return queries;
}

function readQuery(given: GivenQuery, name: string): Query {
  const { Id: id, Label: label, ReturnData: isReturned = true, MetricStat, Expression } = given;
  if (!/^[a-z]\w*$/.test(id)) throw idInvalid(id, name);
  const shared = { id, label, isReturned };
  if (Expression === undefined) {
    if (MetricStat === undefined) throw statRequired(name);
    return { kind: "stat", ...shared, ...readMetricStat(MetricStat, name) };
  }
  if (MetricStat !== undefined) throw expressionOrStat(name);
  if (given.Period !== undefined && !isPeriod(given.Period)) throw periodInvalid(`${name}.Period`);
  if (isSelect(Expression)) {
    const select = orFault(id, () => parseSelect(Expression));
    return { kind: "select", ...shared, select, periodSeconds: given.Period ?? SELECT_SECONDS };
  }
  const expression = orFault(id, () => parseExpression(Expression));
  return { kind: "expression", ...shared, text: Expression, expression, periodSeconds: given.Period };
}

type GivenStat = NonNullable<GivenQuery["MetricStat"]>;

function readMetricStat({ Metric, Period: periodSeconds, Stat: stat, Unit: unit }: GivenStat, name: string): Stated {
  if (!isPeriod(periodSeconds)) throw periodInvalid(`${name}.MetricStat.Period`);
  if (parseStatistic(stat) === undefined) throw statInvalid(stat, name);
  return { metric: metricOf({ Metric }), periodSeconds, stat, unit };
}

export function metricOf({ Metric }: Pick<GivenStat, "Metric">): MetricName {
  const { Namespace: namespace = "", MetricName: name = "", Dimensions: dimensions = [] } = Metric;
  return { namespace, name, dimensions };
}

/** @throws {AwsError} `ValidationError`, in the words of what is wrong with the expression */
export function orFault<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnbuiltFault) throw notBuilt(error.message);
    if (error instanceof SyntaxFault) throw expressionFault(id, error.message);
    throw error;
  }
}

/** A metric over time, as numbers. */
export interface StatSeries extends Series {
  /** Of all units that were there where none was asked for; the first of them counts. */
  readonly units: readonly string[];
  readonly samples: ReadonlyMap<number, number>;
}

export async function readStat(query: Stated, time: TimeRange, context: Context): Promise<StatSeries> {
  const { metric, periodSeconds, unit } = query;
  const periodMs = periodSeconds * SECOND_MS;
  const periods = await readPeriods({ id: metricId(metric), periodMs, unit, ...time }, context);
  const units = [...new Set([...periods.values()].flatMap((each) => [...each.keys()]))].toSorted();
  const points: Point[] = [];
  const samples = new Map<number, number>();
  for (const [atMs, values] of periods) {
    const found = units[0] && values.get(units[0]);
    const value = found && statisticOf(query.stat)(found);
    if (found === undefined || value === undefined) continue;
    points.push([atMs, value]);
    samples.set(atMs, found.count);
  }
  return { label: metric.name, points, periodMs, units, samples };
}

const NONE: Statistic = (_values: Distribution) => undefined;
const statisticOf = (name: string): Statistic => parseStatistic(name) ?? NONE;

/** The time that a query asks for, beginning where its first period does. */
export const timeOf = (
  { startMs, endMs }: { startMs: number; endMs: number },
  periodSeconds: number,
  nowMs: number,
): TimeRange => ({
  fromMs: firstPeriodMs(startMs, periodSeconds, nowMs),
  toMs: endMs,
});
