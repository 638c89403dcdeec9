/**
 * Metrics that a service knows the value of at any time, such as the length of a queue: measured once a minute, as long as
 * somebody looks, be it an alarm, and for a while after the resource was used.
 * Differs: of other times there is no data.
 */
import { MINUTE_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { ErrandContext } from "../../service/errand.ts";
import type { Gauge, MeasureUnit } from "../../service/measure.ts";
import { data, floorTo } from "./datum.ts";
import { noteData } from "./intake.ts";
import { metricId, type MetricName } from "./metric.ts";
import { nextStep } from "./watch.ts";

interface Look {
  /** Of the metric. */
  readonly id: string;
  readonly metric: MetricName;
  readonly untilMs: number;
}

const looks = table<Look>("cloudwatch.look", "region", ({ id }) => [id]);

export const LOOK_ERRAND = "look";
/** So long after somebody looked. */
const LOOKED_MS = 15 * MINUTE_MS;

/** A value of a metric, of a time that began then. */
export interface Sample {
  readonly metric: MetricName;
  readonly unit: MeasureUnit;
  readonly atMs: number;
  readonly everyMs: number;
  readonly value: number;
}

/** What there is to measure of those metrics in the time of `atMs`, outside of transactions; what is known already is not measured again. */
export async function samplesOf(asked: readonly MetricName[], atMs: number, context: Context): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const metric of asked) {
    const gauge = await gaugeOf(metric, context);
    if (gauge === undefined) continue;
    const { unit, everyMs } = gauge;
    const fromMs = floorTo(atMs, everyMs);
    if ((await context.tx.get(data, metricId(metric), 60, fromMs, unit)) !== undefined) continue;
    const value = await gauge.read();
    if (value !== undefined) samples.push({ metric, unit, atMs: fromMs, everyMs, value });
  }
  return samples;
}

async function gaugeOf({ namespace, name, dimensions }: MetricName, context: Context): Promise<Gauge | undefined> {
  if (!namespace.startsWith("AWS/")) return undefined;
  return context.gauge({
    namespace,
    name,
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
  });
}

export async function keepSamples(samples: readonly Sample[], context: Context): Promise<void> {
  for (const { metric, unit, atMs, value } of samples) {
    if ((await context.tx.get(data, metricId(metric), 60, atMs, unit)) !== undefined) continue;
    const values = { count: 1, sum: value, min: value, max: value, values: [[value, 1] as const] };
    await noteData([{ metric, resolution: 60, atMs, unit, values }], context);
  }
}

/** Somebody has asked for what was measured so: it is measured for a while. */
export async function lookAt(samples: readonly Sample[], context: Context): Promise<void> {
  await keepSamples(samples, context);
  for (const { metric, everyMs } of samples) {
    if (everyMs <= MINUTE_MS) await keepLook(metric, metricId(metric), context);
  }
}

/** What services know of that resource at any time: measured for a while, and listed, since it is in use. */
export async function lookAround({ namespace, dimensions }: Omit<MetricName, "name">, context: Context): Promise<void> {
  for (const name of await context.gauges(namespace)) {
    const metric = { namespace, name, dimensions };
    await keepLook(metric, metricId(metric), context);
  }
}

async function keepLook(metric: MetricName, id: string, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const there = await context.tx.get(looks, id);
  if (there !== undefined && there.untilMs > nowMs + LOOKED_MS - MINUTE_MS) return;
  context.tx.put(looks, { id, metric, untilMs: nowMs + LOOKED_MS });
  if (there === undefined) context.at(nextStep(nowMs, MINUTE_MS), LOOK_ERRAND, id);
}

/** The errand. */
export async function look(context: ErrandContext, id: string): Promise<void> {
  const nowMs = context.now().getTime();
  const found = await context.tx.get(looks, id);
  const samples = found === undefined ? [] : await samplesOf([found.metric], nowMs, context);
  await context.transact(async (inner) => {
    const is = await inner.tx.get(looks, id);
    if (is === undefined || is.untilMs < nowMs) return inner.tx.delete(looks, id);
    await keepSamples(samples, inner);
    inner.at(nextStep(nowMs, MINUTE_MS), LOOK_ERRAND, id);
  });
}
