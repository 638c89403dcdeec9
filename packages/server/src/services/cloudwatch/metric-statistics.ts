/** Statistics of one metric. */
import type { Datapoint } from "@aws-sdk/client-cloudwatch";
import { SECOND_MS } from "../../kernel/duration.ts";
import {
  invalidCombination,
  invalidValue,
  statisticsMissing,
  timesInvalid,
  tooManyDatapoints,
  valueInvalid,
} from "./errors.ts";
import type { Distribution } from "../../kernel/distribution.ts";
import { streaming } from "./kit.ts";
import { DATAPOINTS_PER_CALL_MAX } from "./limits.ts";
import { lookAt, samplesOf } from "./look.ts";
import { metricId } from "./metric.ts";
import { firstPeriodMs, isPeriod, readPeriods, secondOf } from "./series.ts";
import { parseStatistic, type Statistic } from "./statistic.ts";

type SimpleName = "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum";

export const getMetricStatistics = streaming("GetMetricStatistics", {
  authorize: () => ({ action: "cloudwatch:GetMetricStatistics", resource: "*" }),

  async receive({ Namespace: namespace, MetricName: name, Dimensions: dimensions = [] }, context) {
    await context.measured();
    return samplesOf([{ namespace, name, dimensions }], context.now().getTime(), context);
  },

  async handle(input, context, samples) {
    const { Namespace: namespace, MetricName: name, Dimensions = [], Period, Unit: unit } = input;
    const { Statistics = [], ExtendedStatistics = [] } = input;
    const extended = ExtendedStatistics.map((text, index) => [text, requireExtended(text, index)] as const);
    const [startMs, endMs] = [secondOf(input.StartTime), secondOf(input.EndTime)];
    if (startMs >= endMs) throw timesInvalid();
    if (!isPeriod(Period)) throw invalidValue(`The parameter Period must be a multiple of 60.`);
    requireStatistics(Statistics.length, ExtendedStatistics.length);
    const count = Math.ceil((endMs - startMs) / (Period * SECOND_MS));
    if (count > DATAPOINTS_PER_CALL_MAX) throw tooManyDatapoints(count);
    const fromMs = firstPeriodMs(startMs, Period, context.now().getTime());
    await lookAt(samples, context);
    const id = metricId({ namespace, name, dimensions: Dimensions });
    const periods = await readPeriods({ id, fromMs, toMs: endMs, periodMs: Period * SECOND_MS, unit }, context);
    const Datapoints: Datapoint[] = [];
    for (const [atMs, units] of periods) {
      for (const [Unit, values] of units) {
        const shown = { ...simpleOf(values, Statistics), ...extendedOf(values, extended) };
        if (Object.keys(shown).length > 0) {
          Datapoints.push({ Timestamp: new Date(atMs), Unit, ...shown });
        }
      }
    }
    return { Label: name, Datapoints };
  },
});

function requireStatistics(simple: number, extended: number): void {
  if (simple === 0 && extended === 0) throw statisticsMissing();
  if (simple > 0 && extended > 0) {
    throw invalidCombination(
      "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.",
    );
  }
}

function requireExtended(text: string, index: number): Statistic {
  const statistic = parseStatistic(text);
  if (statistic === undefined) throw valueInvalid(text, `ExtendedStatistics.member.${index + 1}`);
  return statistic;
}

function simpleOf(values: Distribution, names: readonly SimpleName[]): Partial<Record<SimpleName, number>> {
  return Object.fromEntries(names.map((name) => [name, parseStatistic(name)?.(values)]));
}

function extendedOf(
  values: Distribution,
  asked: readonly (readonly [string, Statistic])[],
): Pick<Datapoint, "ExtendedStatistics"> {
  const shown: Record<string, number> = {};
  for (const [text, statistic] of asked) {
    const value = statistic(values);
    if (value !== undefined) shown[text] = value;
  }
  return Object.keys(shown).length === 0 ? {} : { ExtendedStatistics: shown };
}
