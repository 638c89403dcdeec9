/**
 * Metrics that a service knows the value of at any time, such as the length of a queue: measured once a minute, as long as
 * somebody looks, be it an alarm.
 * Differs: of a time in which nobody looked there is no data.
 */
import { MINUTE_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { data, floorTo } from "./datum.ts";
import { noteData } from "./intake.ts";
import { metricId, type MetricName } from "./metric.ts";

interface Look {
  /** Of the metric. */
  readonly id: string;
  readonly metric: MetricName;
  readonly untilMs: number;
}

const looks = table<Look>("cloudwatch.look", "region", ({ id }) => [id]);

export const LOOK_JOB = "look";
/** So long after somebody looked. */
const LOOKED_MS = 15 * MINUTE_MS;

/** Somebody asks for those metrics: they are measured now, and for a while. */
export async function lookAt(asked: readonly MetricName[], context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  for (const metric of asked) {
    if (!metric.namespace.startsWith("AWS/") || !(await measure(metric, nowMs, context))) continue;
    const id = metricId(metric);
    const there = await context.tx.get(looks, id);
    context.tx.put(looks, { id, metric, untilMs: nowMs + LOOKED_MS });
    if (there === undefined) context.at(floorTo(nowMs, MINUTE_MS) + MINUTE_MS, LOOK_JOB, id);
  }
}

/** The job. */
export async function look(context: Context, id: string): Promise<void> {
  const found = await context.tx.get(looks, id);
  if (found === undefined) return;
  const nowMs = context.now().getTime();
  if (found.untilMs < nowMs || !(await measure(found.metric, nowMs, context))) context.tx.delete(looks, id);
  else context.at(floorTo(nowMs, MINUTE_MS) + MINUTE_MS, LOOK_JOB, id);
}

/** Once in the minute of `atMs`. Whether there is anything to measure. */
export async function measure(metric: MetricName, atMs: number, context: Context): Promise<boolean> {
  const { namespace, name } = metric;
  const dimensions = Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value]));
  const found = await context.gauge({ namespace, name, dimensions });
  if (found === undefined) return false;
  const { value, unit } = found;
  const minuteMs = floorTo(atMs, MINUTE_MS);
  if ((await context.tx.get(data, metricId(metric), 60, minuteMs, unit)) !== undefined) return true;
  const values = { count: 1, sum: value, min: value, max: value, values: [[value, 1] as const] };
  await noteData([{ metric, resolution: 60, atMs: minuteMs, unit, values }], context);
  return true;
}
