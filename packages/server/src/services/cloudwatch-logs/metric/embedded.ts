/**
 * Metrics that events carry within themselves.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Context } from "../../../service/context.ts";
import type { MeasureUnit } from "../../../service/measure.ts";
import type { StoredEvent } from "../event/walk.ts";
import type { LogGroup } from "../group-row.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What one directive says: sets of dimensions, each with all the metrics. */
interface Directive {
  readonly namespace: string;
  readonly dimensions: readonly (readonly string[])[];
  readonly metrics: readonly { readonly name: string; readonly unit: MeasureUnit }[];
}

const DIMENSIONS_MAX = 30;
const METRICS_MAX = 100;
const VALUES_MAX = 100;

/** Whether there were any. An event that is not of the form is a text like any other. */
export function countEmbedded(events: readonly StoredEvent[], group: LogGroup, context: Context): boolean {
  let found = false;
  for (const { message } of events) {
    if (!message.includes('"_aws"')) continue;
    const root = parseFields(message);
    for (const directive of directivesOf(root)) {
      measure(directive, root ?? {}, group, context);
      found = true;
    }
  }
  return found;
}

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
  const listed = isFields(head) ? head["CloudWatchMetrics"] : undefined;
  return isList(listed) ? listed.flatMap((one) => directiveOf(one)) : [];
}

function directiveOf(given: unknown): readonly Directive[] {
  if (!isFields(given)) return [];
  const { Namespace: namespace, Dimensions: dimensions, Metrics: metrics } = given;
  if (typeof namespace !== "string" || !isList(metrics)) return [];
  const sets = isList(dimensions) ? dimensions.filter(isNames) : [];
  return [{ namespace, dimensions: sets, metrics: metrics.slice(0, METRICS_MAX).flatMap(metricOf) }];
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

function measure({ namespace, dimensions, metrics }: Directive, root: Fields, group: LogGroup, context: Context): void {
  const sets = dimensions.length === 0 ? [{}] : dimensions.flatMap((names) => valuesOf(names, root));
  for (const { name, unit } of metrics) {
    for (const value of numbersOf(root[name])) {
      for (const set of sets) context.measure({ namespace, name, dimensions: set, value, unit }, group);
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
