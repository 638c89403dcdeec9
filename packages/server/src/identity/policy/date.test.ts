import { expect, test } from "vitest";
import { parseDate } from "./date.ts";

test.each([
  ["1970-01-01T00:00:00Z", 0],
  ["2026-01-15T12:00:00Z", Date.UTC(2026, 0, 15, 12) / 1000],
  ["2026-01-15T12:00:00+09:00", Date.UTC(2026, 0, 15, 3) / 1000],
  ["2026-01-15T12:00:00,250Z", Date.UTC(2026, 0, 15, 12) / 1000 + 0.25],
  ["2000-02-29", Date.UTC(2000, 1, 29) / 1000],
  ["1969-12-31T23:59:59Z", -1],
  ["1900-03-01", Date.UTC(1900, 2, 1) / 1000],
  ["1768478400", 1_768_478_400],
  ["-1768478400", -1_768_478_400],
])("%s is %d seconds from the epoch", (text, seconds) => {
  expect(parseDate(text)).toBe(seconds);
});

// Source: documents with AWS's recorded answers, as `moto` keeps them.
test.each(["01T", "2016-12-13t2:00:00.593194+23", "-292275054", "2019-07-01T13:20:15Z"])(
  "%s is a date to AWS",
  (text) => {
    expect(parseDate(text)).toBeTypeOf("number");
  },
);

test.each([
  "sdfdsf",
  "234-13",
  "2016-12-13t2:00:00.593194+1",
  "2016-12-13t2:00:00.1999999999+10:59",
  "9223372036854775808",
  "",
  "2026-13-01",
  "2025-02-29",
  "1900-02-29",
  "2026-01-15T24:00:00Z",
  "2026-01-15 12:00:00",
  "2026-367",
])("%j is no date", (text) => {
  expect(parseDate(text)).toBeUndefined();
});

test("days are counted as the calendar of the machine counts them", () => {
  const days = Array.from({ length: 1_500 }, (_, index) => -700_000 + index * 997);
  const wrong = days.filter((day) => parseDate(new Date(day * 86_400_000).toISOString()) !== day * 86_400);
  expect(wrong).toEqual([]);
});
