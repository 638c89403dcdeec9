/**
 * Metrics that events carry within themselves.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { MeasureUnit } from "../../../service/measure.ts";
import type { StoredEvent } from "../event/walk.ts";
import type { LogGroup } from "../group-row.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What one directive says: sets of dimensions, each with all the metrics. */
interface Directive {
  readonly atMs: number;
  readonly namespace: string;
  readonly dimensions: readonly (readonly string[])[];
  readonly metrics: readonly { readonly name: string; readonly unit: MeasureUnit }[];
}

const DIMENSIONS_MAX = 30;
const METRICS_MAX = 100;
const VALUES_MAX = 100;
const PAST_DAYS_MAX = 14;
const FUTURE_HOURS_MAX = 2;

/** Whether there were any. An event that is not of the form is a text like any other. */
export function countEmbedded(events: readonly StoredEvent[], group: LogGroup, context: Context): boolean {
  let found = false;
  for (const { message } of events) {
    if (!message.includes('"_aws"')) continue;
    const root = parseFields(message.slice(startOf(message)));
    for (const directive of directivesOf(root)) {
      if (!isInTime(directive, context.now().getTime())) continue;
      measure(directive, root ?? {}, group, context);
      found = true;
    }
  }
  return found;
}

/**
 * What Lambda's runtimes put in front of a line, up to a tab, is none of it.
 * Source: https://github.com/awslabs/aws-embedded-metrics-node (`ConsoleSink`, which writes with `console.log` in Lambda)
 */
const startOf = (message: string): number => /^[^{]*\t(?=\{)/.exec(message)?.[0].length ?? 0;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html (time stamps) */
const isInTime = ({ atMs }: Directive, nowMs: number): boolean =>
  atMs >= nowMs - PAST_DAYS_MAX * DAY_MS && atMs <= nowMs + FUTURE_HOURS_MAX * HOUR_MS;

function parseFields(message: string): Fields | undefined {
  try {
    const root = parseBounded(message);
    return isFields(root) ? root : undefined;
  } catch {
    return undefined;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function directivesOf(root: Fields | undefined): readonly Directive[] {
  const head = root?.["_aws"];
  if (!isFields(head)) return [];
  const { CloudWatchMetrics: listed, Timestamp: atMs } = head;
  return isList(listed) && typeof atMs === "number" ? listed.flatMap((one) => directiveOf(one, atMs)) : [];
}

function directiveOf(given: unknown, atMs: number): readonly Directive[] {
  if (!isFields(given)) return [];
  const { Namespace: namespace, Dimensions: dimensions, Metrics: metrics } = given;
  if (typeof namespace !== "string" || !isList(metrics)) return [];
  const sets = isList(dimensions) ? dimensions.filter(isNames) : [];
  return [{ atMs, namespace, dimensions: sets, metrics: metrics.slice(0, METRICS_MAX).flatMap(metricOf) }];
}

const isNames = (value: unknown): value is readonly string[] =>
  isList(value) && value.length <= DIMENSIONS_MAX && value.every((one) => typeof one === "string");

function metricOf(given: unknown): Directive["metrics"] {
  if (!isFields(given)) return [];
  const { Name: name, Unit: unit = "None" } = given;
  return typeof name === "string" && isUnit(unit) ? [{ name, unit }] : [];
}

const AMOUNT =
  "(Bytes|Kilobytes|Megabytes|Gigabytes|Terabytes|Bits|Kilobits|Megabits|Gigabits|Terabits|Count)(/Second)?";
const UNIT = new RegExp(`^(${AMOUNT}|Seconds|Milliseconds|Microseconds|Percent|None)$`);

const isUnit = (value: unknown): value is MeasureUnit => typeof value === "string" && UNIT.test(value);

function measure(directive: Directive, root: Fields, group: LogGroup, context: Context): void {
  const { atMs, namespace, dimensions, metrics } = directive;
  const sets = dimensions.length === 0 ? [{}] : dimensions.flatMap((names) => valuesOf(names, root));
  for (const { name, unit } of metrics) {
    for (const value of numbersOf(root[name])) {
      for (const set of sets) context.measure({ namespace, name, dimensions: set, value, unit, atMs }, group);
    }
  }
}

/** None where one of them is not there. */
function valuesOf(names: readonly string[], root: Fields): readonly Readonly<Record<string, string>>[] {
  const found = names.flatMap((name) => {
    const value = root[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return found.length === names.length ? [Object.fromEntries(found)] : [];
}

function numbersOf(value: unknown): readonly number[] {
  const all = isList(value) ? value.slice(0, VALUES_MAX) : [value];
  return all.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
}
