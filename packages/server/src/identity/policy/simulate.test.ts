import { expect, test } from "vitest";
import { contextKeysOf } from "./context-keys.ts";
import { simulate, type SimulatedPolicy } from "./simulate.ts";

const policy = (document: object | string, name = "PolicyInputList.1"): SimulatedPolicy => ({
  name,
  type: "IAM Policy",
  document: typeof document === "string" ? document : JSON.stringify(document),
});

const AFTER_2018 =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';

// Source: https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples
test("AWS's example of a date that is met", () => {
  const outcome = simulate({
    action: "dynamodb:CreateBackup",
    resource: "*",
    policies: [policy(AFTER_2018)],
    context: { "aws:CurrentTime": ["2019-04-25T11:00:00Z"] },
  });
  expect(outcome).toMatchObject({ decision: "allowed", missingKeys: [] });
  expect(outcome.matched).toEqual([
    {
      policyId: "PolicyInputList.1",
      policyType: "IAM Policy",
      start: { line: 1, column: 38 },
      end: { line: 1, column: 167 },
    },
  ]);
});

// Source: https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html#examples
test("AWS's example of a date that is not met", () => {
  const outcome = simulate({
    action: "dynamodb:CreateBackup",
    resource: "*",
    policies: [policy(AFTER_2018)],
    context: { "aws:CurrentTime": ["2014-04-25T11:00:00Z"] },
  });
  expect(outcome).toMatchObject({ decision: "implicitDeny", matched: [], missingKeys: [] });
});

// Source: https://docs.aws.amazon.com/cli/latest/reference/iam/get-context-keys-for-custom-policy.html#examples
test("context keys are those of variables, then those of conditions", () => {
  const document =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2015-08-16T12:00:00Z"}}}}';
  expect(contextKeysOf(document)).toEqual(["aws:username", "aws:CurrentTime"]);
});

test("a context key that is named twice in different cases is one key", () => {
  const Condition = { StringEquals: { "aws:SourceVpc": "${AWS:username}" }, Null: { "AWS:SourceVPC": "false" } };
  const Statement = { Effect: "Allow", Action: "*", Resource: "arn:aws:s3:::${aws:username}", Condition };
  expect(contextKeysOf(JSON.stringify({ Version: "2012-10-17", Statement }))).toEqual([
    "aws:username",
    "aws:SourceVpc",
  ]);
});

test("a context key that is missing is named", () => {
  const { decision, missingKeys } = simulate({
    action: "dynamodb:CreateBackup",
    resource: "*",
    policies: [policy(AFTER_2018)],
    context: {},
  });
  expect({ decision, missingKeys }).toEqual({ decision: "implicitDeny", missingKeys: ["aws:CurrentTime"] });
});

// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
test("of an explicit deny only the statements that deny are given", () => {
  const Statement = [
    { Effect: "Allow", Action: "s3:*", Resource: "*" },
    { Effect: "Deny", Action: "s3:Delete*", Resource: "*" },
  ];
  const document = JSON.stringify({ Version: "2012-10-17", Statement }, null, 2);
  const outcome = simulate({ action: "s3:DeleteObject", resource: "*", policies: [policy(document)], context: {} });
  expect(outcome.decision).toBe("explicitDeny");
  expect(outcome.matched.map(({ start, end }) => [start.line, start.column, end.line])).toEqual([[9, 5, 13]]);
});

test("every statement that allows is given", () => {
  const Statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };
  const document = { Version: "2012-10-17", Statement };
  const outcome = simulate({
    action: "s3:GetObject",
    resource: "arn:aws:s3:::a/b",
    policies: [policy(document, "one"), policy(document, "two")],
    context: {},
  });
  expect(outcome.matched.map(({ policyId }) => policyId)).toEqual(["one", "two"]);
});

test("a boundary and an organization bound what is simulated", () => {
  const all = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
  const ec2 = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "ec2:*", Resource: "*" } };
  const outcome = simulate({
    action: "s3:GetObject",
    resource: "arn:aws:s3:::a/b",
    policies: [policy(all)],
    boundary: [policy(ec2)],
    scps: [{ level: "r-1", policies: [{ name: "p-1", document: JSON.stringify(all) }] }],
    context: {},
  });
  expect(outcome).toMatchObject({ decision: "implicitDeny", allowedByBoundary: false, allowedByOrganizations: true });
});

test("a resource policy counts alone inside of an account, and beside the caller's across accounts", () => {
  const alice = "arn:aws:iam::111111111111:user/alice";
  const Statement = { Effect: "Allow", Principal: { AWS: alice }, Action: "s3:*", Resource: "*" };
  const resourcePolicy = { ...policy({ Version: "2012-10-17", Statement }, "ResourcePolicy"), type: "Resource Policy" };
  const simulation = {
    action: "s3:GetObject",
    resource: "arn:aws:s3:::a/b",
    policies: [],
    resourcePolicy,
    caller: { arn: alice, account: "111111111111" },
    context: {},
  };
  expect(simulate(simulation).decision).toBe("allowed");
  expect(simulate({ ...simulation, crossAccount: true })).toMatchObject({
    decision: "implicitDeny",
    details: { "IAM Policy": "implicitDeny", "Resource Policy": "allowed" },
  });
});
