import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { parseGlob } from "./glob.ts";

test.each([
  ["", "", true],
  ["", "a", false],
  ["abc", "abc", true],
  ["abc", "abcd", false],
  ["*", "", true],
  ["a*", "a", true],
  ["a*", "ba", false],
  ["*a", "bca", true],
  ["*a", "ab", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a**b", "ab", true],
  ["?", "", false],
  ["??", "ab", true],
  ["a?c*", "abcd", true],
  ["*?", "", false],
  ["a.b", "axb", false],
  ["[a]", "a", false],
])("%j against %j is %s", (pattern, text, matches) => {
  expect(parseGlob(pattern).test(text)).toBe(matches);
});

test("what every match begins with is known", () => {
  expect([
    parseGlob("s3:Get*").head,
    parseGlob("s3:Get").reach,
    parseGlob("s3:*").reach,
    parseGlob("s3:*x").reach,
  ]).toEqual(["s3:Get", "exact", "prefix", "pattern"]);
});

test("many wildcards over a long text cost no more than their product", () => {
  const glob = parseGlob("*a".repeat(500) + "b");
  const began = performance.now();
  expect(glob.test("a".repeat(20_000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(2_000);
});
