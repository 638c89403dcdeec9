import { expect, test } from "vitest";
import type { AccountId } from "../kernel/arn.ts";
import { asRegion, parseAccountId } from "../kernel/arn.ts";
import { assert } from "../kernel/assert.ts";
import type { MeasuredMinute } from "../service/measure.ts";
import { Measures } from "./measures.ts";

const REGION = asRegion("us-east-1");

function accountOf(text: string): AccountId {
  const account = parseAccountId(text);
  assert(account !== undefined, "an account id has twelve digits");
  return account;
}

const ONE = accountOf("111111111111");
const OTHER = accountOf("222222222222");

interface Kept extends MeasuredMinute {
  readonly account: AccountId;
}

function measuring() {
  const kept: Kept[] = [];
  const losses: unknown[] = [];
  const clock = { nowMs: 60_000 };
  const measures = new Measures({
    now: () => clock.nowMs,
    keep: async (minutes, { account }) => {
      if (account === OTHER) throw new Error("not today");
      for (const minute of minutes) kept.push({ ...minute, account });
    },
    onLoss: (cause) => losses.push(cause),
  });
  const add = (value: number, account = ONE) =>
    measures.add({ namespace: "AWS/X", name: "n", dimensions: { a: "b" }, unit: "Count", value }, account, REGION);
  return { measures, kept, losses, clock, add };
}

test("values of a minute are handed on as one", async () => {
  const { measures, kept, clock, add } = measuring();
  add(1);
  add(3);
  clock.nowMs = 120_001;
  add(5);
  await measures.flush();
  expect(kept.map(({ atMs, values: { count, sum } }) => [atMs, count, sum])).toEqual([
    [60_000, 2, 4],
    [120_000, 1, 5],
  ]);
  await measures.flush();
  expect(kept).toHaveLength(2);
});

test("what cannot be kept is reported, and stops nothing else", async () => {
  const { measures, kept, losses, add } = measuring();
  add(1, OTHER);
  add(2);
  await measures.flush();
  expect(losses).toEqual([new Error("not today")]);
  expect(kept.map(({ account }) => account)).toEqual([ONE]);
});

test("what was measured before the store was emptied is forgotten", async () => {
  const { measures, kept, add } = measuring();
  add(1);
  measures.forget();
  await measures.flush();
  expect(kept).toEqual([]);
});
