import { expect, test } from "vitest";
import { decide, type StateValue, type Treatment } from "./decision.ts";

/** From the oldest to the newest: 0 is within the threshold, X breaches it, - is missing. */
function decided(row: string, toAlarm: number, treatment: Treatment): StateValue | "retain" {
  const points = row
    .split(" ")
    .toReversed()
    .map((point, index) => (point === "-" ? undefined : { atMs: -index, value: point === "X" ? 1 : 0 }));
  return decide({ points, periods: 3, toAlarm, treatment, isBreaching: (value) => value > 0 }).state ?? "retain";
}

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test.each([
  [3, "0 - X - X", "OK OK OK OK"],
  [3, "0 - - - -", "OK OK OK OK"],
  [3, "- - - - -", "INSUFFICIENT_DATA retain ALARM OK"],
  [3, "0 X X - X", "ALARM ALARM ALARM ALARM"],
  [3, "- - X - -", "ALARM retain ALARM OK"],
  [2, "0 - X - X", "ALARM ALARM ALARM ALARM"],
  [2, "0 0 X 0 X", "ALARM ALARM ALARM ALARM"],
  [2, "0 - X - -", "OK OK ALARM OK"],
  [2, "- - - - 0", "OK OK ALARM OK"],
  [2, "- - - X -", "ALARM retain ALARM OK"],
] as const)("%i of 3, %s", (toAlarm, row, expected) => {
  expect(TREATMENTS.map((treatment) => decided(row, toAlarm, treatment)).join(" ")).toBe(expected);
});
