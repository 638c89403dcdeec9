import { describe, expect, test } from "vitest";
import { Seeded } from "../../test/store/seeded.ts";
import type { Key, KeyPart } from "../kernel/table.ts";
import { endOfPrefix, openString, pack, successor, unpack } from "./tuple.ts";

const LETTERS = ["", "\u0000", "\u0001", "a", "b", "\u007f", "\u0080", "ÿ", "é", "雲", "ｚ", "😀"] as const;
const NUMBERS = [0, 1, -1, 0.5, -0.5, 255, 256, 1e15, -1e15, 1e300, 5e-324, Infinity, -Infinity] as const;

function randomPart(chance: Seeded): KeyPart {
  const text = Array.from({ length: chance.below(4) }, () => chance.pick(LETTERS)).join("");
  switch (chance.below(4)) {
    case 0:
      return text;
    case 1:
      return chance.below(2) === 0 ? chance.pick(NUMBERS) : chance.below(1000) - 500;
    case 2:
      return chance.below(2) === 0;
    default:
      return new Uint8Array(Buffer.from(text, "utf8"));
  }
}

const randomKey = (chance: Seeded): Key => Array.from({ length: chance.below(4) }, () => randomPart(chance));

const rankOf = (part: KeyPart) =>
  part instanceof Uint8Array ? 0 : ["string", "number", "boolean"].indexOf(typeof part) + 1;

/** The order as the documentation of keys says it, part by part. */
function comparePart(a: KeyPart, b: KeyPart): number {
  if (rankOf(a) !== rankOf(b)) return rankOf(a) - rankOf(b);
  if (typeof a === "number" || typeof a === "boolean") return a === b ? 0 : a < b ? -1 : 1;
  return Buffer.compare(bytesOf(a), bytesOf(b));
}

const bytesOf = (part: KeyPart) => (part instanceof Uint8Array ? Buffer.from(part) : Buffer.from(String(part), "utf8"));

function compareKey(a: Key, b: Key): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
const ROUNDS = 5000;

describe("a packed key", () => {
  test("gives its parts back", () => {
    const chance = new Seeded(1);
    for (let round = 0; round < ROUNDS; round++) {
      const key = randomKey(chance);
      expect(unpack(pack(key))).toEqual(key);
    }
  });

  test("sorts as its parts do", () => {
    const chance = new Seeded(2);
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b] = [randomKey(chance), randomKey(chance)];
      expect([a, b, Math.sign(compareText(pack(a), pack(b)))]).toEqual([a, b, Math.sign(compareKey(a, b))]);
    }
  });

  test("has one character per byte", () => {
    const chance = new Seeded(3);
    for (let round = 0; round < ROUNDS; round++) {
      const packed = pack(randomKey(chance));
      expect(Buffer.from(packed, "latin1").toString("latin1")).toBe(packed);
    }
  });
});

describe("the place of a packed key", () => {
  test("lies within the range of its prefix, and no other key does", () => {
    const chance = new Seeded(4);
    for (let round = 0; round < ROUNDS; round++) {
      const [prefix, key] = [randomKey(chance), randomKey(chance)];
      const begins = key.length >= prefix.length && compareKey(key.slice(0, prefix.length), prefix) === 0;
      const within = pack(key) >= pack(prefix) && pack(key) < endOfPrefix(pack(prefix));
      expect([prefix, key, within]).toEqual([prefix, key, begins]);
    }
  });

  test("lies within the range of the beginning of a string, and no other key does", () => {
    const chance = new Seeded(5);
    for (let round = 0; round < ROUNDS; round++) {
      const [text, key] = [chance.pick(LETTERS) + chance.pick(LETTERS), randomKey(chance)];
      const [first] = key;
      const open = openString("", text);
      const within = pack(key) >= open && pack(key) < endOfPrefix(open);
      expect([text, key, within]).toEqual([text, key, typeof first === "string" && first.startsWith(text)]);
    }
  });

  test("is followed by its successor, with nothing between them", () => {
    const chance = new Seeded(6);
    for (let round = 0; round < ROUNDS; round++) {
      const [key, other] = [pack(randomKey(chance)), pack(randomKey(chance))];
      expect(successor(key) > key && !(other > key && other < successor(key))).toBe(true);
    }
  });
});

describe("a key, packed,", () => {
  test("is the same for zero of either sign", () => {
    expect(pack([-0])).toBe(pack([0]));
  });

  test.each<[string, Key, string]>([
    // Source: https://github.com/apple/foundationdb/blob/main/design/tuple.md
    ["bytes with a zero byte", [new Uint8Array(Buffer.from("foo\x00bar", "latin1"))], "\x01foo\x00\xffbar\x00"],
    ["a string with a zero character", ["FÔO\u0000bar"], "\x02F\xc3\x94O\x00\xffbar\x00"],
    ["a double", [-42.0], "\x21\x3f\xba\xff\xff\xff\xff\xff\xff"],
    ["booleans", [false, true], "\x26\x27"],
  ])("is FoundationDB's for %s", (_what, key, packed) => {
    expect(pack(key)).toBe(packed);
  });

  test.each<[string, () => unknown, string]>([
    ["NaN", () => pack([Number.NaN]), "NaN"],
    ["half of a surrogate pair", () => pack(["\ud83d"]), "surrogate"],
    ["a string that is cut off", () => unpack("\x02abc"), "cut off"],
    ["a number that is cut off", () => unpack("\x21abc"), "cut off"],
    ["an unknown type", () => unpack("\x77"), "unknown type code"],
  ])("is refused for %s", (_what, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
