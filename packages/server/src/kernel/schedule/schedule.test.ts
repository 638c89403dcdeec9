import { describe, expect, test } from "vitest";
import { nextAfter, parseSchedule } from "./schedule.ts";
import { isTimeZone } from "./zone.ts";

/** The first times of `expression` after a time, as UTC to the minute. */
function times(expression: string, after: string, { count = 1, timeZone = "UTC" } = {}): string[] {
  const schedule = parseSchedule(expression);
  const found: string[] = [];
  if (schedule === undefined) return found;
  const anchorMs = Date.parse(after);
  for (let afterMs = anchorMs; found.length < count;) {
    const nextMs = nextAfter(schedule, { afterMs, timeZone, anchorMs });
    if (nextMs === undefined) break;
    found.push(new Date(nextMs).toISOString().slice(0, 16));
    afterMs = nextMs;
  }
  return found;
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (examples) */
test.each([
  ["cron(0 10 * * ? *)", "2026-01-01T10:00:00Z", ["2026-01-02T10:00", "2026-01-03T10:00"]],
  ["cron(15 12 * * ? *)", "2026-01-01T00:00:00Z", ["2026-01-01T12:15"]],
  ["cron(0 18 ? * MON-FRI *)", "2026-01-02T19:00:00Z", ["2026-01-05T18:00"]],
  ["cron(0 8 1 * ? *)", "2026-01-15T00:00:00Z", ["2026-02-01T08:00", "2026-03-01T08:00"]],
  ["cron(0/15 * * * ? *)", "2026-01-01T00:00:00Z", ["2026-01-01T00:15", "2026-01-01T00:30"]],
  ["cron(0/5 8-17 ? * MON-FRI *)", "2026-01-02T17:55:00Z", ["2026-01-05T08:00"]],
  ["cron(0/30 20-2 ? * MON-FRI *)", "2026-01-02T23:30:00Z", ["2026-01-05T00:00"]],
  ["cron(15 10 ? * 6L 2019-2022)", "2019-01-01T00:00:00Z", ["2019-01-25T10:15", "2019-02-22T10:15"]],
  ["cron(0 9 ? * 2#1 *)", "2026-01-01T00:00:00Z", ["2026-01-05T09:00", "2026-02-02T09:00"]],
  ["cron(0 0 L * ? *)", "2024-02-01T00:00:00Z", ["2024-02-29T00:00", "2024-03-31T00:00"]],
  ["cron(0 0 3W * ? *)", "2026-01-01T00:00:00Z", ["2026-01-02T00:00", "2026-02-03T00:00"]],
  ["cron(0 0 1W 8 ? *)", "2026-01-01T00:00:00Z", ["2026-08-03T00:00"]],
  ["cron(0 0 LW 2 ? *)", "2026-01-01T00:00:00Z", ["2026-02-27T00:00"]],
  ["cron(0 0 ? * L *)", "2026-01-01T00:00:00Z", ["2026-01-03T00:00"]],
  ["cron(59 23 31 DEC ? 2199)", "2026-01-01T00:00:00Z", ["2199-12-31T23:59"]],
])("%s comes round when it says", (expression, after, expected) => {
  expect(times(expression, after, { count: expected.length })).toEqual(expected);
});

test("years that are over, and days that no month has, never come", () => {
  expect(times("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z")).toEqual([]);
  expect(times("cron(0 0 30 2 ? *)", "2026-01-01T00:00:00Z")).toEqual([]);
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_schedule.py (validated against AWS) */
test.each([
  "rate(10 seconds)",
  "rate(10 years)",
  "rate(1 minutes)",
  "rate(10 minute)",
  "rate()",
  "rate(10)",
  "rate(10 minutess)",
  "rate(foo minutes)",
  "rate(0 minutes)",
  "rate(-10 minutes)",
  "rate(10 MINUTES)",
  "rate( 10 minutes )",
  " rate(10 minutes)",
  "cron(0 1 * * * *)",
  "cron(7 20 * * NOT *)",
  "cron(INVALID)",
  "cron(0 dummy ? * MON-FRI *)",
  "cron(71 8 1 * ? *)",
  "cron(0 0 ? * ? *)",
  "cron(0 0 1 13 ? *)",
  "cron(0/0 0 1 1 ? *)",
  "cron(0 0 ? * 2#6 *)",
  "at(2026-02-30T00:00:00)",
  "",
])("%j is no schedule", (expression) => {
  expect(parseSchedule(expression)).toBeUndefined();
});

test("a rate counts from its beginning", () => {
  expect(times("rate(5 minutes)", "2026-01-01T00:02:00Z", { count: 2 })).toEqual([
    "2026-01-01T00:07",
    "2026-01-01T00:12",
  ]);
});

describe("in a time zone", () => {
  const timeZone = "America/New_York";

  test("a day's time follows the change of the hour", () => {
    const found = times("cron(30 9 * * ? *)", "2026-03-07T00:00:00Z", { count: 2, timeZone });
    expect(found).toEqual(["2026-03-07T14:30", "2026-03-08T13:30"]);
  });

  /** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time */
  test("what the clock skips is left out", () => {
    const found = times("cron(30 2 * * ? *)", "2026-03-07T12:00:00Z", { timeZone });
    expect(found).toEqual(["2026-03-09T06:30"]);
  });

  test("what the clock shows twice comes once", () => {
    const found = times("cron(30 1 * * ? *)", "2026-10-31T12:00:00Z", { count: 2, timeZone });
    expect(found).toEqual(["2026-11-01T05:30", "2026-11-02T06:30"]);
  });

  test("a single time is that of the zone's clock", () => {
    expect(times("at(2026-07-01T12:00:00)", "2026-01-01T00:00:00Z", { count: 2, timeZone })).toEqual([
      "2026-07-01T16:00",
    ]);
  });

  test("names that the IANA does not know are none", () => {
    expect([isTimeZone("Asia/Tokyo"), isTimeZone("UTC"), isTimeZone("Asia/Nowhere")]).toEqual([true, true, false]);
  });
});
