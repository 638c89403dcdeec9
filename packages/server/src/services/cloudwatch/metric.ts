/** What a metric is: a name in a namespace, with dimensions. */
import { hash } from "node:crypto";
import { DAY_MS, MINUTE_MS } from "../../kernel/duration.ts";
import { everyRow } from "../../kernel/every-row.ts";
import { table, type Key } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { LISTED_DAYS } from "./limits.ts";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** Two with other dimensions are two metrics; the order of those does not matter. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

export interface Metric extends MetricName {
  /** Its own alone. */
  readonly id: string;
  /** When the last data came, to the minute; virtual epoch milliseconds. */
  readonly activeAtMs: number;
}

export const metrics = table<Metric>("cloudwatch.metric", "region", ({ namespace, name, id }) => [namespace, name, id]);

const ID_CHARACTERS = 22;

export function metricId({ namespace, name, dimensions }: MetricName): string {
  const sorted = dimensions
    .map(({ Name, Value }) => [Name, Value])
    .toSorted(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  return hash("sha256", JSON.stringify([namespace, name, ...sorted]), "base64url").slice(0, ID_CHARACTERS);
}

/** Has the metric listed: there is data of it now. Whether it is new. */
export async function noteActive(metric: MetricName, id: string, context: Context): Promise<boolean> {
  const nowMs = context.now().getTime();
  const there = await context.tx.get(metrics, metric.namespace, metric.name, id);
  if (there !== undefined && nowMs - there.activeAtMs < MINUTE_MS) return false;
  const { namespace, name, dimensions } = there ?? metric;
  context.tx.put(metrics, { namespace, name, dimensions, id, activeAtMs: nowMs });
  return there === undefined;
}

/** Whether lists have it. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export const isListed = ({ activeAtMs }: Metric, nowMs: number): boolean => nowMs - activeAtMs <= LISTED_DAYS * DAY_MS;

/** All metrics whose namespace and name begin the key. */
export const metricsIn = (prefix: Key, { tx }: Pick<Context, "tx">): AsyncGenerator<Metric> =>
  everyRow(tx, metrics, { prefix });
