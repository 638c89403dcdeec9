import { AccessAnalyzerClient, ValidatePolicyCommand, type PolicyType } from "@aws-sdk/client-accessanalyzer";
import { expect, test } from "vitest";
import { codesOf, policy, type PolicyKind } from "../../../../test/policy-findings.ts";
import { Seeded } from "../../../../test/store/seeded.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const bucket = (more: object) => policy({ Principal: { AWS: "111111111111" }, ...more });
const inBucket: PolicyKind = { policyType: "RESOURCE_POLICY", resourceType: "AWS::S3::Bucket" };

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
test.each<[string, object, readonly string[]]>([
  ["nothing to be said of", bucket({}), []],
  ["no principal", policy(), ["MISSING_PRINCIPAL"]],
  [
    "all but some",
    bucket({ Principal: undefined, NotPrincipal: { AWS: "111111111111" } }),
    ["ALLOW_WITH_NOT_PRINCIPAL"],
  ],
  ["a kind of principal that is none", bucket({ Principal: { User: "ann" } }), ["INVALID_PRINCIPAL_KEY"]],
  [
    "a wildcard in a name",
    bucket({ Principal: { AWS: "arn:aws:iam::111111111111:user/*" } }),
    ["UNSUPPORTED_WILDCARD_IN_PRINCIPAL"],
  ],
  ["a role by its id", bucket({ Principal: { AWS: "AROAXXXXXXXXXXXXXXXXX" } }), ["INVALID_ROLE_REFERENCE"]],
  [
    "an identity provider",
    bucket({ Principal: { Federated: "accounts.google.com" } }),
    ["FEDERATED_PRINCIPAL_NOT_SUPPORTED"],
  ],
  ["another service's action", bucket({ Action: "sqs:SendMessage" }), ["UNSUPPORTED_ACTION_IN_POLICY"]],
  [
    "another service's resource",
    bucket({ Resource: "arn:aws:sqs:us-east-1:111111111111:q" }),
    ["UNSUPPORTED_RESOURCE_ARN_IN_POLICY"],
  ],
  [
    "a service for anybody",
    bucket({ Principal: { Service: "cloudtrail.amazonaws.com" } }),
    ["RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"],
  ],
  [
    "a service for one account",
    bucket({
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
    }),
    [],
  ],
  [
    "the owner of the resource asked for",
    bucket({ Condition: { StringEquals: { "s3:ResourceAccount": "111111111111" } } }),
    ["IRRELEVANT_CONDITION_KEY_IN_POLICY"],
  ],
])("a bucket policy with %s", async (_what, document, codes) =>
  expect(await codesOf(document, inBucket)).toEqual(codes),
);

const trust = (more: object) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole", ...more }],
});
const inTrust: PolicyKind = { policyType: "RESOURCE_POLICY", resourceType: "AWS::IAM::AssumeRolePolicyDocument" };
const GITHUB = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
const github = (sub: string) =>
  trust({
    Principal: { Federated: GITHUB },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringLike: { "token.actions.githubusercontent.com:sub": sub } },
  });

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
test.each<[string, object, readonly string[]]>([
  ["nothing to be said of", trust({}), []],
  ["everybody", trust({ Principal: "*" }), ["ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"]],
  ["a resource", trust({ Resource: "*" }), ["ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"]],
  [
    "a provider of no form",
    trust({ Principal: { Federated: "google" }, Action: "sts:TagSession" }),
    ["INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"],
  ],
  ["another action than its own", trust({ Action: "s3:GetObject" }), ["UNSUPPORTED_ACTION_IN_POLICY"]],
  [
    "a provider without a condition",
    trust({ Principal: { Federated: "accounts.google.com" }, Action: "sts:AssumeRoleWithWebIdentity" }),
    ["MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"],
  ],
  ["GitHub, any repository", github("*"), ["SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"]],
  ["GitHub, one branch", github("repo:org/repo:ref:refs/heads/main"), []],
  [
    "tags without the action for them",
    trust({ Condition: { StringEquals: { "aws:RequestTag/team": "a" } } }),
    ["MISSING_ACTION_FOR_CONDITION_KEY"],
  ],
  [
    "Roles Anywhere with too little",
    trust({ Principal: { Service: "rolesanywhere.amazonaws.com" } }),
    ["MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY"],
  ],
])("a trust policy with %s", async (_what, document, codes) => expect(await codesOf(document, inTrust)).toEqual(codes));

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
test("a service control policy names no principal and has no wildcard inside of actions", async () => {
  const scp: PolicyKind = { policyType: "SERVICE_CONTROL_POLICY" };
  expect(await codesOf(policy({ Effect: "Deny", Resource: "*" }), scp)).toEqual([]);
  expect(await codesOf(policy({ Effect: "Deny", Resource: "*", Principal: "*" }), scp)).toEqual([
    "SCP_SYNTAX_ERROR_PRINCIPAL",
  ]);
  expect(await codesOf(policy({ Effect: "Deny", Resource: "*", Action: "s3:*Object" }), scp)).toEqual([
    "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
  ]);
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html, https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
test.each<[PolicyType, object]>([
  [
    "RESOURCE_CONTROL_POLICY",
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:AssumeRole"],
      Resource: "*",
      Condition: {
        StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
  ],
  [
    "SERVICE_CONTROL_POLICY",
    {
      Effect: "Deny",
      NotAction: ["iam:*", "organizations:*", "s3:GetBucketPublicAccessBlock"],
      Resource: "*",
      Condition: {
        StringNotEquals: { "aws:RequestedRegion": ["eu-central-1", "eu-west-1"] },
        ArnNotLike: { "aws:PrincipalARN": ["arn:aws:iam::*:role/Role1AllowedToBypassThisSCP"] },
      },
    },
  ],
])("of AWS's own example of a %s nothing is to be said", async (policyType, one) =>
  expect(await codesOf({ Version: "2012-10-17", Statement: [one] }, { policyType })).toEqual([]),
);

const TYPES: readonly [PolicyType, ...PolicyType[]] = [
  "IDENTITY_POLICY",
  "RESOURCE_POLICY",
  "SERVICE_CONTROL_POLICY",
  "RESOURCE_CONTROL_POLICY",
];

test("no text is too hostile to be checked", async () => {
  const client = (await testCloud()).client(AccessAnalyzerClient);
  const chance = new Seeded(11);
  const whole = JSON.stringify(trust({ Condition: { StringLike: { "aws:userid": ["a", "${aws:username}"] } } }));
  const scraps: readonly [string, ...string[]] = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ":",
    ",",
    "${",
    "*",
    "null",
    "1e9",
    "arn:",
    "\\u0000",
    "Action",
  ];
  for (let round = 0; round < 150; round++) {
    let text = whole;
    for (let change = 0; change <= chance.below(4); change++) {
      const at = chance.below(text.length);
      text = text.slice(0, at) + (chance.below(2) === 0 ? "" : chance.pick(scraps)) + text.slice(at + chance.below(6));
    }
    const policyType = chance.pick(TYPES);
    const { findings = [] } = await client.send(new ValidatePolicyCommand({ policyDocument: text, policyType }));
    for (const { locations = [] } of findings) {
      for (const { span } of locations) expect(span?.end?.offset, text).toBeLessThanOrEqual(text.length);
    }
  }
});
