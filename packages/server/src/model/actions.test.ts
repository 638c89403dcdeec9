import { expect, test } from "vitest";
import { ACCESS_LEVELS, actionIndex, loadActions } from "./actions.ts";

test("every prefix of the index has its actions", () => {
  const prefixes = Object.keys(actionIndex());
  expect(prefixes.length).toBeGreaterThan(400);
  expect(prefixes.filter((prefix) => loadActions(prefix)?.prefix !== prefix)).toEqual([]);
});

test("an action has its level, resources and condition keys", () => {
  // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  expect(loadActions("iam")?.actions.get("PassRole")).toEqual({
    name: "PassRole",
    level: "Write",
    resources: [{ type: "role", required: true, conditionKeys: [] }],
    conditionKeys: ["iam:AssociatedResourceArn", "iam:PassedToService"],
    dependentActions: [],
  });
});

test("a resource has the form of its ARN", () => {
  expect(loadActions("s3")?.resources.get("object")?.arn).toBe("arn:${Partition}:s3:::${BucketName}/${ObjectName}");
});

test("actions are found in any case, as policies name them", () => {
  expect(loadActions("s3")?.find("getobject")?.name).toBe("GetObject");
  expect(loadActions("s3")?.find("constructor")).toBeUndefined();
});

test("levels are those that policies are summarised by", () => {
  const levels = new Set([...(loadActions("iam")?.actions.values() ?? [])].map(({ level }) => level));
  expect([...levels].every((level) => ACCESS_LEVELS.includes(level))).toBe(true);
  expect(levels).toContain("Permissions management, Write");
});

test.each(["nosuchservice", "constructor", "../index"])("the prefix %s has no actions", (prefix) => {
  expect(loadActions(prefix)).toBeUndefined();
});
