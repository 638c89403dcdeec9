/**
 * What an alarm makes of what was measured.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";

export type StateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type Treatment = "breaching" | "notBreaching" | "ignore" | "missing";

export interface Measured {
  readonly atMs: number;
  readonly value: number;
}

export interface Evaluated {
  /** Of the evaluation range, the newest first; `undefined`: nothing was measured. */
  readonly points: readonly (Measured | undefined)[];
  readonly periods: number;
  readonly toAlarm: number;
  readonly treatment: Treatment;
  readonly isBreaching: (value: number) => boolean;
}

export interface Decided {
  /** `undefined`: the state stays as it is. */
  readonly state: StateValue | undefined;
  /** The points that it rests on, the newest first. */
  readonly used: readonly Measured[];
  /** How many had to stand in for missing ones. */
  readonly filled: number;
}

/**
 * So many more periods than those of the alarm are looked at for points: of short ones as many as a whole minute has
 * besides, since what is not of high resolution is all in the first of them.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_alarm)
 */
export const morePeriods = (periodMs: number): number => 2 + (periodMs < MINUTE_MS ? MINUTE_MS / periodMs : 0);

export function decide({ points, periods, toAlarm, treatment, isBreaching }: Evaluated): Decided {
  const there = points.filter((point) => point !== undefined);
  const used = there.slice(0, periods);
  const filled = periods - used.length;
  const breaching = used.filter(({ value }) => isBreaching(value)).length;
  const told = (state: StateValue | undefined): Decided => ({ state, used, filled });
  if (filled === 0 || treatment === "notBreaching") return told(breaching >= toAlarm ? "ALARM" : "OK");
  if (treatment === "breaching") return told(breaching + filled >= toAlarm ? "ALARM" : "OK");
  if (used.length === 0) return told(treatment === "missing" ? "INSUFFICIENT_DATA" : undefined);
  if (breaching < used.length) return told(breaching >= toAlarm ? "ALARM" : "OK");
  if (treatment === "ignore") return told(undefined);
  // all that is there breaches: it counts once it is old enough for those that are missing to have come
  const age = points.findLastIndex((point) => point !== undefined) + 1;
  return told(age >= toAlarm ? "ALARM" : undefined);
}
