/** Metric alarms, held against what was measured. */
import type { ComparisonOperator } from "@aws-sdk/client-cloudwatch";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { answersOf } from "../answer.ts";
import { data, floorTo, RESOLUTIONS, type TimeRange } from "../datum.ts";
import { notOneSeries } from "../errors.ts";
import { keepSamples, samplesOf, type Sample } from "../look.ts";
import { metricId, type MetricName } from "../metric.ts";
import { metricOf, readQueries, readStat, type GivenQuery } from "../query.ts";
import { EVALUATE_ERRAND, nextStep, watch } from "../watch.ts";
import { findAlarm, type MetricAlarm } from "./alarm.ts";
import { decide, MORE_PERIODS, type Decided, type Measured } from "./decision.ts";
import { periodMsOf, periodSecondsOf, reasonDataOf, reasonOf } from "./reason.ts";
import { changeState } from "./transition.ts";

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

export const metricIdsOf = (alarm: MetricAlarm): ReadonlySet<string> => new Set(metricsOf(alarm).map(metricId));

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
  const range = await rangeOf(alarm, floorTo(nowMs, stepMs), context);
  const decided = judge(alarm, range);
  const isSame = decided.state === undefined || decided.state === alarm.state.value;
  if (!isSame) await enter(alarm, { decided, range, nowMs }, context);
  if (isSame && range.points.size === 0 && !(await isMoreToCome(alarm, nowMs - stepMs, context))) {
    watch(metricIdsOf(alarm), { alarm: name, stepMs, isAsleep: true }, context);
  } else context.at(nextStep(nowMs, stepMs), EVALUATE_ERRAND, name);
}

interface Found {
  readonly decided: Decided;
  readonly range: Range;
  readonly nowMs: number;
}

async function enter(alarm: MetricAlarm, { decided, range, nowMs }: Found, context: Context): Promise<void> {
  const { state: value } = decided;
  if (value === undefined) return;
  const reason = reasonOf({ ...decided, alarm, isBreaching: breachingOf(alarm) });
  const reasonData = reasonDataOf({
    alarm,
    nowMs,
    used: decided.used,
    samples: range.samples,
    times: range.times.slice(0, alarm.periods),
  });
  await changeState(alarm, { value, reason, reasonData }, context);
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
  const periodMs = periodMsOf(alarm);
  const count = alarm.periods + MORE_PERIODS;
  const times = Array.from({ length: count }, (_, index) => endMs - (index + 1) * periodMs);
  const time = { fromMs: endMs - count * periodMs, toMs: endMs };
  return { times, ...(await pointsOf(alarm, time, context)) };
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
  const value = returned && answers.valueOf(returned);
  if (value?.type !== "series") throw notOneSeries();
  const samples = returned?.kind === "stat" ? answers.samplesOf(returned) : new Map<number, number>();
  return { points: new Map(value.series.points), samples };
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
