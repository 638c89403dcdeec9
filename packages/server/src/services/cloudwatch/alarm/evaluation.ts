/** Metric alarms, held against what was measured. */
import type { ComparisonOperator } from "@aws-sdk/client-cloudwatch";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { answersOf, requireSeries, type Answers } from "../answer.ts";
import { data, floorTo, RESOLUTIONS, type TimeRange } from "../datum.ts";
import { notOneSeries } from "../errors.ts";
import { keepSamples, samplesOf, type Sample } from "../look.ts";
import { metricId, type MetricName } from "../metric.ts";
import { metricOf, readQueries, readStat, type GivenQuery, type Query } from "../query.ts";
import { isSelect, parseSelect, type Select } from "../math/select.ts";
import type { Point, Series } from "../math/value.ts";
import { EVALUATE_ERRAND, namespaceId, nextStep, watch } from "../watch.ts";
import { findAlarm, type MetricAlarm } from "./alarm.ts";
import { decide, morePeriods, type Decided, type Measured } from "./decision.ts";
import { periodMsOf, periodSecondsOf, reasonDataOf, reasonOf } from "./reason.ts";
import { keepContributors } from "./contributor.ts";
import { changeState, type NewState } from "./transition.ts";

/** What was measured in an alarm's evaluation range. */
interface Range {
  readonly points: ReadonlyMap<number, number>;
  readonly samples: ReadonlyMap<number, number>;
  /** When its periods begin, the newest first. */
  readonly times: readonly number[];
}

/** The metrics that an alarm rests on. */
function metricsOf({ watched }: MetricAlarm): MetricName[] {
  if (watched.kind === "metric") return [watched.metric];
  return watched.queries.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [metricOf(MetricStat)]));
}

/** What a query of Metrics Insights selects is known by its namespace alone. */
function selectOf({ watched }: MetricAlarm): Select | undefined {
  const [query] = watched.kind === "expression" ? watched.queries : [];
  return query?.Expression !== undefined && isSelect(query.Expression) ? parseSelect(query.Expression) : undefined;
}

export function metricIdsOf(alarm: MetricAlarm): ReadonlySet<string> {
  const select = selectOf(alarm);
  return new Set(select === undefined ? metricsOf(alarm).map(metricId) : [namespaceId(select.namespace)]);
}

/**
 * Milliseconds between two evaluations: ten seconds, a minute, an hour where it looks back for more than a day.
 * Differs: alarms with periods over an hour are evaluated every five minutes, not every minute.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
function stepMsOf(alarm: MetricAlarm): number {
  const periodMs = periodMsOf(alarm);
  if (periodMs < MINUTE_MS) return 10 * SECOND_MS;
  if (periodMs * alarm.periods > DAY_MS) return HOUR_MS;
  return periodMs > HOUR_MS ? 5 * MINUTE_MS : MINUTE_MS;
}

/** Has the alarm evaluated from now on. */
export function evaluateFromNow(alarm: MetricAlarm, context: Context): void {
  const stepMs = stepMsOf(alarm);
  watch(metricIdsOf(alarm), { alarm: alarm.name, stepMs, isAsleep: false }, context);
  context.at(nextStep(context.now().getTime(), stepMs), EVALUATE_ERRAND, alarm.name);
}

/** The errand: what services know of their metrics is read outside of its transaction. */
export async function evaluate(context: ErrandContext, name: string): Promise<void> {
  await context.measured();
  const alarm = await findAlarm(name, context);
  if (alarm?.kind !== "metric") return;
  // of the minute that has just ended
  const samples = await samplesOf(metricsOf(alarm), context.now().getTime() - MINUTE_MS, context);
  await context.transact((inner) => evaluateWith(samples, name, inner));
}

async function evaluateWith(samples: readonly Sample[], name: string, context: Context): Promise<void> {
  await keepSamples(samples, context);
  const alarm = await findAlarm(name, context);
  if (alarm?.kind !== "metric") return;
  const stepMs = stepMsOf(alarm);
  const nowMs = context.now().getTime();
  const { state, isEmpty } = await stateOf(alarm, { endMs: floorTo(nowMs, stepMs), nowMs }, context);
  const isSame = state === undefined || state.value === alarm.state.value;
  if (!isSame) await changeState(alarm, state, context);
  if (isSame && isEmpty && !(await isMoreToCome(alarm, nowMs - stepMs, context))) {
    watch(metricIdsOf(alarm), { alarm: name, stepMs, isAsleep: true }, context);
  } else context.at(nextStep(nowMs, stepMs), EVALUATE_ERRAND, name);
}

interface Moment {
  /** Where the newest period ends. */
  readonly endMs: number;
  readonly nowMs: number;
}

interface Judgement {
  /** `undefined`: it stays as it is. */
  readonly state: NewState | undefined;
  /** Nothing was measured. */
  readonly isEmpty: boolean;
}

async function stateOf(alarm: MetricAlarm, moment: Moment, context: Context): Promise<Judgement> {
  const select = selectOf(alarm);
  if (select !== undefined && select.groupBy.length > 0) return stateOfMany(alarm, moment, context);
  const range = await rangeOf(alarm, moment.endMs, context);
  const state = stateFrom(alarm, { decided: judge(alarm, range), range, nowMs: moment.nowMs });
  return { state, isEmpty: range.points.size === 0 };
}

/** Each series is judged by itself; the alarm is in ALARM as long as one of them is. */
async function stateOfMany(alarm: MetricAlarm, { endMs }: Moment, context: Context): Promise<Judgement> {
  const { times, ...time } = timesOf(alarm, endMs);
  const series = await seriesOf(alarm, time, context);
  const judged = series.map(({ attributes = {}, points }) => {
    const decided = judge(alarm, { points: new Map(points), samples: new Map(), times });
    return { attributes, decided, reason: reasonOf({ ...decided, alarm, isBreaching: breachingOf(alarm) }) };
  });
  const alarming = judged.filter(({ decided }) => decided.state === "ALARM");
  await keepContributors(
    alarm.name,
    alarming.map(({ attributes, reason }) => ({ attributes, reason })),
    context,
  );
  const none = judge(alarm, { points: new Map(), samples: new Map(), times }).state;
  const value = alarming.length > 0 ? "ALARM" : series.length > 0 ? "OK" : none;
  const reason = `${alarming.length} out of ${series.length} time series evaluated to ALARM`;
  return { state: value && { value, reason }, isEmpty: series.length === 0 };
}

interface Found {
  readonly decided: Decided;
  readonly range: Range;
  readonly nowMs: number;
}

function stateFrom(alarm: MetricAlarm, { decided, range, nowMs }: Found): NewState | undefined {
  const { state: value } = decided;
  if (value === undefined) return undefined;
  const reason = reasonOf({ ...decided, alarm, isBreaching: breachingOf(alarm) });
  const reasonData = reasonDataOf({
    alarm,
    nowMs,
    used: decided.used,
    samples: range.samples,
    times: range.times.slice(0, alarm.periods),
  });
  return { value, reason, reasonData };
}

function judge(alarm: MetricAlarm, { points, samples, times }: Range): Decided {
  const { periods, toAlarm = periods, watched, lowSamples } = alarm;
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (TreatMissingData)
  const isDynamo = watched.kind === "metric" && watched.metric.namespace === "AWS/DynamoDB";
  const treatment = isDynamo ? "ignore" : (alarm.treatment ?? "missing");
  const measured = times.map((atMs): Measured | undefined => {
    const value = points.get(atMs);
    return value === undefined ? undefined : { atMs, value };
  });
  const newest = measured.find((point) => point !== undefined);
  const least = lowSamples === "ignore" ? samplesMin(alarm) : 0;
  if (newest !== undefined && (samples.get(newest.atMs) ?? Infinity) < least) {
    return { state: undefined, used: [], filled: 0 };
  }
  return decide({ points: measured, periods, toAlarm, treatment, isBreaching: breachingOf(alarm) });
}

/**
 * Of fewer values a percentile says nothing.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
function samplesMin({ watched }: MetricAlarm): number {
  const name = watched.kind === "metric" ? watched.extendedStatistic : undefined;
  const percent = Number(/^p(.+)$/.exec(name ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(percent)) return 0;
  return percent > 50 ? 1000 / (100 - percent) : 1000 / percent;
}

const COMPARISONS: Readonly<Partial<Record<ComparisonOperator, (value: number, threshold: number) => boolean>>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const breachingOf =
  ({ comparison, threshold }: MetricAlarm) =>
  (value: number): boolean =>
    COMPARISONS[comparison]?.(value, threshold) ?? false;

/** Evaluates the alarm for nothing. @throws {AwsError} `ValidationError` where its expression comes to no series */
export async function tryOut(alarm: MetricAlarm, context: Context): Promise<void> {
  await rangeOf(alarm, floorTo(context.now().getTime(), stepMsOf(alarm)), context);
}

/** `endMs`: where the newest period ends. */
async function rangeOf(alarm: MetricAlarm, endMs: number, context: Context): Promise<Range> {
  const { times, ...time } = timesOf(alarm, endMs);
  return { times, ...(await pointsOf(alarm, time, context)) };
}

function timesOf(alarm: MetricAlarm, endMs: number): TimeRange & Pick<Range, "times"> {
  const periodMs = periodMsOf(alarm);
  const count = alarm.periods + morePeriods(periodMs);
  const times = Array.from({ length: count }, (_, index) => endMs - (index + 1) * periodMs);
  return { times, fromMs: endMs - count * periodMs, toMs: endMs };
}

/** All that the alarm's query comes to. */
async function seriesOf(alarm: MetricAlarm, { fromMs, toMs }: TimeRange, context: Context): Promise<readonly Series[]> {
  const queries = readQueries(alarm.watched.kind === "expression" ? alarm.watched.queries : [], "Metrics");
  const answers = await answersOf(queries, { startMs: fromMs, endMs: toMs }, context);
  const [query] = queries;
  return query === undefined ? [] : requireSeries(answers.valueOf(query), query.id);
}

async function pointsOf(alarm: MetricAlarm, time: TimeRange, context: Context): Promise<Omit<Range, "times">> {
  const { watched } = alarm;
  if (watched.kind === "expression") return pointsOfExpression(alarm, watched.queries, { time, context });
  const { metric, periodSeconds, statistic, extendedStatistic, unit } = watched;
  const stat = statistic ?? extendedStatistic ?? "";
  const { points, samples } = await readStat({ metric, periodSeconds, stat, unit }, time, context);
  return { points: new Map(points), samples };
}

async function pointsOfExpression(
  alarm: MetricAlarm,
  given: readonly GivenQuery[],
  { time: { fromMs: startMs, toMs: endMs }, context }: { readonly time: TimeRange; readonly context: Context },
): Promise<Omit<Range, "times">> {
  const queries = readQueries(given, "Metrics").map((query) =>
    query.kind === "expression" ? { ...query, periodSeconds: periodSecondsOf(alarm) } : query,
  );
  const answers = await answersOf(queries, { startMs, endMs }, context);
  const returned = queries.find(({ isReturned }) => isReturned);
  const samples = returned?.kind === "stat" ? answers.samplesOf(returned) : new Map<number, number>();
  return { points: new Map(onePointsOf(returned, answers)), samples };
}

/** @throws {AwsError} `ValidationError` where it is not one series */
function onePointsOf(query: Query | undefined, answers: Answers): readonly Point[] {
  const value = query && answers.valueOf(query);
  // what is selected is one series, or none as long as there is no such metric
  if (value?.type === "list" && query?.kind === "select") return value.list[0]?.points ?? [];
  if (value?.type !== "series") throw notOneSeries();
  return value.series.points;
}

/** Whether there is data of a time that is not over yet. */
async function isMoreToCome(alarm: MetricAlarm, fromMs: number, { tx }: Context): Promise<boolean> {
  for (const id of metricIdsOf(alarm)) {
    for (const resolution of RESOLUTIONS) {
      const [row] = await tx.scan(data, { prefix: [id, resolution], from: [id, resolution, fromMs], limit: 1 });
      if (row !== undefined) return true;
    }
  }
  return false;
}
