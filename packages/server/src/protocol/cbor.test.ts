import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/aws-error.ts";
import { formatCbor, parseCbor } from "./cbor.ts";

const hex = (bytes: string): Uint8Array => Buffer.from(bytes.replaceAll(" ", ""), "hex");

// Source: https://www.rfc-editor.org/rfc/rfc8949#appendix-A
describe("the examples of the standard are read", () => {
  test.each([
    ["00", 0],
    ["17", 23],
    ["1818", 24],
    ["1903e8", 1000],
    ["1a000f4240", 1000000],
    ["1b000000e8d4a51000", 1000000000000],
    ["20", -1],
    ["3903e7", -1000],
    ["f93c00", 1],
    ["f93e00", 1.5],
    ["f90001", 5.960464477539063e-8],
    ["fa47c35000", 100000],
    ["fb3ff199999999999a", 1.1],
    ["f97c00", Infinity],
    ["f97e00", Number.NaN],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["f7", null],
    ["c11a514b67b0", new Date("2013-03-21T20:04:00Z")],
    ["c1fb41d452d9ec200000", new Date("2013-03-21T20:04:00.500Z")],
    ["6449455446", "IETF"],
    ["62c3bc", "ü"],
    ["7f657374726561646d696e67ff", "streaming"],
    ["83010203", [1, 2, 3]],
    ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
    ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
  ])("%s", (bytes, value) => {
    expect(parseCbor(hex(bytes))).toEqual(value);
  });

  test("strings of bytes, whole and in pieces", () => {
    expect(Buffer.from("01020304", "hex").equals(Buffer.from(hexOf(parseCbor(hex("4401020304"))), "hex"))).toBe(true);
    expect(hexOf(parseCbor(hex("5f42010243030405ff")))).toBe("0102030405");
  });
});

const hexOf = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "none");

describe("what is hostile or broken is refused", () => {
  test.each([
    ["nothing", ""],
    ["two items", "0000"],
    ["a list that promises four thousand million items", "9affffffff"],
    ["a map that promises more than there is", "bbffffffffffffffff"],
    ["a text that promises more than there is", "7a7fffffff61"],
    ["a list without an end", "9f01"],
    ["a map with half an entry", "a16161"],
    ["a map with a number for a key", "a10101"],
    ["a text in pieces of bytes", "7f4161ff"],
    ["a break alone", "ff"],
    ["a reserved length", "1c"],
    ["a moment that is a text", "c16161"],
    ["a moment beyond all calendars", "c11bffffffffffffffff"],
    ["an unknown simple value", "f8ff"],
  ])("%s", (_, bytes) => {
    expect(() => parseCbor(hex(bytes))).toThrow(AwsError);
  });

  test("a nest deeper than any structure", () => {
    expect(() => parseCbor(new Uint8Array(1_000_000).fill(0x81))).toThrow("nested too deeply");
    expect(() => parseCbor(new Uint8Array(1_000_000).fill(0xc1))).toThrow("nested too deeply");
  });

  test("a key that would change what objects are", () => {
    const value = parseCbor(hex("a1695f5f70726f746f5f5fa16161f5"));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(Object(value))).toEqual(["__proto__"]);
  });
});

test("what is written can be read again", () => {
  const value = {
    text: "é".repeat(300),
    numbers: [
      0,
      23,
      24,
      255,
      256,
      65_535,
      65_536,
      2 ** 32,
      Number.MAX_SAFE_INTEGER,
      -1,
      -25,
      -(2 ** 33),
      1.5,
      Infinity,
    ],
    flags: [true, false, null],
    moment: new Date("2024-05-06T07:08:09.123Z"),
    long: Array.from({ length: 70_000 }, (_, index) => index),
  };
  expect(parseCbor(formatCbor(value))).toEqual(value);
});
