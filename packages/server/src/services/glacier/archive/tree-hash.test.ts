import { expect, test } from "vitest";
import { MIB, patterned, treeHash } from "../../../../test/vaults.ts";
import { hexOf, isTreeHashAligned, rootOf, TreeHasher } from "./tree-hash.ts";

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html
test.each([1, 1000, MIB, MIB + 1, 2 * MIB, 3 * MIB, 5 * MIB + 17, 8 * MIB])(
  "the tree hash of %i bytes that come in odd pieces is that of its definition",
  (size) => {
    const bytes = patterned(size);
    const hasher = new TreeHasher();
    for (let at = 0; at < size; at += 777_777) hasher.update(bytes.subarray(at, at + 777_777));
    expect(hexOf(rootOf(hasher.end()))).toBe(treeHash(bytes));
  },
);

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations-range.html (an archive of 6.5 MB)
test.each([
  [0, 1, true],
  [0, 2, true],
  [0, 4, true],
  [2, 4, true],
  [4, 6, true],
  [1, 3, false],
  [2, 5, false],
  [0, 3, false],
  [4, 6.5, true],
  [6, 6.5, true],
  [0, 6.5, true],
  [2, 6.5, false],
])("of an archive of 6.5 MB, the part from %d to %d is a part of the tree: %s", (from, to, isAligned) => {
  expect(isTreeHashAligned({ start: from * MIB, end: to * MIB - 1, of: 6.5 * MIB })).toBe(isAligned);
});

test("what does not begin and end at whole megabytes is no part of the tree", () => {
  expect(isTreeHashAligned({ start: 1, end: MIB - 1, of: 4 * MIB })).toBe(false);
  expect(isTreeHashAligned({ start: 0, end: 1023, of: 4 * MIB })).toBe(false);
});
