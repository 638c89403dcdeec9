import { expect, test } from "vitest";
import { formatDuration, parseDurationSeconds } from "../src/duration.ts";

test.each([
  ["90s", 90],
  ["15m", 900],
  ["12h", 43_200],
  ["7d", 604_800],
  ["1h30m", 5400],
  ["0s", 0],
])("%s is %i seconds", (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds);
});

test.each(["", "12", "h", "12 h", "-5m", "1.5h", "30m1h", "5w"])("%j is no duration", (text) => {
  expect(parseDurationSeconds(text)).toBeUndefined();
});

test.each([
  [0, "0s"],
  [90, "1m30s"],
  [604_800, "7d"],
  [93_784, "1d2h3m4s"],
  [-3600, "1h"],
])("%i seconds are written %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
