/**
 * What can be asked of many values: their average, percentiles, trimmed means and so on.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
import type { Distribution, ValueCount } from "../../kernel/distribution.ts";
import { findOwn } from "../../kernel/lookup.ts";

/** `undefined`: there is no such value, as where only sums are known. */
export type Statistic = (of: Distribution) => number | undefined;

const SIMPLE: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
};

/** The statistic of that name; `undefined` where there is none: `Average`, `p99`, `TM(10%:90%)`. */
export function parseStatistic(name: string): Statistic | undefined {
  const simple = findOwn(SIMPLE, name);
  if (simple !== undefined) return simple;
  if (name === "IQM") return over(trimmedMean, { unit: "percent", from: 25, to: 75 });
  return parseShort(name) ?? parseLong(name);
}

/** `p99`, `tm90`: up to so many percent. */
function parseShort(name: string): Statistic | undefined {
  const [, short = "", percent = ""] = /^(p|tm|tc|ts|wm)(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name) ?? [];
  const measure = short === "p" ? percentile : findOwn(MEASURES, short.toUpperCase());
  return measure && over(measure, { unit: "percent", from: 0, to: Number(percent) });
}

/** `TC(0.005:0.030)`, `WM(10%:)` */
function parseLong(name: string): Statistic | undefined {
  const [, long = "", from = "", to = ""] = /^(TM|TC|TS|WM|PR)\(([\d.%]*):([\d.%]*)\)$/.exec(name) ?? [];
  const [measure, bounds] = [findOwn(MEASURES, long), parseBounds(from, to)];
  if (measure === undefined || bounds === undefined) return undefined;
  return long === "PR" && bounds.unit === "percent" ? undefined : over(measure, bounds);
}

/** Of the values in order: by place, in percent of all, or by what they are. */
interface Bounds {
  readonly unit: "percent" | "value";
  readonly from: number;
  readonly to: number;
}

const NUMBER = /^\d+(\.\d{1,10})?$/;
const PERCENT = /^(\d{1,2}(\.\d{1,10})?|100)%$/;

/** One of them may be left out. */
function parseBounds(from: string, to: string): Bounds | undefined {
  const given = [from, to].filter((bound) => bound !== "");
  if (given.length === 0) return undefined;
  const isPercent = given.every((bound) => PERCENT.test(bound));
  if (!isPercent && !given.every((bound) => NUMBER.test(bound))) return undefined;
  const [least, most] = isPercent ? [0, 100] : [-Infinity, Infinity];
  const [low, high] = [numberIn(from, least), numberIn(to, most)];
  return low > high ? undefined : { unit: isPercent ? "percent" : "value", from: low, to: high };
}

const numberIn = (bound: string, usual: number): number => (bound === "" ? usual : Number.parseFloat(bound));

/** Values in order, and how many there are of all. */
interface Ordered {
  readonly values: readonly ValueCount[];
  readonly count: number;
}

type Measure = (ordered: Ordered, bounds: Bounds) => number | undefined;

/** There are none of negative values, nor where values are not known. */
function over(measure: Measure, bounds: Bounds): Statistic {
  return ({ values, count, min }) => {
    if (values === undefined || min < 0 || count === 0) return undefined;
    return measure({ values: values.toSorted(([one], [other]) => one - other), count }, bounds);
  };
}

const MEASURES: Readonly<Record<string, Measure>> = {
  TM: trimmedMean,
  WM: winsorizedMean,
  TC: (ordered, bounds) => within(ordered, bounds).reduce((sum, [, count]) => sum + count, 0),
  TS: (ordered, bounds) => within(ordered, bounds).reduce((sum, [value, count]) => sum + value * count, 0),
  PR: (ordered, bounds) => (100 * within(ordered, bounds).reduce((sum, [, count]) => sum + count, 0)) / ordered.count,
};

/** The least value that so many percent of all are not above. */
function percentile({ values, count }: Ordered, { to }: Bounds): number | undefined {
  const rank = (to / 100) * count;
  let seen = 0;
  for (const [value, times] of values) {
    seen += times;
    if (seen >= rank) return value;
  }
  return values.at(-1)?.[0];
}

function trimmedMean(ordered: Ordered, bounds: Bounds): number | undefined {
  const kept = within(ordered, bounds);
  const count = kept.reduce((sum, [, times]) => sum + times, 0);
  return count === 0 ? undefined : kept.reduce((sum, [value, times]) => sum + value * times, 0) / count;
}

/** What lies outside counts as what lies at the edge. */
function winsorizedMean(ordered: Ordered, bounds: Bounds): number | undefined {
  const kept = within(ordered, bounds);
  const [lowest, highest] = [kept[0]?.[0], kept.at(-1)?.[0]];
  if (lowest === undefined || highest === undefined) return undefined;
  const sum = ordered.values.reduce(
    (total, [value, times]) => total + Math.min(Math.max(value, lowest), highest) * times,
    0,
  );
  return sum / ordered.count;
}

/** Of values the lower bound is left out and the upper one is in; of places a value may be in by a part of its times. */
function within({ values, count }: Ordered, { unit, from, to }: Bounds): ValueCount[] {
  if (unit === "value") return values.filter(([value]) => value > from && value <= to);
  const [first, last] = [(from / 100) * count, (to / 100) * count];
  const kept: ValueCount[] = [];
  let seen = 0;
  for (const [value, times] of values) {
    const inside = Math.min(seen + times, last) - Math.max(seen, first);
    if (inside > 0) kept.push([value, inside]);
    seen += times;
  }
  return kept;
}
