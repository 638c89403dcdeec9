/** What a field does over time. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-timeseries-functions.html */
import type { Aggregate } from "./aggregate.ts";
import { formatValue, numberOf } from "./value.ts";

interface Point {
  readonly value: number;
  readonly atMs: number;
}

/** How much a number changes per period. Assumed: from the first event that has it to the last. */
export function rate(): Aggregate {
  let [first, last]: (Point | undefined)[] = [];
  let periodMs = 0;
  return {
    add([given, period], atMs) {
      const value = numberOf(given);
      if (value === undefined) return;
      periodMs = numberOf(period) ?? 0;
      const point = { value, atMs };
      // the newest event comes first
      if (first === undefined || atMs <= first.atMs) first = point;
      if (last === undefined || atMs > last.atMs) last = point;
    },
    result() {
      if (first === undefined || last === undefined || last.atMs === first.atMs || periodMs === 0) return undefined;
      return ((last.value - first.value) * periodMs) / (last.atMs - first.atMs);
    },
  };
}

/** Differs: AWS does not say how many ranges there may be. */
const RANGES_MAX = 1000;

/** How many numbers are in each of so many ranges of one width. Assumed: each is called by where it begins. */
export function histogram(): Aggregate {
  const numbers: number[] = [];
  let ranges = 0;
  return {
    add([given, wanted]) {
      const number = numberOf(given);
      ranges = numberOf(wanted) ?? 0;
      if (number !== undefined) numbers.push(number);
    },
    result() {
      if (numbers.length === 0 || !Number.isInteger(ranges) || ranges < 1 || ranges > RANGES_MAX) return undefined;
      return { json: countsIn(numbers, ranges) };
    },
  };
}

function countsIn(numbers: readonly number[], ranges: number): Readonly<Record<string, number>> {
  const min = numbers.reduce((one, other) => Math.min(one, other));
  const max = numbers.reduce((one, other) => Math.max(one, other));
  const width = (max - min) / ranges;
  const counts = Array.from({ length: width === 0 ? 1 : ranges }, () => 0);
  for (const number of numbers) {
    // the greatest is in the last range
    const at = width === 0 ? 0 : Math.min(Math.floor((number - min) / width), ranges - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return Object.fromEntries(counts.map((count, at) => [formatValue(min + at * width), count]));
}
