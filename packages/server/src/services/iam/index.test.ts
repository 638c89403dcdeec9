import model from "../../../models/iam.json" with { type: "json" };
import { expect, test } from "vitest";
import { iam } from "./index.ts";

/** What answers 501, and why. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  GetAccountProperties: "which properties there are is not documented",
  PutAccountProperties: "which properties there are is not documented",
};

const names: readonly string[] = Object.keys(model.operations);

test("every operation of the model is built, or left out for a reason", () => {
  expect(names.length).toBeGreaterThan(170);
  expect(names.filter((name) => !iam.operations.has(name)).toSorted()).toEqual(Object.keys(NOT_BUILT));
  expect([...iam.operations.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
