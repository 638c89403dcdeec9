/**
 * The functions of metric math.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Surroundings } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { filled, timesOf } from "./fill.ts";
import { SyntaxFault } from "./token.ts";
import {
  across,
  listOf,
  mapped,
  scalarOf,
  seriesOf,
  TYPE_NAMES,
  valuesOf,
  withPoints,
  type Point,
  type Series,
  type Value,
} from "./value.ts";

/** What a function is called with. */
export interface Given {
  readonly name: string;
  readonly given: readonly Expression[];
  readonly value: (index: number) => Value;
  /** What is given as a word, such as `REPEAT`, or as a text. */
  readonly word: (index: number) => string | undefined;
  readonly around: Surroundings;
}

interface MathFunction {
  /** The least and the most arguments. */
  readonly takes: readonly [number, number];
  readonly of: (given: Given) => Value;
}

const wrong = ({ name }: Given, value: Value): SyntaxFault =>
  new SyntaxFault(`Unsupported operand type(s) for ${name}: '[${TYPE_NAMES[value.type]}]'`);

function listIn(given: Given, index = 0): readonly Series[] {
  const value = given.value(index);
  if (value.type === "list") return value.list;
  throw wrong(given, value);
}

function seriesIn(given: Given, index = 0): Series {
  const value = given.value(index);
  if (value.type === "series") return value.series;
  throw wrong(given, value);
}

function scalarIn(given: Given, index: number): number {
  const value = given.value(index);
  if (value.type === "scalar") return value.scalar;
  throw wrong(given, value);
}

type Reduce = (values: readonly number[]) => number;

const sum: Reduce = (values) => values.reduce((total, value) => total + value, 0);
const average: Reduce = (values) => sum(values) / values.length;
const least: Reduce = (values) => values.reduce((one, other) => Math.min(one, other), Infinity);
const most: Reduce = (values) => values.reduce((one, other) => Math.max(one, other), -Infinity);
const deviation: Reduce = (values) => {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
};

/** Of a series a number, of a list a series. */
const reducing = (reduce: Reduce): MathFunction => ({
  takes: [1, 1],
  of: (given) => {
    const value = given.value(0);
    if (value.type === "series") return scalarOf(reduce(valuesOf(value.series)));
    if (value.type === "list") return seriesOf(across(value.list, reduce));
    return value;
  },
});

const changing = (change: (value: number) => number): MathFunction => ({
  takes: [1, 1],
  of: (given) => mapped(given.value(0), change),
});

/** Of the time of each point. */
const ofTime = (part: (time: Date) => number): MathFunction => ({
  takes: [1, 1],
  of: (given) => mapped(given.value(0), (_value, atMs) => part(new Date(atMs))),
});

/** Of each point and the one before it; the first has none. */
const ofSteps = (step: (to: Point, from: Point) => number): MathFunction => ({
  takes: [1, 1],
  of: (given) => eachSeries(given, (series) => withPoints(series, stepsOf(series.points, step))),
});

function stepsOf(points: readonly Point[], step: (to: Point, from: Point) => number): Point[] {
  const steps: Point[] = [];
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (from !== undefined) steps.push([to[0], step(to, from)]);
  }
  return steps;
}

function eachSeries(given: Given, change: (series: Series) => Series): Value {
  const value = given.value(0);
  if (value.type === "series") return seriesOf(change(value.series));
  if (value.type === "list") return listOf(value.list.map(change));
  throw wrong(given, value);
}

const runningSum = (series: Series): Series => {
  let total = 0;
  return withPoints(
    series,
    series.points.map(([atMs, value]) => [atMs, (total += value)]),
  );
};

function countPoints(given: Given): Value {
  const value = given.value(0);
  if (value.type === "series") return scalarOf(value.series.points.length);
  if (value.type === "list") return seriesOf(across(value.list, (values) => values.length));
  throw wrong(given, value);
}

const NOTHING: Value = seriesOf({ label: "", points: [], periodMs: 0 });

/**
 * Each branch counts where the condition holds, or does not; without a second there is nothing then.
 * Source: https://aws.amazon.com/blogs/mt/enhance-cloudwatch-metrics-with-metric-math-functions/
 */
function choose(given: Given): Value {
  const [condition, yes] = [given.value(0), given.value(1)];
  const no = given.given.length > 2 ? given.value(2) : NOTHING;
  if (condition.type === "scalar") return condition.scalar === 0 ? no : yes;
  const taken = { type: "list" as const, list: [] };
  if (condition.type === "list" || yes.type === "list" || no.type === "list") throw wrong(given, taken);
  const [ofYes, ofNo] = [valueAt(yes), valueAt(no)];
  const points: Point[] = [];
  for (const [atMs, holds] of condition.series.points) {
    const value = (holds === 0 ? ofNo : ofYes)(atMs);
    if (value !== undefined) points.push([atMs, value]);
  }
  return seriesOf(withPoints(condition.series, points));
}

/** What a branch is worth at a time: a scalar always the same. */
function valueAt(branch: Exclude<Value, { readonly type: "list" }>): (atMs: number) => number | undefined {
  if (branch.type === "scalar") return () => branch.scalar;
  const points = new Map(branch.series.points);
  return (atMs) => points.get(atMs);
}

const REDUCTIONS: Readonly<Record<string, Reduce>> = { AVG: average, MAX: most, MIN: least, SUM: sum };

/** `SORT(METRICS(), AVG, DESC, 10)` */
function sort(given: Given): Value {
  const reduce = findOwn(REDUCTIONS, given.word(1) ?? "");
  const order = given.word(2);
  if (reduce === undefined || (order !== "ASC" && order !== "DESC")) {
    throw new SyntaxFault("SORT takes AVG, MAX, MIN or SUM, and ASC or DESC");
  }
  const sign = order === "ASC" ? 1 : -1;
  const keyed = listIn(given).map((series) => ({ series, key: reduce(valuesOf(series)) }));
  // those without points come last
  const inOrder = keyed.toSorted((one, other) => rank(one.key, sign) - rank(other.key, sign) || 0);
  const limit = given.given.length > 3 ? scalarIn(given, 3) : keyed.length;
  return listOf(inOrder.slice(0, limit).map(({ series }) => series));
}

const rank = (key: number, sign: number): number => (Number.isFinite(key) ? sign * key : Number.MAX_VALUE);

function slice(given: Given): Value {
  const end = given.given.length > 2 ? scalarIn(given, 2) : undefined;
  return listOf(listIn(given).slice(scalarIn(given, 1), end));
}

const oneOf = (given: Given, place: (list: readonly Series[]) => Series | undefined): Value => {
  const found = place(listIn(given));
  return found === undefined ? listOf([]) : seriesOf(found);
};

function constant(given: Given): Value {
  const scalar = scalarIn(given, 0);
  const points = timesOf(given.around).map((atMs): Point => [atMs, scalar]);
  return seriesOf({ label: "", points, periodMs: given.around.grid.periodMs });
}

function metrics({ word, given, around }: Given): Value {
  const part = given.length === 0 ? "" : (word(0) ?? "");
  return listOf(around.metrics().flatMap(({ id, series }) => (id.includes(part) ? [series] : [])));
}

export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: changing(Math.abs),
  AVG: reducing(average),
  CEIL: changing(Math.ceil),
  DATAPOINT_COUNT: { takes: [1, 1], of: countPoints },
  DATE: ofTime((time) => time.getUTCDate()),
  DAY: ofTime((time) => time.getUTCDay() || 7),
  DIFF: ofSteps(([, to], [, from]) => to - from),
  DIFF_TIME: ofSteps(([to], [from]) => (to - from) / SECOND_MS),
  EPOCH: ofTime((time) => time.getTime() / SECOND_MS),
  FILL: { takes: [2, 2], of: filled },
  FIRST: { takes: [1, 1], of: (given) => oneOf(given, (list) => list[0]) },
  FLOOR: changing(Math.floor),
  HOUR: ofTime((time) => time.getUTCHours()),
  IF: { takes: [2, 3], of: choose },
  LAST: { takes: [1, 1], of: (given) => oneOf(given, (list) => list.at(-1)) },
  LOG: changing(Math.log),
  LOG10: changing(Math.log10),
  MAX: reducing(most),
  METRICS: { takes: [0, 1], of: metrics },
  METRIC_COUNT: { takes: [1, 1], of: (given) => scalarOf(listIn(given).length) },
  MIN: reducing(least),
  MINUTE: ofTime((time) => time.getUTCMinutes()),
  MONTH: ofTime((time) => time.getUTCMonth() + 1),
  PERIOD: { takes: [1, 1], of: (given) => scalarOf(seriesIn(given).periodMs / SECOND_MS) },
  RATE: ofSteps(([toMs, to], [fromMs, from]) => (to - from) / ((toMs - fromMs) / SECOND_MS)),
  REMOVE_EMPTY: { takes: [1, 1], of: (given) => listOf(listIn(given).filter(({ points }) => points.length > 0)) },
  RUNNING_SUM: { takes: [1, 1], of: (given) => eachSeries(given, runningSum) },
  SLICE: { takes: [2, 3], of: slice },
  SORT: { takes: [3, 4], of: sort },
  STDDEV: reducing(deviation),
  SUM: reducing(sum),
  TIME_SERIES: { takes: [1, 1], of: constant },
  YEAR: ofTime((time) => time.getUTCFullYear()),
};

export const UNBUILT_FUNCTIONS: ReadonlySet<string> = new Set([
  "ANOMALY_DETECTION_BAND",
  "DB_PERF_INSIGHTS",
  "INSIGHT_RULE_METRIC",
  "LAMBDA",
  "SERVICE_QUOTA",
]);
