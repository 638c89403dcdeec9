import { expect, test } from "vitest";
import { BoundedCache } from "./bounded-cache.ts";

test("what was asked for lately stays, what was not goes", () => {
  const cache = new BoundedCache<number, string>(2);
  for (const key of [1, 2, 3]) cache.set(key, `v${key}`);
  expect(cache.get(1)).toBe("v1");
  cache.set(4, "v4");
  cache.set(5, "v5");
  expect(cache.get(2)).toBeUndefined();
  expect([cache.get(4), cache.get(5)]).toEqual(["v4", "v5"]);
});
