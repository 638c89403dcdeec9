/** Queries answered: metrics read, searches made, expressions worked out. */
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { KEPT_MAX_MS, type TimeRange } from "./datum.ts";
import { expressionFault, validation } from "./errors.ts";
import { selectSeries } from "./insights.ts";
import { MADE_DATAPOINTS_MAX, SEARCHED_METRICS_MAX } from "./limits.ts";
import { evaluate, type Surroundings } from "./math/evaluate.ts";
import type { Expression } from "./math/expression.ts";
import { parseSearch } from "./math/search.ts";
import { SyntaxFault } from "./math/token.ts";
import { listOf, seriesOf, type Series, type Value } from "./math/value.ts";
import { isListed, metricsIn, type Metric } from "./metric.ts";
import {
  orFault,
  readStat,
  timeOf,
  type ExpressionQuery,
  type Query,
  type StatQuery,
  type Stated,
  type StatSeries,
} from "./query.ts";
import { isPeriod } from "./series.ts";
import { parseStatistic } from "./statistic.ts";

export interface AskedTime {
  readonly startMs: number;
  readonly endMs: number;
}

/** A metric that a search has found, with the query that it then is. */
export interface FoundSeries extends StatSeries {
  readonly query: Stated;
}

/** What queries come to: by id. */
export interface Answers {
  valueOf(query: Query): Value;
  /** The units of a metric. */
  unitsOf(query: StatQuery): readonly string[];
  /** How many values each point of a metric rests on. */
  samplesOf(query: StatQuery): ReadonlyMap<number, number>;
}

const PERIOD_SECONDS = 300;

/** @throws {AwsError} `ValidationError` */
export async function answersOf(queries: readonly Query[], time: AskedTime, context: Context): Promise<Answers> {
  const nowMs = context.now().getTime();
  const stats = new Map<string, StatSeries>();
  for (const query of queries) {
    if (query.kind === "stat") {
      stats.set(query.id, await readStat(query, timeOf(time, query.periodSeconds, nowMs), context));
    }
  }
  const searches = new Map<Expression, readonly Series[]>();
  for (const query of queries) {
    if (query.kind !== "expression") continue;
    for (const search of searchesIn(query.expression)) {
      searches.set(search, await searchFor(search, { query, time }, context));
    }
  }
  const selected = new Map<string, readonly Series[]>();
  for (const query of queries) {
    if (query.kind !== "select") continue;
    const { select, periodSeconds } = query;
    const range = timeOf(time, periodSeconds, nowMs);
    selected.set(query.id, await selectSeries(select, { time: range, periodSeconds }, context));
  }
  // what is older than all data has points of expressions alone
  const { endMs } = time;
  const startMs = Math.max(time.startMs, Math.min(nowMs - KEPT_MAX_MS, endMs));
  const gridOf = (periodSeconds: number) => timeOf({ startMs, endMs }, periodSeconds, nowMs);
  const work = new Work({ queries, stats, searches, selected, gridOf });
  return {
    valueOf: (query) => work.valueOf(query),
    unitsOf: ({ id }) => stats.get(id)?.units ?? [],
    samplesOf: ({ id }) => stats.get(id)?.samples ?? new Map<number, number>(),
  };
}

interface Parts {
  readonly queries: readonly Query[];
  readonly stats: ReadonlyMap<string, StatSeries>;
  readonly searches: ReadonlyMap<Expression, readonly Series[]>;
  /** By the ids of the queries that select. */
  readonly selected: ReadonlyMap<string, readonly Series[]>;
  readonly gridOf: (periodSeconds: number) => TimeRange;
}

/** Each expression is worked out once; none may rest on itself. */
class Work {
  readonly #parts: Parts;
  readonly #done = new Map<string, Value>();
  readonly #begun = new Set<string>();
  #points = MADE_DATAPOINTS_MAX;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  valueOf(query: Query): Value {
    const { stats, selected } = this.#parts;
    const series = stats.get(query.id);
    if (series !== undefined) return seriesOf(series);
    const done = this.#done.get(query.id);
    if (done !== undefined) return done;
    if (query.kind !== "expression") return listOf(selected.get(query.id) ?? []);
    if (this.#begun.has(query.id)) throw expressionFault(query.id, "Circular dependency");
    this.#begun.add(query.id);
    const value = orFault(query.id, () => evaluate(query.expression, this.#around(query)));
    this.#done.set(query.id, value);
    return value;
  }

  #around(of: ExpressionQuery): Surroundings {
    const { queries, stats, searches, gridOf } = this.#parts;
    const periodSeconds = of.periodSeconds ?? this.#usualPeriod();
    return {
      query: (id) => {
        const named = queries.find((query) => query.id === id);
        return named && this.valueOf(named);
      },
      metrics: () => [...stats].map(([id, series]) => ({ id, series })),
      found: (search) => searches.get(search),
      grid: { ...gridOf(periodSeconds), periodMs: periodSeconds * SECOND_MS },
      afford: (points) => {
        this.#points -= points;
        if (this.#points < 0) throw new SyntaxFault("Too many datapoints");
      },
    };
  }

  /** The shortest of the metrics that there are. */
  #usualPeriod(): number {
    const periods = [...this.#parts.stats.values()].map(({ periodMs }) => periodMs / SECOND_MS);
    return periods.length === 0 ? PERIOD_SECONDS : Math.min(...periods);
  }
}

/** Every search in an expression, wherever it stands. */
export function searchesIn(expression: Expression): (Expression & { readonly kind: "call" })[] {
  switch (expression.kind) {
    case "number":
    case "text":
    case "name":
      return [];
    case "list":
      return expression.elements.flatMap(searchesIn);
    case "negation":
      return searchesIn(expression.of);
    case "operation":
      return [...searchesIn(expression.left), ...searchesIn(expression.right)];
    case "call":
      return expression.name === "SEARCH" ? [expression] : expression.given.flatMap(searchesIn);
  }
}

interface Searching {
  readonly query: ExpressionQuery;
  readonly time: AskedTime;
}

/** `SEARCH('{AWS/EC2,InstanceId} MetricName="CPUUtilization"', 'Average', 300)` */
async function searchFor(
  search: Expression & { readonly kind: "call" },
  { query, time }: Searching,
  context: Context,
): Promise<FoundSeries[]> {
  const { what, ...asked } = readSearch(search, query);
  const { namespace, matches } = orFault(query.id, () => parseSearch(what));
  const nowMs = context.now().getTime();
  const range = timeOf(time, asked.periodSeconds, nowMs);
  const found: FoundSeries[] = [];
  for await (const metric of metricsIn(namespace === undefined ? [] : [namespace], context)) {
    if (!isListed(metric, nowMs) || !matches(metric)) continue;
    if (found.length === SEARCHED_METRICS_MAX) break;
    const stated = { ...asked, metric, unit: undefined };
    found.push({ ...(await readStat(stated, range, context)), label: searchLabel(metric), query: stated });
  }
  return found;
}

function readSearch({ given }: Expression & { readonly kind: "call" }, query: ExpressionQuery) {
  const [what, statistic, period] = given;
  const stat = statistic?.kind === "text" ? statistic.value : "";
  if (what?.kind !== "text" || given.length > 3 || parseStatistic(stat) === undefined) {
    throw expressionFault(query.id, "SEARCH takes what to look for, a statistic and a period");
  }
  const periodSeconds = period === undefined ? (query.periodSeconds ?? PERIOD_SECONDS) : numberOf(period);
  if (!isPeriod(periodSeconds)) throw expressionFault(query.id, "The period of a SEARCH is a multiple of 60");
  return { what: what.value, stat, periodSeconds };
}

const numberOf = (expression: Expression): number => (expression.kind === "number" ? expression.value : 0);

const searchLabel = ({ name, dimensions }: Metric): string => [...dimensions.map(({ Value }) => Value), name].join(" ");

/** What is given back are series. */
export function requireSeries(value: Value, id: string): readonly Series[] {
  if (value.type === "scalar") throw validation(`The expression of ${id} is a scalar: only time series are returned.`);
  return value.type === "series" ? [value.series] : value.list;
}
