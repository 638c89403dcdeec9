/** Alarms over a metric, or over an expression. */
import type { PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { searchesIn } from "../answer.ts";
import {
  alarmPeriodInvalid,
  comparisonMissing,
  periodsMissing,
  checkedTooLong,
  extendedUnsupported,
  lowSamplesUnsupported,
  metricAndMetrics,
  metricMissing,
  namespaceMissing,
  notBuilt,
  notOneReturned,
  otherKind,
  periodMissing,
  searchInAlarm,
  statisticMissing,
  thresholdMissing,
  tooMany,
  tooManyToAlarm,
  treatmentUnsupported,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { ALARM_DAYS_LONG_MAX, ALARM_DAYS_MAX, ALARM_METRICS_MAX } from "../limits.ts";
import { readQueries } from "../query.ts";
import { isPeriod } from "../series.ts";
import { parseStatistic } from "../statistic.ts";
import { tagsOf } from "../tag.ts";
import { unwatch } from "../watch.ts";
import { onNewAlarm } from "./access.ts";
import { findAlarm, type MetricAlarm, type Watched } from "./alarm.ts";
import type { Treatment } from "./decision.ts";
import { evaluateFromNow, metricIdsOf, tryOut } from "./evaluation.ts";
import { periodMsOf } from "./reason.ts";
import { actionsOf, keepAlarm, newState } from "./saving.ts";

type Given = Validated<PutMetricAlarmInput>;

export const putMetricAlarm = operation("PutMetricAlarm", {
  authorize: (input, context) => onNewAlarm("PutMetricAlarm", input, context),

  async handle(input, context) {
    const { AlarmName: name } = input;
    const there = await findAlarm(name, context);
    if (there !== undefined && there.kind !== "metric") throw otherKind(name);
    const alarm = alarmOf(input, there, context);
    await tryOut(alarm, context);
    if (there !== undefined) unwatch(metricIdsOf(there), name, context);
    await keepAlarm(alarm, there, context);
    evaluateFromNow(alarm, context);
    return {};
  },
});

function alarmOf(input: Given, there: MetricAlarm | undefined, context: Context): MetricAlarm {
  const { EvaluationPeriods: periods, DatapointsToAlarm: toAlarm, Threshold: threshold } = input;
  const { ComparisonOperator: comparison, Tags = [], ActionsEnabled: isEnabled = true } = input;
  refuseUnbuilt(input);
  if (periods === undefined) throw periodsMissing();
  if (comparison === undefined) throw comparisonMissing();
  if (toAlarm !== undefined && toAlarm > periods) throw tooManyToAlarm();
  if (threshold === undefined) throw thresholdMissing();
  const alarm: MetricAlarm = {
    kind: "metric",
    name: input.AlarmName,
    description: input.AlarmDescription,
    isEnabled,
    actions: actionsOf(input, "metric", context),
    configuredAtMs: context.now().getTime(),
    state: there?.state ?? newState(context),
    // those of an alarm that is there are changed by TagResource alone
    tags: there?.tags ?? tagsOf(Tags),
    watched: watchedOf(input),
    periods,
    toAlarm,
    threshold,
    comparison,
    treatment: treatmentOf(input.TreatMissingData),
    lowSamples: lowSamplesOf(input.EvaluateLowSampleCountPercentile),
    isSlidingSaid: input.EvaluationWindow !== undefined,
  };
  requireLength(alarm);
  return alarm;
}

function refuseUnbuilt({ ThresholdMetricId, ComparisonOperator: comparison, ...more }: Given): void {
  if (ThresholdMetricId !== undefined || /UpperThreshold|LowerThreshold$|LessThanLower/.test(comparison ?? "")) {
    throw notBuilt("anomaly detection");
  }
  if (more.EvaluationCriteria !== undefined) throw notBuilt("the evaluation criteria");
  if (more.EvaluationWindow?.WallClockWindow !== undefined) throw notBuilt("evaluation windows by the clock");
  if (more.WarmUpConfiguration !== undefined) throw notBuilt("the warm-up of alarms");
  if (more.ActionConfiguration !== undefined) throw notBuilt("the propagation of an alarm's tags");
}

const TREATMENTS: readonly Treatment[] = ["breaching", "notBreaching", "ignore", "missing"];

function treatmentOf(given: string | undefined): Treatment | undefined {
  const found = TREATMENTS.find((each) => each === given);
  if (given !== undefined && found === undefined) throw treatmentUnsupported(given);
  return found;
}

function lowSamplesOf(given: string | undefined): "evaluate" | "ignore" | undefined {
  if (given === undefined || given === "evaluate" || given === "ignore") return given;
  throw lowSamplesUnsupported(given);
}

function watchedOf(input: Given): Watched {
  const { MetricName, Metrics: queries } = input;
  if (MetricName !== undefined && queries !== undefined) throw metricAndMetrics();
  if (queries !== undefined) return { kind: "expression", queries: requireExpression(queries) };
  if (MetricName === undefined) throw metricMissing();
  return watchedMetric(MetricName, input);
}

function watchedMetric(name: string, input: Given): Watched {
  const { Namespace: namespace, Dimensions: dimensions = [], Period: periodSeconds, Unit: unit } = input;
  const { Statistic: statistic, ExtendedStatistic: extendedStatistic } = input;
  if (namespace === undefined) throw namespaceMissing();
  if (periodSeconds === undefined) throw periodMissing();
  if (!isPeriod(periodSeconds)) throw alarmPeriodInvalid();
  if (extendedStatistic !== undefined && parseStatistic(extendedStatistic) === undefined) {
    throw extendedUnsupported(extendedStatistic);
  }
  if ((statistic === undefined) === (extendedStatistic === undefined)) throw statisticMissing();
  const metric = { namespace, name, dimensions };
  return { kind: "metric", metric, periodSeconds, statistic, extendedStatistic, unit };
}

function requireExpression(given: NonNullable<Given["Metrics"]>): NonNullable<Given["Metrics"]> {
  const queries = readQueries(given, "Metrics");
  if (queries.filter(({ kind }) => kind === "stat").length > ALARM_METRICS_MAX)
    throw tooMany("Metrics", ALARM_METRICS_MAX);
  if (queries.filter(({ isReturned }) => isReturned).length !== 1) throw notOneReturned();
  for (const query of queries) {
    if (query.kind === "select" && queries.length > 1) throw notBuilt("alarms on several queries of Metrics Insights");
    if (query.kind !== "expression") continue;
    if (query.text.includes("ANOMALY_DETECTION_BAND")) throw notBuilt("anomaly detection");
    if (searchesIn(query.expression).length > 0) throw searchInAlarm();
  }
  return given;
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (EvaluationPeriods) */
function requireLength(alarm: MetricAlarm): void {
  const periodMs = periodMsOf(alarm);
  if (!Number.isFinite(periodMs)) throw periodMissing();
  const days = periodMs >= HOUR_MS ? ALARM_DAYS_LONG_MAX : ALARM_DAYS_MAX;
  if (periodMs * alarm.periods > days * DAY_MS) throw checkedTooLong(days);
}
