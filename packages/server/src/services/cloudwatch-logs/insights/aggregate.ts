/** What many rows come to. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html */
import { findOwn } from "../../../kernel/lookup.ts";
import { histogram, rate } from "./series.ts";
import { compareNaturally, numberOf, textOf } from "./value.ts";
import type { Value } from "./syntax.ts";

export interface Aggregate {
  /** One row's values of what stands in the parentheses, and when it was. */
  add(given: readonly Value[], atMs: number): void;
  result(): Value;
}

const MAKERS: Readonly<Record<string, () => Aggregate>> = {
  count,
  count_distinct: countDistinct,
  sum,
  avg: () => overNumbers(({ sum: total, count: many }) => total / many),
  stddev: () => overNumbers(({ count: many, squares }) => Math.sqrt(Math.max(0, squares / many))),
  min: () => best((order) => order < 0),
  max: () => best((order) => order > 0),
  pct: percentile,
  percentile,
  median: percentile,
  earliest: () => byTime((atMs, bestMs) => atMs < bestMs),
  latest: () => byTime((atMs, bestMs) => atMs > bestMs),
  sortsfirst: () => best((order) => order < 0),
  sortslast: () => best((order) => order > 0),
  // of a period where it is grouped by one. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-timeseries-functions.html
  countovertime: count,
  count_over_time: count,
  sumovertime: sum,
  sum_over_time: sum,
  rate,
  histogram,
};

export const isAggregate = (name: string): boolean => Object.hasOwn(MAKERS, name);

export const newAggregate = (name: string): Aggregate => (findOwn(MAKERS, name) ?? count)();

function count(): Aggregate {
  let rows = 0;
  return {
    add(given) {
      if (given.length === 0 || given[0] !== undefined) rows += 1;
    },
    result: () => rows,
  };
}

function countDistinct(): Aggregate {
  const seen = new Set<string>();
  return {
    add([value]) {
      if (value !== undefined) seen.add(textOf(value));
    },
    result: () => seen.size,
  };
}

function sum(): Aggregate {
  return overNumbers((numbers) => numbers.sum);
}

interface Numbers {
  readonly count: number;
  readonly sum: number;
  /** The sum of the squares of how far they are from their mean. */
  readonly squares: number;
}

function overNumbers(of: (numbers: Numbers) => number): Aggregate {
  let [many, total, mean, squares] = [0, 0, 0, 0];
  return {
    add([value]) {
      const number = numberOf(value);
      if (number === undefined) return;
      many += 1;
      total += number;
      const before = number - mean;
      mean += before / many;
      squares += before * (number - mean);
    },
    result: () => (many === 0 ? undefined : of({ count: many, sum: total, squares })),
  };
}

function best(isBetter: (order: number) => boolean): Aggregate {
  let found: Value;
  return {
    add([value]) {
      if (value !== undefined && (found === undefined || isBetter(compareNaturally(value, found)))) found = value;
    },
    result: () => found,
  };
}

function byTime(isBetter: (atMs: number, bestMs: number) => boolean): Aggregate {
  let found: Value;
  let foundMs: number | undefined;
  return {
    add([value], atMs) {
      if (value === undefined || (foundMs !== undefined && !isBetter(atMs, foundMs))) return;
      [found, foundMs] = [value, atMs];
    },
    result: () => found,
  };
}

const MEDIAN = 50;

function percentile(): Aggregate {
  const numbers: number[] = [];
  let percent = MEDIAN;
  return {
    add([value, wanted]) {
      const number = numberOf(value);
      percent = numberOf(wanted) ?? percent;
      if (number !== undefined) numbers.push(number);
    },
    result() {
      const sorted = numbers.toSorted((one, other) => one - other);
      const rank = Math.ceil((percent / 100) * sorted.length);
      return sorted[Math.max(0, rank - 1)];
    },
  };
}
