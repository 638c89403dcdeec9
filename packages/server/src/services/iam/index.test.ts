import model from "../../../models/iam.json" with { type: "json" };
import { expect, test } from "vitest";
import { iam } from "./index.ts";

const names: readonly string[] = Object.keys(model.operations);

test("every operation of the model is built", () => {
  expect(names.length).toBeGreaterThan(170);
  expect(names.filter((name) => !iam.operations.has(name)).toSorted()).toEqual([]);
  expect([...iam.operations.keys()].filter((name) => !names.includes(name))).toEqual([]);
});
