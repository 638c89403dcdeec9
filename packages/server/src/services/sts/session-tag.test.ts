import { expect, test } from "vitest";
import { requireTags } from "./session-tag.ts";

test("a tag may be called like a property that every object has", () => {
  const tags = requireTags([
    { Key: "__proto__", Value: "x" },
    { Key: "constructor", Value: "y" },
  ]);
  expect(Object.entries(tags)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

test("keys that differ only by case are one key", () => {
  const twice = [
    { Key: "Team", Value: "x" },
    { Key: "team", Value: "y" },
  ];
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (keys are compared without regard to case)
  expect(() => requireTags(twice)).toThrow(expect.objectContaining({ code: "InvalidParameterValue" }));
});
