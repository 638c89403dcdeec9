/** What metrics come of events. */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand } from "../../../service/errand.ts";
import type { Measure } from "../../../service/measure.ts";
import type { StoredEvent } from "../event/walk.ts";
import { homeOf, type LogGroup } from "../group-row.ts";
import { METRIC_FILTERS_PER_GROUP_MAX } from "../limits.ts";
import { parsePattern, type Pattern } from "../pattern/pattern.ts";
import { versionsFor, versionsOf } from "../transformer/version.ts";
import { countEmbedded } from "./embedded.ts";
import { metricFilters, type MetricFilter } from "./filter-row.ts";

/** What metric filters and the events themselves say, and how much came in. */
export async function countMetrics(events: readonly StoredEvent[], group: LogGroup, context: Context): Promise<void> {
  measureIncoming(events, group, context);
  const isEmbedded = countEmbedded(events, group, context);
  if (group.metricFilters > 0) await countFilters(events, group, context);
  if (isEmbedded || group.metricFilters > 0) {
    context.at(context.now().getTime() + REPORTED_AFTER_MS, REPORT, group.id);
  }
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html */
function measureIncoming(events: readonly StoredEvent[], group: LogGroup, context: Context): void {
  const metric = { namespace: "AWS/Logs", dimensions: { LogGroupName: group.name } } as const;
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
  context.measure({ ...metric, name: "IncomingLogEvents", value: events.length, unit: "None" }, group);
  context.measure({ ...metric, name: "IncomingBytes", value: bytes, unit: "Bytes" }, group);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringPolicyExamples.html */
async function countFilters(events: readonly StoredEvent[], group: LogGroup, context: Context): Promise<void> {
  const range = { prefix: [group.id], limit: METRIC_FILTERS_PER_GROUP_MAX };
  const filters = await homeOf(group, context.tx).scan(metricFilters, range);
  const versions = filters.some(({ onTransformed }) => onTransformed) ? await versionsOf(group, context) : undefined;
  for (const filter of filters) {
    const counting = { filter, pattern: await parsePattern(filter.pattern), group };
    const minutes = Object.groupBy(versionsFor(events, filter.onTransformed, versions), ({ atMs }) => minuteOf(atMs));
    for (const minute of Object.values(minutes)) countMinute(minute ?? [], counting, context);
  }
}

const minuteOf = (atMs: number): number => atMs - (atMs % MINUTE_MS);

/**
 * A minute in which events came and none matched has the default value. Differs: events of one minute that come in several
 * batches are looked at batch by batch.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html#changing-default-increment-value
 */
function countMinute(events: readonly StoredEvent[], counting: Counting, context: Context): void {
  const { defaultValue } = counting.filter.transformation;
  const found = events.filter((event) => count(event, counting, context));
  const [first] = events;
  if (found.length > 0 || first === undefined || defaultValue === undefined) return;
  measure({ atMs: first.atMs, value: defaultValue, dimensions: {} }, counting, context);
}

/** What was counted is with CloudWatch a moment later, also where time is moved: alarms look at it in time. */
export const REPORT = "report";
const REPORTED_AFTER_MS = 1000;

/** The errand. */
export const report: Errand = (context) => context.measured();

interface Counting {
  readonly filter: MetricFilter;
  readonly pattern: Pattern;
  readonly group: LogGroup;
}

/** Whether the event matches. */
function count({ message, atMs }: StoredEvent, counting: Counting, context: Context): boolean {
  const { filter, pattern } = counting;
  if (pattern.match(message) === undefined) return false;
  const { metricValue, dimensions = {} } = filter.transformation;
  const value = Number(metricValue.startsWith("$") ? pattern.valueOf(metricValue, message) : metricValue);
  const named = Object.entries(dimensions).map(([name, from]) => [name, pattern.valueOf(from, message)] as const);
  const known = named.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  // an event without a value, or without one of the dimensions, says nothing
  if (Number.isFinite(value) && known.length === named.length) {
    measure({ atMs, value, dimensions: Object.fromEntries(known) }, counting, context);
  }
  return true;
}

/**
 * A point is of the time that the event says, not of the one at which it came.
 * Source: https://itblogbuchs.blogspot.com/2019/05/back-filling-aws-cloudwatch-events.html (measured at AWS)
 */
function measure(
  point: Pick<Measure, "atMs" | "value" | "dimensions">,
  { filter, group }: Counting,
  context: Context,
): void {
  const { metricName: name, metricNamespace: namespace, unit = "None" } = filter.transformation;
  context.measure({ namespace, name, unit, ...point }, group);
}
