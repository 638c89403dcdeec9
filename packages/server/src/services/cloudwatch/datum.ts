/**
 * What was measured, as it is kept: one row for a metric, a time and a unit. Data gets coarser as it gets older.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (metrics retention)
 */
import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import { sumOf, type Distribution } from "../../kernel/distribution.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../kernel/duration.ts";
import { everyRow } from "../../kernel/every-row.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";

/** Seconds that one row stands for. */
export type Resolution = 1 | 60 | 300 | 3600;

interface Datum {
  /** Of the metric. */
  readonly id: string;
  readonly resolution: Resolution;
  /** When its time began; virtual epoch milliseconds. */
  readonly atMs: number;
  readonly unit: StandardUnit;
  readonly values: Distribution;
}

/** Rows that become coarser, or go, together. */
interface Span {
  readonly id: string;
  readonly resolution: Resolution;
  readonly fromMs: number;
}

export interface Keeping {
  readonly spanMs: number;
  /** How long rows of a resolution are kept, before they are summed up into the next one. */
  readonly keptMs: number;
  readonly next: Exclude<Resolution, 1> | undefined;
}

export const RESOLUTIONS: readonly Resolution[] = [1, 60, 300, 3600];

export const KEPT: Readonly<Record<Resolution, Keeping>> = {
  1: { spanMs: HOUR_MS, keptMs: 3 * HOUR_MS, next: 60 },
  60: { spanMs: DAY_MS, keptMs: 15 * DAY_MS, next: 300 },
  300: { spanMs: DAY_MS, keptMs: 63 * DAY_MS, next: 3600 },
  3600: { spanMs: DAY_MS, keptMs: 455 * DAY_MS, next: undefined },
};

/** Nothing is older. */
export const KEPT_MAX_MS = KEPT[3600].keptMs;

export const data = table<Datum>("cloudwatch.datum", "region", (row) => [row.id, row.resolution, row.atMs, row.unit]);
export const spans = table<Span>("cloudwatch.span", "region", ({ id, resolution, fromMs }) => [id, resolution, fromMs]);

/** The job that makes a span coarser. */
export const AGE_JOB = "age";

export const floorTo = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs;

/** Adds values to what is there of their time. */
export async function keepValues({ atMs, ...kept }: Datum, context: Context): Promise<void> {
  const { id, resolution, unit, values } = kept;
  const fromMs = floorTo(atMs, resolution * SECOND_MS);
  const there = await context.tx.get(data, id, resolution, fromMs, unit);
  context.tx.put(data, { id, resolution, unit, atMs: fromMs, values: sumOf(there?.values, values) });
  await keepSpan({ id, resolution, atMs: fromMs }, context);
}

/** Sees to it that rows of that time get coarser when they are old enough. */
async function keepSpan({ id, resolution, atMs }: Omit<Span, "fromMs"> & { atMs: number }, context: Context) {
  const { spanMs, keptMs } = KEPT[resolution];
  const span: Span = { id, resolution, fromMs: floorTo(atMs, spanMs) };
  if ((await context.tx.get(spans, id, resolution, span.fromMs)) !== undefined) return;
  context.tx.put(spans, span);
  context.at(span.fromMs + spanMs + keptMs, AGE_JOB, `${id}/${resolution}/${span.fromMs}`);
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** All rows of a metric that begin in that time. */
export const rowsIn = (
  { id, resolution, fromMs, toMs }: TimeRange & Pick<Datum, "id" | "resolution">,
  tx: Transaction,
): AsyncGenerator<Datum> => everyRow(tx, data, { from: [id, resolution, fromMs], before: [id, resolution, toMs] });
