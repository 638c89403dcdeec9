import { expect, test } from "vitest";
import { evaluate, type Surroundings } from "./evaluate.ts";
import { parseExpression } from "./expression.ts";
import { parseSearch } from "./search.ts";
import { parseSelect } from "./select.ts";
import { SyntaxFault } from "./token.ts";
import { seriesOf, type Point, type Series, type Value } from "./value.ts";

const MINUTE = 60_000;

const series = (label: string, values: readonly (number | undefined)[]): Series => ({
  label,
  periodMs: MINUTE,
  points: values.flatMap((value, index): Point[] => (value === undefined ? [] : [[index * MINUTE, value]])),
});

const METRICS = { m1: series("one", [1, 2, 3, 4]), m2: series("two", [10, undefined, 0, 40]) };

const AROUND: Surroundings = {
  query: (id) => Object.entries(METRICS).flatMap(([name, each]) => (name === id ? [seriesOf(each)] : []))[0],
  metrics: () => Object.entries(METRICS).map(([id, each]) => ({ id, series: each })),
  found: () => undefined,
  grid: { fromMs: 0, toMs: 4 * MINUTE, periodMs: MINUTE },
  afford: () => undefined,
};

const valueOf = (text: string): Value => evaluate(parseExpression(text), AROUND);

/** A scalar as a number, a series as its values, a list as many of those. */
function shown(text: string): unknown {
  const value = valueOf(text);
  if (value.type === "scalar") return value.scalar;
  if (value.type === "series") return value.series.points.map(([, each]) => each);
  return value.list.map(({ points }) => points.map(([, each]) => each));
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
test.each<readonly [string, unknown]>([
  ["1 + 2 * 3 ^ 2", 19],
  ["-(1 + 2) * 2", -6],
  ["m1 * 2", [2, 4, 6, 8]],
  ["m1 + m2", [11, 3, 44]],
  ["m1 / m2", [0.1, 0.1]],
  ["m1 > 2", [0, 0, 1, 1]],
  ["m1 > 1 AND m1 < 4", [0, 1, 1, 0]],
  ["m1 > 3 || m1 == 1", [1, 0, 0, 1]],
  ["AVG(m1)", 2.5],
  ["AVG([m1, m2])", [5.5, 2, 1.5, 22]],
  ["SUM(METRICS())", [11, 2, 3, 44]],
  ['MAX(METRICS("2"))', [10, 0, 40]],
  ["m1 - MIN(m1)", [0, 1, 2, 3]],
  ["STDDEV(m1)", Math.sqrt(1.25)],
  ["CEIL(m1 / 2)", [1, 1, 2, 2]],
  ["ABS(m1 - 3)", [2, 1, 0, 1]],
  ["LOG10(m2)", [1, Math.log10(40)]],
  ["DIFF(m1)", [1, 1, 1]],
  ["DIFF_TIME(m2)", [120, 60]],
  ["RATE(m1)", [1 / 60, 1 / 60, 1 / 60]],
  ["RUNNING_SUM(m1)", [1, 3, 6, 10]],
  ["FILL(m2, 5)", [10, 5, 0, 40]],
  ["FILL(m2, REPEAT)", [10, 10, 0, 40]],
  ["FILL(m2, LINEAR)", [10, 5, 0, 40]],
  ["IF(m1 > 2, m1, 0)", [0, 0, 3, 4]],
  // Source: https://aws.amazon.com/blogs/mt/enhance-cloudwatch-metrics-with-metric-math-functions/
  ["IF((DAY(m1)<6 AND (HOUR(m1)>=0 AND MINUTE(m1)>1)),m1)", [3, 4]],
  ["IF(1, m1)", [1, 2, 3, 4]],
  ["IF(0, m1)", []],
  ["DATAPOINT_COUNT(m2)", 3],
  ["DATAPOINT_COUNT(METRICS())", [2, 1, 2, 2]],
  ["METRIC_COUNT(METRICS())", 2],
  ["PERIOD(m1)", 60],
  ["MINUTE(m1)", [0, 1, 2, 3]],
  ["TIME_SERIES(7)", [7, 7, 7, 7]],
  ["FIRST(METRICS())", [1, 2, 3, 4]],
  ["SORT(METRICS(), AVG, DESC, 1)", [[10, 0, 40]]],
  ["SLICE(SORT(METRICS(), AVG, DESC), 1)", [[1, 2, 3, 4]]],
  [
    "REMOVE_EMPTY([m1, m2])",
    [
      [1, 2, 3, 4],
      [10, 0, 40],
    ],
  ],
])("%s", (text, expected) => {
  expect(shown(text)).toEqual(expected);
});

test.each(["IF(m1 > 2)", "NOPE(m1)", "m3", "m1 +", "(m1", "m1 m2", "'text'", "AVG(m1, m2)", "METRIC_COUNT(m1)"])(
  "%s is no expression",
  (text) => {
    expect(() => shown(text)).toThrow(SyntaxFault);
  },
);

test("deep nesting is refused, not a crash", () => {
  expect(() => parseExpression("(".repeat(100_000))).toThrow(SyntaxFault);
  expect(() => parseExpression("-".repeat(100_000))).toThrow(SyntaxFault);
  expect(() => parseSearch("(".repeat(100_000))).toThrow(SyntaxFault);
});

/** A small generator, so that a failure can be repeated. */
function* chances(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const PIECES =
  "m1 m2 ( ) [ ] , + - * / ^ < >= == && OR AND 1 2.5 .5 1e3 ' \" \\ AVG FILL IF SORT DESC METRICS SEARCH { } = : NOT".split(
    " ",
  );

test("whatever text comes, it is an expression or a fault", () => {
  const chance = chances(7);
  const next = (below: number): number => Math.floor((chance.next().value ?? 0) * below);
  let understood = 0;
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: next(9) + 1 }, () => PIECES[next(PIECES.length)]).join(next(2) === 0 ? " " : "");
    for (const attempt of [
      () => shown(text),
      () => parseSelect(text),
      () => parseSearch(text).matches({ namespace: "n", name: "m", dimensions: [] }),
    ]) {
      try {
        attempt();
        understood++;
      } catch (error) {
        if (!(error instanceof SyntaxFault)) throw new Error(`\`${text}\``, { cause: error });
      }
    }
  }
  expect(understood).toBeGreaterThan(200);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
test.each<readonly [string, boolean]>([
  ['{AWS/EC2,InstanceId} MetricName="CPUUtilization"', true],
  ["{AWS/EC2,InstanceId} cpu", true],
  ["{AWS/EC2,InstanceId} utilization", true],
  ["{AWS/EC2,InstanceId} CPUUtilization -i-2", true],
  ["{AWS/EC2,InstanceId} NOT i-1", false],
  ["{AWS/EC2,InstanceId,Other} CPUUtilization", false],
  ["{AWS/EC2} CPUUtilization", false],
  ['InstanceId=("i-1" OR "i-3")', true],
  ["(i-2 OR i-1) AND Namespace=AWS/EC2", true],
  ['MetricName="CPU"', false],
  ["", true],
])("the search %s", (text, isFound) => {
  const metric = { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: [{ Name: "InstanceId", Value: "i-1" }] };
  expect(parseSearch(text).matches(metric)).toBe(isFound);
});
