import { expect, test } from "vitest";
import { contains, parseAddress, parseRange } from "./ip-address.ts";

test.each([
  ["::", [0, 0, 0, 0, 0, 0, 0, 0]],
  ["::1", [0, 0, 0, 0, 0, 0, 0, 1]],
  ["2001:db8::8:800:200c:417a", [0x2001, 0xdb8, 0, 0, 8, 0x800, 0x200c, 0x417a]],
  ["::ffff:192.0.2.1", [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]],
  ["192.0.2.1", [0xc000, 0x201]],
])("%s is read", (text, groups) => {
  expect(parseAddress(text)).toEqual(groups);
});

test.each([
  "",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8:9",
  "g::",
  "12345::",
  "1.2.3",
  "256.0.0.1",
  "1.2.3.4.5",
  "fe80::1%eth0",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.each(["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10.0.0.0/"])("%s is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test("a range of each length holds its own first address and not the one before", () => {
  for (let bits = 1; bits <= 32; bits++) {
    const range = parseRange(`192.0.2.128/${bits}`);
    expect(range && contains(range, [0xc000, 0x280]), String(bits)).toBe(true);
    expect(range && contains(range, [0x4000, 0x280]), String(bits)).toBe(false);
  }
});
