import { expect, test } from "vitest";
import { sumOf, Tally } from "./distribution.ts";

test("values are counted, summed and told apart", () => {
  const tally = new Tally();
  tally.add(3);
  tally.add(1, 2);
  tally.add(3);
  expect(tally.distribution()).toEqual({
    count: 4,
    sum: 8,
    min: 1,
    max: 3,
    values: [
      [3, 2],
      [1, 2],
    ],
  });
});

test("with sums alone, the values are not known any more", () => {
  const values = { count: 1, sum: 5, min: 5, max: 5, values: [[5, 1]] as const };
  expect(sumOf(values, { count: 2, sum: 3, min: 1, max: 2 })).toEqual({ count: 3, sum: 8, min: 1, max: 5 });
});

test("of many different values those that are close count as one, a hundredth off at the most", () => {
  const tally = new Tally();
  for (let value = 1; value <= 100_000; value++) tally.add(value);
  const { values = [], count } = tally.distribution();
  expect(values.length).toBeLessThanOrEqual(1200);
  expect(values.reduce((sum, [, times]) => sum + times, 0)).toBe(count);
  const median = values
    .toSorted(([one], [other]) => one - other)
    .reduce<[number, number]>(
      ([found, seen], [value, times]) => [seen < count / 2 ? value : found, seen + times],
      [0, 0],
    )[0];
  expect(Math.abs(median / 50_000 - 1)).toBeLessThan(0.02);
});
