/**
 * Why an alarm is in its state, in AWS's words.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_alarm, test_breaching_alarm_actions)
 */
import type { ComparisonOperator } from "@aws-sdk/client-cloudwatch";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { fullTime } from "../../../kernel/iso-seconds.ts";
import { jsonDouble } from "../../../kernel/json-double.ts";
import type { MetricAlarm, SuppressedBy } from "./alarm.ts";
import type { Decided, Measured } from "./decision.ts";

const COMPARISONS: Readonly<Partial<Record<ComparisonOperator, string>>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

export const suppressionReason = (by: SuppressedBy): string => `Actions suppressed by ${by}`;

/** As Java writes doubles: `2.0`. */
const shownNumber = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const two = (part: number): string => String(part).padStart(2, "0");

/** `26/10/23 16:42:00` */
function shownTime(atMs: number): string {
  const time = new Date(atMs);
  const date = [time.getUTCDate(), time.getUTCMonth() + 1, time.getUTCFullYear() % 100].map(two).join("/");
  return `${date} ${[time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(":")}`;
}

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);
const SHOWN_MAX = 5;

export interface Judged extends Decided {
  readonly alarm: MetricAlarm;
  readonly isBreaching: (value: number) => boolean;
}

export function reasonOf(judged: Judged): string {
  const { alarm, used, filled, state } = judged;
  const { periods, treatment } = alarm;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${filled} ${plural(filled, "datapoint was", "datapoints were")} unknown.`;
  }
  const stand = treatment === "breaching" ? "Breaching" : "NonBreaching";
  const missing = `${filled} missing ${plural(filled, "datapoint was", "datapoints were")} treated as [${stand}]`;
  const speaking = speakingOf(judged);
  if (speaking.length === 0) {
    const received = `${used.length === 0 ? "no" : used.length} ${plural(used.length, "datapoint was", "datapoints were")} received`;
    return `Threshold Crossed: ${received} for ${periods} ${plural(periods, "period", "periods")} and ${missing}.`;
  }
  const isFilled = filled > 0 && (treatment === "breaching" || treatment === "notBreaching");
  return `Threshold Crossed: ${crossed(judged, speaking)}${isFilled ? ` and ${missing}` : ""}${transition(judged)}.`;
}

/** The points that speak for the state. There may be none, where it rests on those that are missing. */
const speakingOf = ({ used, state, isBreaching }: Judged): readonly Measured[] =>
  used.filter(({ value }) => isBreaching(value) === (state === "ALARM"));

/** What those that speak for the state were. */
function crossed({ alarm, state }: Judged, speaking: readonly Measured[]): string {
  const isAlarm = state === "ALARM";
  const count = speaking.length;
  const of = alarm.toAlarm === undefined ? `${count}` : `${count} out of the last ${alarm.periods}`;
  const noun = alarm.toAlarm === undefined ? plural(count, "datapoint", "datapoints") : "datapoints";
  const shown = speaking.slice(0, SHOWN_MAX).map(({ value, atMs }) => `${shownNumber(value)} (${shownTime(atMs)})`);
  const verb = `${plural(count, "was", "were")} ${isAlarm ? "" : "not "}${COMPARISONS[alarm.comparison] ?? ""}`;
  return `${of} ${noun} [${shown.join(", ")}] ${verb} the threshold (${shownNumber(alarm.threshold)})`;
}

/** Where the alarm says how many points it takes. */
function transition({ alarm, state }: Judged): string {
  if (alarm.toAlarm === undefined) return "";
  const isAlarm = state === "ALARM";
  const least = isAlarm ? alarm.toAlarm : alarm.periods - alarm.toAlarm + 1;
  const change = isAlarm ? "OK -> ALARM" : "ALARM -> OK";
  return ` (minimum ${least} ${plural(least, "datapoint", "datapoints")} for ${change} transition)`;
}

interface Told {
  readonly alarm: MetricAlarm;
  readonly nowMs: number;
  readonly used: readonly Measured[];
  readonly samples: ReadonlyMap<number, number>;
  /** Of all points that the alarm's periods have, the newest first. */
  readonly times: readonly number[];
}

/** JSON */
export function reasonDataOf({ alarm, nowMs, used, samples, times }: Told): string {
  const { watched, threshold } = alarm;
  const oldest = used.at(-1)?.atMs;
  const values = new Map(used.map(({ atMs, value }) => [atMs, value]));
  const evaluated = used.length > 0 ? used.map(({ atMs }) => atMs) : times;
  const metric = watched.kind === "metric" ? watched : undefined;
  return JSON.stringify({
    version: "1.0",
    queryDate: fullTime(nowMs),
    ...(oldest !== undefined && { startDate: fullTime(oldest) }),
    ...(metric?.unit !== undefined && { unit: metric.unit }),
    ...(metric !== undefined && { statistic: metric.statistic ?? metric.extendedStatistic }),
    period: periodSecondsOf(alarm),
    recentDatapoints: used.map(({ value }) => jsonDouble(value)).toReversed(),
    threshold: jsonDouble(threshold),
    evaluatedDatapoints: evaluated.map((atMs) => ({
      timestamp: fullTime(atMs),
      ...shownDouble("sampleCount", samples.get(atMs)),
      ...shownDouble("value", values.get(atMs)),
    })),
  });
}

const shownDouble = (name: string, value: number | undefined): object =>
  value === undefined ? {} : { [name]: jsonDouble(value) };

/** Of an expression the shortest one that its queries have. */
export function periodSecondsOf({ watched }: MetricAlarm): number {
  if (watched.kind === "metric") return watched.periodSeconds;
  const periods = watched.queries.flatMap(({ Period, MetricStat }) => [Period, MetricStat?.Period]);
  return Math.min(...periods.filter((period) => period !== undefined));
}

export const periodMsOf = (alarm: MetricAlarm): number => periodSecondsOf(alarm) * SECOND_MS;
