/** What contributors come to, by who they are and by period. */
import type { InsightRuleContributor, InsightRuleMetricDatapoint } from "@aws-sdk/client-cloudwatch";
import { findOwn } from "../../../kernel/lookup.ts";
import { floorTo } from "../datum.ts";
import type { Contribution } from "./record.ts";

/** Of one contributor: all of it, and what of it fell into each period. */
interface Contributor {
  readonly keys: readonly string[];
  total: number;
  readonly periods: Map<number, number>;
}

interface Period {
  readonly contributors: Map<string, number>;
  samples: number;
  sum: number;
  min: number;
  max: number;
}

type Point = Omit<InsightRuleMetricDatapoint, "Timestamp">;

function top(values: Iterable<number>): number {
  let greatest = 0;
  for (const value of values) greatest = Math.max(greatest, value);
  return greatest;
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html (Metrics) */
const METRICS: Readonly<Record<string, (period: Period) => Point>> = {
  UniqueContributors: ({ contributors }) => ({ UniqueContributors: contributors.size }),
  MaxContributorValue: ({ contributors }) => ({ MaxContributorValue: top(contributors.values()) }),
  SampleCount: ({ samples }) => ({ SampleCount: samples }),
  Sum: ({ sum }) => ({ Sum: sum }),
  Minimum: ({ samples, min }) => (samples === 0 ? {} : { Minimum: min }),
  Maximum: ({ samples, max }) => (samples === 0 ? {} : { Maximum: max }),
  Average: ({ contributors, sum }) => (contributors.size === 0 ? {} : { Average: sum / contributors.size }),
};

export const isReportMetric = (name: string): boolean => Object.hasOwn(METRICS, name);

export type Ranking = "Sum" | "Maximum";

export class ContributorTally {
  readonly #periodMs: number;
  readonly #contributors = new Map<string, Contributor>();
  readonly #periods = new Map<number, Period>();

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  add({ keys, value }: Contribution, atMs: number): void {
    const id = JSON.stringify(keys);
    const fromMs = floorTo(atMs, this.#periodMs);
    const contributor = this.#contributors.get(id) ?? { keys, total: 0, periods: new Map<number, number>() };
    contributor.total += value;
    contributor.periods.set(fromMs, (contributor.periods.get(fromMs) ?? 0) + value);
    this.#contributors.set(id, contributor);
    const period = this.#periods.get(fromMs) ?? emptyPeriod();
    period.contributors.set(id, (period.contributors.get(id) ?? 0) + value);
    period.samples += 1;
    period.sum += value;
    period.min = Math.min(period.min, value);
    period.max = Math.max(period.max, value);
    this.#periods.set(fromMs, period);
  }

  get size(): number {
    return this.#contributors.size;
  }

  get total(): number {
    return [...this.#contributors.values()].reduce((sum, { total }) => sum + total, 0);
  }

  /** The greatest first. */
  contributors(max: number, by: Ranking): InsightRuleContributor[] {
    const rank = ({ total, periods }: Contributor): number => (by === "Sum" ? total : top(periods.values()));
    const ranked = [...this.#contributors.values()].map((contributor) => ({ contributor, rank: rank(contributor) }));
    return ranked
      .toSorted((one, other) => other.rank - one.rank)
      .slice(0, max)
      .map(({ contributor: { keys, total, periods } }) => ({
        Keys: [...keys],
        ApproximateAggregateValue: total,
        Datapoints: [...periods]
          .toSorted(([one], [other]) => one - other)
          .map(([atMs, value]) => ({ Timestamp: new Date(atMs), ApproximateValue: value })),
      }));
  }

  /** One point for each period that begins in that time or reaches into it, whether anybody contributed or not. */
  points(names: readonly string[], { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) {
    const points: InsightRuleMetricDatapoint[] = [];
    for (let atMs = floorTo(fromMs, this.#periodMs); atMs < toMs; atMs += this.#periodMs) {
      const period = this.#periods.get(atMs) ?? emptyPeriod();
      const shown = names.map((name) => findOwn(METRICS, name)?.(period) ?? {});
      points.push(Object.assign({ Timestamp: new Date(atMs) }, ...shown));
    }
    return points;
  }
}

const emptyPeriod = (): Period => ({ contributors: new Map(), samples: 0, sum: 0, min: Infinity, max: -Infinity });
