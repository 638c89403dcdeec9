/** A metric over time: what was measured, in periods. */
import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import { Tally, type Distribution } from "../../kernel/distribution.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { floorTo, KEPT, RESOLUTIONS, rowsIn, type Resolution, type TimeRange } from "./datum.ts";

export interface SeriesQuery extends TimeRange {
  /** Of the metric. */
  readonly id: string;
  readonly periodMs: number;
  /** Only what was measured in this unit. */
  readonly unit?: string | undefined;
}

/** By the time at which a period begins, and by unit. */
export type Periods = ReadonlyMap<number, ReadonlyMap<StandardUnit, Distribution>>;

/** Fractions of a second do not count. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (StartTime) */
export const secondOf = (time: Date): number => floorTo(time.getTime(), SECOND_MS);

/** Periods follow each other from `fromMs` on. */
export async function readPeriods(query: SeriesQuery, context: Pick<Context, "tx" | "now">): Promise<Periods> {
  const { fromMs, periodMs, unit } = query;
  const nowMs = context.now().getTime();
  const oldestMs = periodMs < MINUTE_MS ? nowMs - KEPT[1].keptMs : fromMs;
  const tallies = new Map<number, Map<StandardUnit, Tally>>();
  for (const resolution of resolutionsOf(query, nowMs)) {
    for await (const row of rowsIn({ ...query, resolution, fromMs: Math.max(fromMs, oldestMs) }, context.tx)) {
      if (unit !== undefined && row.unit !== unit) continue;
      const atMs = fromMs + floorTo(row.atMs - fromMs, periodMs);
      const units = tallies.get(atMs) ?? new Map<StandardUnit, Tally>();
      const tally = units.get(row.unit) ?? new Tally();
      tally.addAll(row.values);
      units.set(row.unit, tally);
      tallies.set(atMs, units);
    }
  }
  const inOrder = [...tallies].toSorted(([one], [other]) => one - other);
  return new Map(inOrder.map(([atMs, units]) => [atMs, distributionsOf(units)]));
}

const distributionsOf = (units: ReadonlyMap<StandardUnit, Tally>): ReadonlyMap<StandardUnit, Distribution> =>
  new Map([...units].map(([unit, tally]) => [unit, tally.distribution()]));

/** Those in which data of that age can be. */
function resolutionsOf({ periodMs, fromMs, toMs }: SeriesQuery, nowMs: number): Resolution[] {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_label_generation: whole minutes are in the period that they begin in)
  if (periodMs < MINUTE_MS) return [1, 60];
  return RESOLUTIONS.filter((resolution) => {
    const finer = RESOLUTIONS[RESOLUTIONS.indexOf(resolution) - 1];
    const { spanMs, keptMs } = KEPT[resolution];
    // data may come as minutes that would have been seconds
    const isYoungEnough = toMs > nowMs - keptMs - 2 * spanMs;
    const isOldEnough = finer === undefined || resolution === 60 || fromMs <= nowMs - KEPT[finer].keptMs;
    return isYoungEnough && isOldEnough;
  });
}

/**
 * Where the first period begins.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (StartTime)
 */
export function firstPeriodMs(startMs: number, periodSeconds: number, nowMs: number): number {
  if (periodSeconds < 60) return floorTo(startMs, periodSeconds * SECOND_MS);
  const ageMs = nowMs - startMs;
  if (ageMs < 15 * DAY_MS) return floorTo(startMs, MINUTE_MS);
  return floorTo(startMs, ageMs < 63 * DAY_MS ? 5 * MINUTE_MS : HOUR_MS);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html (Period) */
export const isPeriod = (seconds: number): boolean =>
  [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);
