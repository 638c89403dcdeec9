import { expect, test } from "vitest";
import type { StateValue } from "./decision.ts";
import { alarmsIn, holds, parseRule, RuleFault } from "./rule.ts";

const STATES = new Map<string, StateValue>([
  ["a", "ALARM"],
  ["b", "OK"],
  ["with space", "ALARM"],
  ["c", "INSUFFICIENT_DATA"],
]);

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)
test.each<readonly [string, boolean]>([
  ["ALARM(a)", true],
  ["ALARM(b) OR ALARM(a)", true],
  ["ALARM(b) OR OK(b) AND ALARM(c)", false],
  ["(ALARM(b) OR OK(b)) AND INSUFFICIENT_DATA(c)", true],
  ["NOT ALARM(a)", false],
  ["NOT (ALARM(b) AND TRUE)", true],
  ['ALARM("with space")', true],
  ["ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)", true],
  ["TRUE", true],
  ["FALSE", false],
  ["AT_LEAST(2, ALARM, (a, b, 'with space'))", true],
  ["AT_LEAST(3, ALARM, (a, b, 'with space'))", false],
  ["AT_LEAST(50%, NOT ALARM, (a, b))", true],
  ["ALARM(gone)", false],
])("%s is %s", (text, expected) => {
  expect(holds(parseRule(text), STATES)).toBe(expected);
});

test.each([
  "",
  "ALARM",
  "ALARM()",
  "ALARM(a",
  "ALARM(a))",
  "a",
  "NOT",
  "ALARM(a) ALARM(b)",
  "AND",
  "(",
  "AT_LEAST(x, OK, (a))",
])("`%s` is no rule", (text) => {
  expect(() => parseRule(text)).toThrow(RuleFault);
});

/** A small generator, so that a failure can be repeated. */
function* chances(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const PIECES = "ALARM OK ( ) ( ) a 'b' \" AND OR NOT TRUE AT_LEAST 2 50% ,".split(" ");

test("whatever text comes, it is a rule or a fault", () => {
  const chance = chances(11);
  const next = (below: number): number => Math.floor((chance.next().value ?? 0) * below);
  let understood = 0;
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: next(10) + 1 }, () => PIECES[next(PIECES.length)]).join(" ");
    try {
      holds(parseRule(text), STATES);
      alarmsIn(parseRule(text));
      understood++;
    } catch (error) {
      if (!(error instanceof RuleFault)) throw new Error(`\`${text}\``, { cause: error });
    }
  }
  expect(understood).toBeGreaterThan(100);
  expect(() => parseRule("(".repeat(100_000))).toThrow(RuleFault);
  expect(() => parseRule("NOT ".repeat(100_000))).toThrow(RuleFault);
});
