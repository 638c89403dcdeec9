import { expect, test } from "vitest";
import { Seeded } from "../../../test/store/seeded.ts";
import { SortedKeys } from "./sorted-keys.ts";

const numbered = (number: number) => String(number).padStart(6, "0");

function filled(keys: Iterable<string>): SortedKeys {
  const sorted = new SortedKeys();
  for (const key of keys) sorted.add(key);
  return sorted;
}

test("keys come in order, however they arrived", () => {
  const ascending = Array.from({ length: 5000 }, (_, index) => numbered(index));
  const shuffled = ascending.map((_, index) => numbered((index * 1777) % 5000));
  for (const arrival of [ascending, ascending.toReversed(), shuffled]) {
    expect(filled(arrival).ascending("", "~", Infinity)).toEqual(ascending);
    expect(filled(arrival).descending("", "~", Infinity)).toEqual(ascending.toReversed());
  }
});

test("an empty set has no ranges", () => {
  expect(new SortedKeys().ascending("", "~", 9)).toEqual([]);
  expect(new SortedKeys().descending("", "~", 9)).toEqual([]);
});

test("it agrees with a sorted array through any additions, removals and ranges", () => {
  const chance = new Seeded(7);
  const sorted = new SortedKeys();
  const model = new Set<string>();
  for (let round = 0; round < 20_000; round++) {
    const key = numbered(chance.below(3000));
    if (model.has(key)) sorted.remove(key);
    else sorted.add(key);
    if (!model.delete(key)) model.add(key);
    if (round % 100 !== 0) continue;
    const [from, to, limit] = [numbered(chance.below(3000)), numbered(chance.below(3500)), chance.below(2000)];
    const expected = [...model].filter((each) => each >= from && each < to).toSorted();
    expect(sorted.ascending(from, to, limit)).toEqual(expected.slice(0, limit));
    expect(sorted.descending(from, to, limit)).toEqual(expected.toReversed().slice(0, limit));
  }
});
