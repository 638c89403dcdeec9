import { describe, expect, test } from "vitest";
import { compileJavaPattern } from "./java-pattern.ts";
import { loadModel, serviceIndex } from "./models.ts";
import type { Limits, Shape } from "./shape.ts";

describe("a pattern accepts a value as Java's matches() does", () => {
  test.each([
    ["[\\w+=,.@-]+", "role-1@a", true],
    ["[\\w+=,.@-]+", "role 1", false],
    ["[\\w+=,.@-]+", "", false],
    ["[\\w-.]+", "a-b.c", true],
    ["[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "Größe 1/2", true],
    ["[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*", "a;b", false],
    ["(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)", "/division/", true],
    ["(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)", "/division", false],
    ["a|b", "ab", false],
    ["\\p{Alnum}+", "aZ9", true],
    ["[\\p{Alpha}_]+", "aZ_", true],
    ["\\P{Alpha}+", "aZ", false],
    ["\\p{L}+(?:\\.\\p{L}+){0,2}", "name.familyName", true],
    ["\\p{L}+(?:\\.\\p{L}+){0,2}", "name.", false],
    ["a++b", "aab", true],
    ["a{1,3}+b", "aab", true],
    ["(?i)abc", "ABC", true],
    ["(?!aws:)[a-z:]+", "aws:x", false],
    ["\\$\\{[a-z]+}", "${ab}", true],
    ["[^\\[\\]]+", "a[b", false],
    ["\\_\\:\\@", "_:@", true],
    ["(?>a+)b", "aab", true],
    ["[\\x20-\\x7E]*", "~ ", true],
    ["x{2,3}y{1}", "xxy", true],
  ])("%s and %s: %s", (pattern, value, accepted) => {
    expect(compileJavaPattern(pattern)?.accepts(value)).toBe(accepted);
  });
});

test.each(["[a-z&&[^b]]", "[a[bc]]", "\\Qa\\E", "\\G"])(
  "%s is left alone, since JavaScript has nothing like it",
  (pattern) => {
    expect(compileJavaPattern(pattern)).toBeUndefined();
  },
);

test("a value on which a pattern would run for ever passes in time", () => {
  const before = process.threadCpuUsage();
  expect(compileJavaPattern("(a+)+")?.accepts(`${"a".repeat(60)}!`)).toBe(true);
  expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
});

test("a long value is watched only where the pattern could go back and forth", () => {
  expect(compileJavaPattern("arn:.+:.+:.+")?.accepts(`arn:${"a:".repeat(100)}b`)).toBe(true);
  expect(compileJavaPattern("[a-z]+[0-9]+")?.accepts(`${"a".repeat(5000)}!`)).toBe(false);
});

test("all but a few patterns of the models are understood", () => {
  const patterns = new Set(serviceIndex().flatMap(({ id }) => patternsOf(id)));
  expect(patterns.size).toBeGreaterThan(200);
  const alien = [...patterns].filter((pattern) => compileJavaPattern(pattern) === undefined);
  expect(alien.length).toBeLessThanOrEqual(1);
});

function patternsOf(id: string): string[] {
  const model = loadModel(id);
  const seen = new Set<Shape>();
  const found: string[] = [];
  const ofLimits = (limits: Limits | undefined): void => {
    if (limits?.pattern !== undefined) found.push(limits.pattern);
    for (const inner of [limits?.member, limits?.key, limits?.value]) if (inner !== undefined) ofLimits(inner);
  };
  const ofShape = (shape: Shape): void => {
    if (seen.has(shape)) return;
    seen.add(shape);
    if (shape.kind === "list") ofShape(shape.member.shape);
    if (shape.kind === "map") ofShape(shape.value.shape);
    if (shape.kind !== "structure" && shape.kind !== "union") return;
    for (const member of shape.members) {
      ofLimits(member.limits);
      ofShape(member.shape);
    }
  };
  for (const name of model.operationNames)
    ofShape(model.operation(name)?.input ?? { kind: "string", name, traits: {} });
  return found;
}
