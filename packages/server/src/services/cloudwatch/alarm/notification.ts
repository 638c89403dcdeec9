/**
 * What receivers of alarms are told.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import { fullTime } from "../../../kernel/iso-seconds.ts";
import { jsonDouble } from "../../../kernel/json-double.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { alarmArn } from "../kit.ts";
import type { Alarm, AlarmState, CompositeAlarm, MetricAlarm } from "./alarm.ts";
import { suppressionReason } from "./reason.ts";
import { regionName } from "./region-name.ts";

const SUBJECT_CHARACTERS_MAX = 100;

export const subjectOf = ({ name, state }: Alarm, { region }: Context): string =>
  `${state.value}: "${name}" in ${regionName(region)}`.slice(0, SUBJECT_CHARACTERS_MAX);

interface Notified {
  readonly from: AlarmState;
  /** The alarm was muted until now. */
  readonly isLate: boolean;
}

/** The text of a message to a topic: JSON. */
export function notificationOf(alarm: Alarm, { from, isLate }: Notified, context: Context): string {
  const { name, description, state, actions, configuredAtMs } = alarm;
  return JSON.stringify({
    AlarmName: name,
    AlarmDescription: description ?? null,
    AWSAccountId: context.account,
    AlarmConfigurationUpdatedTimestamp: fullTime(configuredAtMs),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: fullTime(state.updatedAtMs),
    Region: regionName(context.region),
    AlarmArn: alarmArn(context, name),
    OldStateValue: from.value,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    ActionExecutedAfterMuteWindow: isLate,
    ...(alarm.kind === "metric" ? { Trigger: triggerOf(alarm) } : compositeParts(alarm)),
  });
}

const compositeParts = ({ rule, state: { triggeredBy } }: CompositeAlarm) => ({
  AlarmRule: rule,
  TriggeringChildren:
    triggeredBy === undefined
      ? []
      : [{ Arn: triggeredBy.arn, State: { Value: triggeredBy.value, Timestamp: fullTime(triggeredBy.atMs) } }],
});

function triggerOf({ watched, periods, toAlarm, threshold, comparison, treatment, lowSamples }: MetricAlarm) {
  const shared = {
    EvaluationPeriods: periods,
    ...(toAlarm !== undefined && { DatapointsToAlarm: toAlarm }),
    ComparisonOperator: comparison,
    Threshold: jsonDouble(threshold),
    TreatMissingData: treatment ?? "",
    EvaluateLowSampleCountPercentile: lowSamples ?? "",
  };
  if (watched.kind === "expression") return { ...shared, Metrics: watched.queries };
  const { metric, statistic, extendedStatistic, unit = null, periodSeconds } = watched;
  const asked =
    statistic === undefined
      ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: extendedStatistic }
      : { StatisticType: "Statistic", Statistic: findOwn(STATISTICS, statistic) ?? statistic };
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...asked,
    Unit: unit,
    Dimensions: metric.dimensions.map(({ Name: name, Value: value }) => ({ value, name })),
    Period: periodSeconds,
    ...shared,
  };
}

const STATISTICS: Readonly<Record<string, string>> = {
  SampleCount: "SAMPLE_COUNT",
  Average: "AVERAGE",
  Sum: "SUM",
  Minimum: "MINIMUM",
  Maximum: "MAXIMUM",
};

/** What a function is called with: JSON. */
export function invocationOf(alarm: Alarm, from: AlarmState, context: Context): string {
  const { account, region } = context;
  return JSON.stringify({
    source: "aws.cloudwatch",
    alarmArn: alarmArn(context, alarm.name),
    accountId: account,
    time: fullTime(alarm.state.updatedAtMs),
    region,
    alarmData: eventDetail(alarm, from, context),
  });
}

/** The detail of the event that tells of a change of state. */
export const eventDetail = (alarm: Alarm, from: AlarmState, context: Context) => ({
  alarmName: alarm.name,
  state: shownState(alarm.state),
  previousState: shownState(from),
  configuration: configurationOf(alarm, context),
});

const shownState = ({ value, reason, reasonData, updatedAtMs, suppressedBy }: AlarmState) => ({
  ...(suppressedBy !== undefined && {
    actionsSuppressedBy: suppressedBy,
    actionsSuppressedReason: suppressionReason(suppressedBy),
  }),
  value,
  reason,
  ...(reasonData !== undefined && { reasonData }),
  timestamp: fullTime(updatedAtMs),
});

export function configurationOf(alarm: Alarm, context: Pick<Context, "newId">): object {
  const described = alarm.description === undefined ? {} : { description: alarm.description };
  if (alarm.kind === "composite") {
    const { suppressor } = alarm;
    return {
      ...described,
      alarmRule: alarm.rule,
      ...(suppressor && {
        actionsSuppressor: suppressor.alarm,
        actionsSuppressorWaitPeriod: suppressor.waitSeconds,
        actionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
      }),
    };
  }
  return { ...described, metrics: metricsOf(alarm, context) };
}

function metricsOf({ watched }: MetricAlarm, { newId }: Pick<Context, "newId">): object[] {
  if (watched.kind === "metric") {
    const { metric, periodSeconds, statistic, extendedStatistic } = watched;
    const metricStat = { metric: shownMetric(metric), period: periodSeconds, stat: statistic ?? extendedStatistic };
    return [{ id: newId(), metricStat, returnData: true }];
  }
  return watched.queries.map(({ Id, Expression, Label, MetricStat, ReturnData = true }) => ({
    id: Id,
    ...(Expression !== undefined && { expression: Expression }),
    ...(Label !== undefined && { label: Label }),
    ...(MetricStat !== undefined && {
      metricStat: {
        metric: shownMetric({
          namespace: MetricStat.Metric.Namespace ?? "",
          name: MetricStat.Metric.MetricName ?? "",
          dimensions: MetricStat.Metric.Dimensions ?? [],
        }),
        period: MetricStat.Period,
        stat: MetricStat.Stat,
      },
    }),
    returnData: ReturnData,
  }));
}

interface ShownMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly { readonly Name: string | undefined; readonly Value: string | undefined }[];
}

const shownMetric = ({ namespace, name, dimensions }: ShownMetric) => ({
  namespace,
  name,
  dimensions: Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
});
