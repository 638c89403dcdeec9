import { expect, test } from "vitest";
import type { Clock } from "../../clock/clock.ts";
import type { SigV2Claim } from "./claim.ts";
import { checkFreshness } from "./freshness.ts";

const HOUR_MS = 3_600_000;
const noon = Date.UTC(2026, 0, 15, 12);

/** A version 2 URL that ends at `atMs`. */
const endingAt = (atMs: number): SigV2Claim => ({
  version: 2,
  place: "query",
  family: "s3",
  accessKeyId: "AKID",
  sessionToken: undefined,
  signature: "",
  date: String(atMs / 1000),
  atMs,
  payload: { type: "unsigned" },
});

/** It is real noon, and virtual time was moved on by `offsetMs` at eleven. */
const movedAtEleven = (offsetMs: number): Clock => ({
  now: () => noon + offsetMs,
  realNow: () => noon,
  virtualAt: (realMs) => (realMs < noon - HOUR_MS ? undefined : realMs + offsetMs),
});

const check = (atMs: number, clock: Clock) => () => checkFreshness(endingAt(atMs), clock);

test("a version 2 URL of the usual life that was made after the clock was moved is good for that life", () => {
  expect(check(noon + HOUR_MS, movedAtEleven(24 * HOUR_MS))).not.toThrow();
  expect(check(noon, movedAtEleven(24 * HOUR_MS))).not.toThrow();
});

test("one that was made before the clock was moved on beyond its end has expired", () => {
  expect(check(noon - 1000, movedAtEleven(24 * HOUR_MS))).toThrow("Request has expired");
  expect(check(noon - 1000, movedAtEleven(0))).toThrow("Request has expired");
});

test("one that was made by virtual time ends by virtual time", () => {
  expect(check(noon + 24 * HOUR_MS, movedAtEleven(24 * HOUR_MS))).not.toThrow();
  expect(check(noon + 24 * HOUR_MS - 1000, movedAtEleven(24 * HOUR_MS))).toThrow("Request has expired");
});
