/**
 * Numbers that the model has as doubles stay so on the wire where they are whole, as AWS's answers have them: `30.0`.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_delete_alarm, in JSON and CBOR)
 */
import type { Limits } from "../model/shape.ts";
import { isFields } from "./value.ts";

const isDouble = (limits: Limits | undefined): boolean => limits?.number === "double" || limits?.number === "float";

/** Whether a member is one, or a list or map of them. */
export const holdsDoubles = (limits: Limits | undefined): boolean =>
  limits !== undefined && (isDouble(limits) || isDouble(limits.member) || isDouble(limits.value));

/** `value` with all its numbers written by `write`. */
export function writeDoubles(value: unknown, write: (number: number) => unknown): unknown {
  if (typeof value === "number") return write(value);
  if (Array.isArray(value)) return value.map((item) => writeDoubles(item, write));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, writeDoubles(item, write)]));
}

/** For texts. */
export const doubleText = (number: number): string =>
  Number.isSafeInteger(number) ? number.toFixed(1) : String(number);
