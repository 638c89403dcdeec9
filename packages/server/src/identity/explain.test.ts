import { expect, test } from "vitest";
import { authorizationMessage } from "./authorization-message.ts";
import type { Decision } from "./decision.ts";
import { decisionHeader, DECISION_HEADER_LENGTH_MAX, deniedMessage, explain } from "./explain.ts";
import { denyUnmapped } from "./decide.ts";
import type { Layer, Reason } from "./decision.ts";

const JOHN = "arn:aws:iam::777788889999:user/John";

const denial = (reason: Reason, action = "codecommit:ListRepositories", resource = "*"): Decision => ({
  decision: "deny",
  action,
  resource,
  because: [reason],
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
test.each<[Layer, string, string]>([
  ["identity", "an identity-based policy", "identity-based policy"],
  ["resource", "a resource-based policy", "resource-based policy"],
  ["boundary", "a permissions boundary", "permissions boundary"],
  ["session", "a session policy", "session policy"],
  ["scp", "a service control policy", "service control policy"],
  ["rcp", "a resource control policy", "resource control policy"],
  ["endpoint", "a VPC endpoint policy", "VPC endpoint policy"],
])("a refusal by the layer %s is worded as AWS words it", (layer, denied, missing) => {
  const start = `User: ${JOHN} is not authorized to perform: codecommit:ListRepositories on resource: *`;
  expect(deniedMessage(denial({ layer, effect: "explicit-deny" }), JOHN)).toBe(
    `${start} with an explicit deny in ${denied}`,
  );
  expect(deniedMessage(denial({ layer, effect: "no-allow" }), JOHN)).toBe(
    `${start} because no ${missing} allows the codecommit:ListRepositories action`,
  );
});

// Source: https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
test("the ARN of a policy that denies is named", () => {
  const policy = "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd";
  const decision = denial(
    { layer: "scp", effect: "explicit-deny", policy },
    "iam:ListRoles",
    "arn:aws:iam::123456789012:role/*",
  );
  expect(deniedMessage(decision, "arn:aws:iam::123456789012:user/Matt")).toBe(
    `User: arn:aws:iam::123456789012:user/Matt is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::123456789012:role/* with an explicit deny in a service control policy: ${policy}`,
  );
});

const DECISION: Decision = {
  decision: "deny",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::payroll/mai/löhne.pdf",
  because: [
    {
      layer: "identity",
      effect: "no-allow",
      policy: "readers",
      statement: {
        sid: "FromOffice",
        index: 1,
        line: 9,
        text: '{"Sid":"FromOffice","Effect":"Allow","Action":"s3:*","Resource":"*"}',
      },
      conditions: [
        { operator: "IpAddress", key: "aws:SourceIp", expected: ["10.0.0.0/8"], actual: ["203.0.113.7"], met: false },
        { operator: "StringEquals", key: "aws:PrincipalTag/team", expected: ["a", "b"], actual: undefined, met: false },
      ],
    },
  ],
  remedies: [{ layer: "identity", statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } }],
};

test("an explanation shows layer, policy, statement, conditions and remedy", () => {
  const call = { requestId: "R1", service: "s3", operation: "GetObject", userIdentity: { arn: JOHN } };
  const { text, decisions } = explain({ ...call, questions: [{ decision: DECISION }] });
  expect(decisions).toEqual([DECISION]);
  expect(text.split("\n")).toEqual([
    `s3:GetObject by ${JOHN}`,
    "denied: s3:GetObject on arn:aws:s3:::payroll/mai/löhne.pdf",
    "  identity-based policy does not allow: readers",
    "    statement 2 `FromOffice`, line 9",
    "    not met: IpAddress aws:SourceIp: expected `10.0.0.0/8`, was `203.0.113.7`",
    "    not met: StringEquals aws:PrincipalTag/team: expected `a` or `b`, was absent",
    "  remedy, for the identity-based policy:",
    '    {"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}',
  ]);
});

test("several remedies are counted", () => {
  const remedies = [
    { layer: "identity", statement: { Effect: "Allow" } },
    { layer: "scp", level: "ou-1", statement: { Effect: "Allow" } },
  ] as const;
  const question = { decision: { ...DECISION, because: [], remedies } };
  const call = { requestId: "R1", service: "s3", operation: "GetObject", userIdentity: {}, questions: [question] };
  expect(explain(call).text.split("\n").slice(2)).toEqual([
    "  remedy 1 of 2, for the identity-based policy:",
    '    {"Effect":"Allow"}',
    "  remedy 2 of 2, for the service control policy at ou-1:",
    '    {"Effect":"Allow"}',
  ]);
});

test("a call that asked nothing says so", () => {
  const call = { requestId: "R1", service: "sts", operation: "GetCallerIdentity", userIdentity: {}, questions: [] };
  expect(explain(call).text).toBe("sts:GetCallerIdentity by anonymous\nnothing was asked of IAM");
});

test("the header is ASCII", () => {
  expect(decisionHeader(DECISION)).toBe(
    'deny; action=s3:GetObject; resource=arn:aws:s3:::payroll/mai/l?hne.pdf; because=identity no-allow policy=readers statement=FromOffice line=9 condition=IpAddress aws:SourceIp expected=10.0.0.0/8 actual=203.0.113.7 condition=StringEquals aws:PrincipalTag/team expected=a,b actual=absent; remedy=identity {"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}',
  );
});

test("the header is bounded", () => {
  const long = decisionHeader({ ...DECISION, resource: `arn:aws:s3:::b/${"é".repeat(2_000)}` });
  expect(long.length).toBe(DECISION_HEADER_LENGTH_MAX);
  expect(long).toMatch(/^[\x20-\x7e]+$/);
});

// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
test("a decoded authorization message has AWS's form", () => {
  const [reason] = DECISION.because;
  const decision: Decision = { ...DECISION, because: reason ? [{ ...reason, effect: "explicit-deny" }] : [] };
  const keys = { "aws:Region": ["us-east-1"] };
  const message = authorizationMessage(decision, { type: "service", service: "lambda.amazonaws.com" }, keys);
  expect(message).toMatchObject({
    allowed: false,
    explicitDeny: true,
    matchedStatements: {
      items: [
        {
          statementId: "FromOffice",
          effect: "DENY",
          actions: { items: [{ value: "s3:*" }] },
          resources: { items: [{ value: "*" }] },
        },
      ],
    },
    failures: { items: [] },
    context: {
      principal: { id: "lambda.amazonaws.com" },
      action: "s3:GetObject",
      conditions: { items: [{ key: "aws:Region", values: { items: [{ value: "us-east-1" }] } }] },
    },
  });
});

test("an operation without an action is denied by a named reason", () => {
  const decision = denyUnmapped("sqs", "Invented");
  expect(decision).toMatchObject({ decision: "deny", because: [{ layer: "service", effect: "no-allow" }] });
  expect(
    explain({
      requestId: "R",
      service: "sqs",
      operation: "Invented",
      userIdentity: {},
      questions: [{ decision }],
    }).text,
  ).toContain("no action is mapped for sqs:Invented");
});
