import { expect, test } from "vitest";
import { codeAt, stepAt, stepsAround } from "./totp.ts";

// Source: https://www.rfc-editor.org/rfc/rfc6238#appendix-B (SHA-1, the last six of the eight digits)
const VECTORS: readonly (readonly [seconds: number, code: string])[] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
];

test.each(VECTORS)("at %i seconds the published seed shows %s", (seconds, code) => {
  expect(codeAt(Buffer.from("12345678901234567890"), stepAt(seconds * 1000))).toBe(code);
});

test("steps around a moment begin with its own", () => {
  expect(stepsAround([90_000], 2)).toEqual([3, 2, 4, 1, 5]);
});
