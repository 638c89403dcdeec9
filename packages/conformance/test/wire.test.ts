import { expect, test } from "vitest";
import exceptions from "./wire/exceptions.json" with { type: "json" };
import { formatReport } from "./wire/report.ts";
import { ROUNDS } from "./wire/rounds.ts";
import { sweep, type Tally } from "./wire/sweep.ts";

const tallies: Tally[] = [];
for (const round of ROUNDS) tallies.push(await sweep(round));

const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
const operations = sum((tally) => tally.operations);
const findings = tallies.flatMap((tally) => tally.findings);

test("every service is swept in every protocol it speaks", () => {
  const native = new Map(tallies.map(({ round, operations: count }) => [round.id, count]));
  expect(native.size).toBeGreaterThanOrEqual(45);
  expect([...native.values()].reduce((total, count) => total + count, 0)).toBeGreaterThanOrEqual(4250);
});

test("nothing differs on the wire but the exceptions, each of which has its reason", () => {
  const known = new Set(exceptions.map(({ what }) => what));
  expect(findings.filter(({ what }) => !known.has(what))).toEqual([]);
});

test("every exception is still one", () => {
  const found = new Set(findings.map(({ what }) => what));
  expect(exceptions.filter(({ what }) => !found.has(what))).toEqual([]);
});

test("fewer than 0.25 % of inputs, 0.1 % of outputs and no error at all differ", () => {
  expect(operations - sum((tally) => tally.inputs)).toBeLessThan(operations * 0.0025);
  expect(operations - sum((tally) => tally.outputs)).toBeLessThan(operations * 0.001);
  expect(sum((tally) => tally.errors)).toBe(sum((tally) => tally.errorsTried));
});

test("the reference shows what was found", async () => {
  const page = new URL("../../../docs/reference/wire-conformance.md", import.meta.url);
  await expect(formatReport(tallies, exceptions)).toMatchFileSnapshot(page.pathname);
});
