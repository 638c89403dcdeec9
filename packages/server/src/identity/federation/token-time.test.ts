import { expect, test } from "vitest";
import { checkTimes } from "./token-time.ts";

const HOUR = 3600;
/** When real time was when virtual time was moved last, in seconds. */
const MOVED = 1_800_000_000;

/** Virtual time was moved on by a day at `MOVED`; `after` seconds have gone by. */
const clockAt = (after: number) => ({
  now: () => (MOVED + after + 24 * HOUR) * 1000,
  realNow: () => (MOVED + after) * 1000,
  virtualAt: (realMs: number) => (realMs < MOVED * 1000 ? undefined : realMs + 24 * HOUR * 1000),
});

/** Time stands still at the day after `MOVED`. */
const frozenAt = (after: number) => ({ ...clockAt(after), now: clockAt(0).now, virtualAt: clockAt(0).now });

const madeAt = (issuedAt: number) => ({ issuedAt, notBefore: undefined, expiry: issuedAt + HOUR });

const check = (issuedAt: number, clock: ReturnType<typeof clockAt>) => () => checkTimes(madeAt(issuedAt), clock);

test("a token of an issuer that counts in real time is good, and grows old, where virtual time is elsewhere", () => {
  check(MOVED + 10, clockAt(20))();
  check(MOVED + 10, clockAt(10 + HOUR))();
  expect(check(MOVED + 10, clockAt(10 + HOUR + 301))).toThrow(/^Token expired: /);
});

test("a token from before virtual time was moved has grown old with it", () => {
  expect(check(MOVED - 1, clockAt(0))).toThrow(/^Token expired: /);
});

test("a token of an issuer that counts in virtual time is good", () => {
  check(MOVED + 24 * HOUR, clockAt(20))();
  expect(check(MOVED + 24 * HOUR, clockAt(2 * HOUR))).toThrow(/^Token expired: /);
});

test("a token that says it was made later than now, in either time, is not real time's", () => {
  expect(check(MOVED + 30, clockAt(20))).toThrow(/^Token expired: /);
  expect(check(MOVED + 25 * HOUR, clockAt(20))).toThrow(/not yet valid/);
});

test("a token does not grow old while virtual time stands still", () => {
  expect(check(MOVED + 10, frozenAt(10 * HOUR))).not.toThrow();
});
