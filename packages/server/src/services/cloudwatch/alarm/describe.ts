/** Alarms, told of. */
import type {
  CompositeAlarm as ShownComposite,
  MetricAlarm as ShownMetric,
  MetricDataQuery,
  StandardUnit,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { invalidCombination, invalidToken } from "../errors.ts";
import { alarmArn, operation } from "../kit.ts";
import { ALARMS_PER_PAGE, ALARMS_PER_PAGE_MAX } from "../limits.ts";
import { metricId } from "../metric.ts";
import type { GivenQuery } from "../query.ts";
import { watching } from "../watch.ts";
import { onAlarms } from "./access.ts";
import { alarms, findAlarm, parents, type Alarm, type CompositeAlarm, type MetricAlarm } from "./alarm.ts";
import { suppressionReason } from "./reason.ts";
import { alarmNameOf } from "./rule.ts";
import { PARENTS_MAX } from "./transition.ts";

type Types = readonly ("MetricAlarm" | "CompositeAlarm" | "LogAlarm")[];

export const describeAlarms = operation("DescribeAlarms", {
  authorize: ({ AlarmNames }, context) => onAlarms("DescribeAlarms", AlarmNames, context),

  async handle(input, context) {
    const { AlarmNames, AlarmNamePrefix, ChildrenOfAlarmName, ParentsOfAlarmName, StateValue, ActionPrefix } = input;
    if (AlarmNames !== undefined && AlarmNamePrefix !== undefined) {
      throw invalidCombination("AlarmNamePrefix and AlarmNames are mutually exclusive");
    }
    // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html (AlarmTypes)
    const types: Types = input.AlarmTypes ?? ["MetricAlarm"];
    const isFamily = ChildrenOfAlarmName !== undefined || ParentsOfAlarmName !== undefined;
    const isWanted = (alarm: Alarm): boolean =>
      (isFamily || types.includes(alarm.kind === "metric" ? "MetricAlarm" : "CompositeAlarm")) &&
      (StateValue === undefined || alarm.state.value === StateValue) &&
      (ActionPrefix === undefined ||
        Object.values(alarm.actions).some((all) => all.some((action) => action.startsWith(ActionPrefix))));
    const max = Math.min(input.MaxRecords ?? ALARMS_PER_PAGE, ALARMS_PER_PAGE_MAX);
    const asked = { startsWith: AlarmNamePrefix, max, token: input.NextToken, isWanted };
    const names = AlarmNames ?? (await familyOf(input, context));
    const { found, next } = names === undefined ? await walk(asked, context) : await named(names, asked, context);
    return { ...shownAll(found, context), ...(next !== undefined && { NextToken: encodeToken(next) }) };
  },
});

function shownAll(found: readonly Alarm[], context: Context) {
  return {
    MetricAlarms: found.flatMap((alarm) => (alarm.kind === "metric" ? [shownMetric(alarm, context)] : [])),
    CompositeAlarms: found.flatMap((alarm) => (alarm.kind === "composite" ? [shownComposite(alarm, context)] : [])),
    LogAlarms: [],
  };
}

interface Family {
  readonly ChildrenOfAlarmName?: string | undefined;
  readonly ParentsOfAlarmName?: string | undefined;
}

async function familyOf(
  { ChildrenOfAlarmName: of, ParentsOfAlarmName: child }: Family,
  context: Context,
): Promise<readonly string[] | undefined> {
  if (of !== undefined) {
    const alarm = await findAlarm(alarmNameOf(of), context);
    return alarm?.kind === "composite" ? alarm.children : [];
  }
  if (child === undefined) return undefined;
  const found = await context.tx.scan(parents, { prefix: [alarmNameOf(child)], limit: PARENTS_MAX });
  return found.map(({ name }) => name);
}

interface Asked {
  readonly startsWith: string | undefined;
  readonly max: number;
  readonly token: string | undefined;
  readonly isWanted: (alarm: Alarm) => boolean;
}

interface Found {
  readonly found: readonly Alarm[];
  readonly next?: Key;
}

async function named(names: readonly string[], { max, token, isWanted }: Asked, context: Context): Promise<Found> {
  const [after] = token === undefined ? [] : decodeToken(token, invalidToken);
  const found: Alarm[] = [];
  let last: string | undefined;
  for (const name of [...new Set(names)].toSorted()) {
    if (typeof after === "string" && name <= after) continue;
    const alarm = await findAlarm(name, context);
    if (alarm === undefined || !isWanted(alarm)) continue;
    if (found.length === max && last !== undefined) return { found, next: [last] };
    found.push(alarm);
    last = name;
  }
  return { found };
}

const ROWS = 200;
/** Looked at for one page: where few are of interest, pages are short. */
const LOOKED_AT_MAX = 5000;

async function walk({ startsWith, max, token, isWanted }: Asked, { tx }: Context): Promise<Found> {
  const found: Alarm[] = [];
  let after = token === undefined ? undefined : decodeToken(token, invalidToken);
  for (let seen = 0; seen < LOOKED_AT_MAX;) {
    const rows: Alarm[] = await tx.scan(alarms, { startsWith, after, limit: ROWS });
    for (const alarm of rows) {
      if (isWanted(alarm)) {
        if (found.length === max && after !== undefined) return { found, next: after };
        found.push(alarm);
      }
      after = [alarm.name];
    }
    seen += rows.length;
    if (rows.length < ROWS) return { found };
  }
  return after === undefined ? { found } : { found, next: after };
}

function shownAny(alarm: Alarm, context: Context) {
  const { name, description, isEnabled, actions, configuredAtMs, state } = alarm;
  return {
    AlarmName: name,
    AlarmArn: alarmArn(context, name),
    AlarmDescription: description,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAtMs),
    ActionsEnabled: isEnabled,
    OKActions: [...actions.OK],
    AlarmActions: [...actions.ALARM],
    InsufficientDataActions: [...actions.INSUFFICIENT_DATA],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.updatedAtMs),
    StateTransitionedTimestamp: new Date(state.changedAtMs),
  };
}

function shownMetric(alarm: MetricAlarm, context: Context): ShownMetric {
  const { periods, toAlarm, threshold, comparison, treatment, lowSamples } = alarm;
  return {
    ...shownAny(alarm, context),
    ...shownWatched(alarm),
    EvaluationPeriods: periods,
    DatapointsToAlarm: toAlarm,
    Threshold: threshold,
    ComparisonOperator: comparison,
    TreatMissingData: treatment,
    EvaluateLowSampleCountPercentile: lowSamples,
    ...(alarm.isSlidingSaid === true && { EvaluationWindow: { SlidingWindow: {} } }),
  };
}

function shownWatched({ watched }: MetricAlarm): Partial<ShownMetric> {
  if (watched.kind === "expression") return { Metrics: watched.queries.map(shownQuery) };
  const { metric, periodSeconds, statistic, extendedStatistic, unit } = watched;
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    Statistic: statistic,
    ExtendedStatistic: extendedStatistic,
    Dimensions: [...metric.dimensions],
    Period: periodSeconds,
    Unit: unit,
  };
}

function shownQuery({ ReturnData = true, MetricStat, ...query }: GivenQuery): MetricDataQuery {
  if (MetricStat === undefined) return { ...query, ReturnData };
  const { Metric, ...stat } = MetricStat;
  const Dimensions = [...(Metric.Dimensions ?? [])];
  return { ...query, MetricStat: { ...stat, Metric: { ...Metric, Dimensions } }, ReturnData };
}

function shownComposite(alarm: CompositeAlarm, context: Context): ShownComposite {
  const { suppressor } = alarm;
  const { suppressedBy } = alarm.state;
  return {
    ...shownAny(alarm, context),
    AlarmRule: alarm.rule,
    ...(suppressor !== undefined && {
      ActionsSuppressor: suppressor.alarm,
      ActionsSuppressorWaitPeriod: suppressor.waitSeconds,
      ActionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
    }),
    ...(suppressedBy !== undefined && {
      ActionsSuppressedBy: suppressedBy,
      ActionsSuppressedReason: suppressionReason(suppressedBy),
    }),
  };
}

export const describeAlarmsForMetric = operation("DescribeAlarmsForMetric", {
  authorize: () => ({ action: "cloudwatch:DescribeAlarmsForMetric", resource: "*" }),

  async handle(input, context) {
    const { MetricName: name, Namespace: namespace, Dimensions: dimensions = [] } = input;
    const MetricAlarms: ShownMetric[] = [];
    for await (const row of watching(metricId({ namespace, name, dimensions }), context)) {
      const alarm = await findAlarm(row.alarm, context);
      if (alarm?.kind === "metric" && isAsked(alarm, input)) MetricAlarms.push(shownMetric(alarm, context));
    }
    return { MetricAlarms };
  },
});

interface AskedMetric {
  readonly Statistic?: Statistic | undefined;
  readonly ExtendedStatistic?: string | undefined;
  readonly Period?: number | undefined;
  readonly Unit?: StandardUnit | undefined;
}

const isAsked = ({ watched }: MetricAlarm, { Statistic, ExtendedStatistic, Period, Unit }: AskedMetric): boolean =>
  watched.kind === "metric" &&
  (Statistic === undefined || watched.statistic === Statistic) &&
  (ExtendedStatistic === undefined || watched.extendedStatistic === ExtendedStatistic) &&
  (Period === undefined || watched.periodSeconds === Period) &&
  (Unit === undefined || watched.unit === Unit);
