import { expect, test } from "vitest";
import { areDisjoint, cellsOf, covers } from "./cells.ts";
import { arnPattern, globPattern, type Pattern } from "./pattern.ts";

const globs = (...texts: readonly string[]): readonly Pattern[] => texts.map(globPattern);
const arns = (...texts: readonly string[]): readonly Pattern[] =>
  texts.flatMap((text) => arnPattern(text, "2012-10-17") ?? []);

test.each([
  [["s3:*"], ["s3:get*", "s3:put?bject"], true],
  [["s3:get*"], ["s3:*"], false],
  [["a*", "b*"], ["a1", "b?"], true],
  [["a*", "b*"], ["?1"], false],
  [["*a*"], ["*ab*ba*"], true],
  [["??*"], ["?*?"], true],
  [["a*b"], ["ab", "a*ab"], true],
  [["x"], [], true],
])("%j covers %j: %s", (outer, inner, expected) => expect(covers(globs(...outer), globs(...inner))).toBe(expected));

test.each([
  [["a*"], ["b*"], true],
  [["a*"], ["*a"], false],
  [["a?"], ["a"], true],
  [["*get*"], ["*put*"], false],
])("%j and %j have nothing in common: %s", (one, other, expected) =>
  expect(areDisjoint(globs(...one), globs(...other))).toBe(expected),
);

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
test.each([
  [["arn:aws:s3:::*"], ["arn:aws:s3:::b/*", "arn:aws:s3:::b"], true],
  [["arn:aws:sqs:*:111111111111:q"], ["arn:aws:sqs:us-east-1:111111111111:q"], true],
  [["arn:aws:sqs:*:q"], ["arn:aws:sqs:us-east-1:111111111111:q"], false],
  [["*"], ["arn:aws:sqs:us-east-1:111111111111:q"], true],
  [["arn:*"], ["arn:aws:sqs:us-east-1:111111111111:q"], true],
  [["arn:aws:iam::*:role/*"], ["arn:aws:iam::111111111111:role/a:b/c"], true],
])("the ARN patterns %j cover %j: %s", (outer, inner, expected) =>
  expect(covers(arns(...outer), arns(...inner))).toBe(expected),
);

test("every cell has a text that just its patterns match", () => {
  const texts = ["a*", "*b", "?b", "a*c*", "ab"];
  const cells = cellsOf(globs(...texts)) ?? [];
  expect(cells.length).toBeGreaterThan(5);
  for (const { matching, example } of cells) {
    const found = texts.flatMap((text, at) => (areDisjoint(globs(text), [exact(example)]) ? [] : [at]));
    expect(found).toEqual(matching);
  }
});

const exact = (text: string): Pattern => ({
  units: text.split("").map((letter) => letter.charCodeAt(0)),
  variable: false,
});

test("patterns that are too entangled are given up", () => {
  const letters = "abcdefghijklmnopqrst".split("");
  expect(cellsOf(letters.map((letter) => globPattern(`*${letter}*`)))).toBeUndefined();
});
