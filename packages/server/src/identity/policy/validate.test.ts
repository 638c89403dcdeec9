import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { validatePolicy, type PolicyKind, type ResourceRules } from "./validate.ts";

const ok = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::payroll" };

const document = (statement: unknown, more: object = {}): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statement, ...more });

const date = (value: string) => ({ Condition: { DateLessThan: { "aws:CurrentTime": value } } });

const messageOf = (text: string, kind: PolicyKind, rules?: ResourceRules): string | undefined =>
  validatePolicy(text, kind, rules)?.message;

// Source: documents with AWS's recorded answers, as
// https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_policies.snapshot.json
// keeps them and as users report them; the documents here are our own.
describe("an identity policy", () => {
  const syntax = "Syntax errors in policy.";
  const legacy = "The policy failed legacy parsing";
  const version = "Policy document must be version 2012-10-17 or greater.";
  const vendor = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  const resources = "Policy statement must contain resources.";
  const paths =
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.';

  test.each([
    ["text that is no JSON", "hello", syntax],
    ["a list", "[]", syntax],
    ["no statement", document(undefined), syntax],
    ["an empty list of statements", document([]), syntax],
    ["a statement that is a text", document(["x"]), syntax],
    ["an unknown field", document(ok, { Comment: "x" }), syntax],
    ["an unknown field of a statement", document({ ...ok, Comment: "x" }), syntax],
    [
      "a field given twice",
      `{"Version":"2012-10-17","Version":"2012-10-17","Statement":${JSON.stringify(ok)}}`,
      syntax,
    ],
    ["an id that is a list", document(ok, { Id: ["x"] }), syntax],
    ["a statement id that is an object", document({ ...ok, Sid: {} }), syntax],
    ["an unknown version", document(ok, { Version: "2013-10-17" }), syntax],
    ["an unknown effect", document({ ...ok, Effect: "Perhaps" }), syntax],
    ["no effect", document({ Action: "s3:*", Resource: "*" }), syntax],
    ["an action that is an object", document({ ...ok, Action: {} }), syntax],
    ["an action inside of two lists", document({ ...ok, Action: [["s3:*"]] }), syntax],
    ["Action beside NotAction", document({ ...ok, NotAction: "s3:*" }), syntax],
    ["Resource beside an empty NotResource", document({ ...ok, NotResource: [] }), syntax],
    ["a resource that is an object", document({ ...ok, Resource: { a: "*" } }), syntax],
    ["an object among resources", document({ ...ok, Resource: ["nonsense", {}] }), syntax],
    ["a condition that is a list", document({ ...ok, Condition: [] }), syntax],
    ["a condition that is a text", document({ ...ok, Condition: "x" }), syntax],
    ["an operator whose keys are a text", document({ ...ok, Condition: { StringEquals: "x" } }), syntax],
    ["a key whose value is an object", document({ ...ok, Condition: { StringEquals: { a: {} } } }), syntax],
    ["an unknown operator", document({ ...ok, Condition: { StringIs: { a: "b" } } }), syntax],
    [
      "two colons behind a set operator",
      document({ ...ok, Condition: { "ForAnyValue::StringEquals": { a: "b" } } }),
      syntax,
    ],
    ["no version", JSON.stringify({ Statement: ok }), version],
    ["the older version", document(ok, { Version: "2008-10-17" }), version],
    ["no version and a misspelled effect", JSON.stringify({ Statement: { ...ok, Effect: "allow" } }), version],
    ["a misspelled effect", document({ ...ok, Effect: "allow" }), legacy],
    ["a misspelled effect and no action", document({ Effect: "DENY", Resource: "*" }), legacy],
    ["a date that is none", document({ ...ok, ...date("tomorrow") }), legacy],
    ["a date that is none, and nothing else", document({ Effect: "Allow", ...date("tomorrow") }), legacy],
    ["an ARN with an account and no resource", document({ ...ok, Resource: "arn:aws:s3::payroll" }), legacy],
    [
      "the same in NotResource",
      document({ Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3::payroll" }),
      legacy,
    ],
    ["an ARN without a service", document({ ...ok, Resource: "arn:aws::::payroll" }), legacy],
    ["a principal", document({ ...ok, Principal: "*" }), "Policy document should not specify a principal."],
    [
      "one statement id twice",
      document([
        { ...ok, Sid: "A" },
        { Sid: "A", Effect: "Allow" },
      ]),
      "Statement IDs (SID) in a single policy must be unique.",
    ],
    [
      "a statement id with a blank",
      document({ ...ok, Sid: "my statement" }),
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    ],
    [
      "a resource that is no ARN",
      document({ ...ok, Resource: "payroll" }),
      'Resource payroll must be in ARN format or "*".',
    ],
    ["an empty resource", document({ ...ok, Resource: "" }), 'Resource  must be in ARN format or "*".'],
    [
      "a resource is told before an action",
      document({ ...ok, Action: "s3:a:b", Resource: "payroll" }),
      'Resource payroll must be in ARN format or "*".',
    ],
    [
      "an unknown partition",
      document({ ...ok, Resource: "arn:moon:s3:::payroll" }),
      'Partition "moon" is not valid for resource "arn:moon:s3:::payroll".',
    ],
    [
      "an ARN that is cut off behind its partition",
      document({ ...ok, Resource: "a:moon" }),
      'Partition "moon" is not valid for resource "arn:moon:*:*:*:*".',
    ],
    [
      "an ARN without its first field",
      document({ ...ok, Resource: "aws:s3:::payroll" }),
      'Partition "s3" is not valid for resource "arn:s3:::payroll:*".',
    ],
    [
      "an ARN without a service at its end",
      document({ ...ok, Resource: "arn:aws" }),
      "Resource vendor must be fully qualified and cannot contain regexes.",
    ],
    [
      "IAM with a region",
      document({ ...ok, Resource: "arn:aws:iam:us-east-1::user/x" }),
      "IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information.",
    ],
    [
      "S3 with a region",
      document({ ...ok, Resource: "arn:aws:s3:us-east-1::payroll" }),
      "Resource arn:aws:s3:us-east-1::payroll can not contain region information.",
    ],
    ["IAM with another path", document({ ...ok, Resource: "arn:aws:iam:::payroll" }), paths],
    ["no action", document({ Effect: "Allow", Resource: "*" }), "Policy statement must contain actions."],
    ["no action and no resource", document({ Effect: "Allow" }), "Policy statement must contain actions."],
    ["an empty list of actions", document({ ...ok, Action: [] }), "Policy statement must contain actions."],
    ["an action without a service", document({ ...ok, Action: "ListBucket" }), vendor],
    ["an empty NotAction", document({ Effect: "Allow", NotAction: "", Resource: "*" }), vendor],
    ["an action without a service, and no resource", document({ Effect: "Allow", Action: "ListBucket" }), resources],
    ["a service with a blank", document({ ...ok, Action: "my s3:List" }), "Vendor my s3 is not valid"],
    ["a service with a wildcard", document({ ...ok, Action: "s*:List" }), "Vendor s* is not valid"],
    [
      "an action with two colons",
      document({ ...ok, Action: "s3:List:Bucket" }),
      "Actions/Condition can contain only one colon.",
    ],
    ["no resource", document({ Effect: "Allow", Action: "s3:*" }), "Policy statement must contain resources."],
    ["an empty list of resources", document({ ...ok, Resource: [] }), "Policy statement must contain resources."],
  ])("with %s is refused", (_what, text, message) => {
    expect(messageOf(text, "identity")).toBe(message);
  });

  test.each([
    ["a single statement", ok],
    ["an action that does not exist", { ...ok, Action: "nothing:Such" }],
    ["a service with a dot or a hyphen", { ...ok, Action: ["a.b:C", "a-b:C"] }],
    ["a null among resources", { ...ok, Resource: ["*", null] }],
    ["an ARN that is cut off behind its service", { ...ok, Resource: "arn:aws:s3" }],
    ["a wildcard for the partition", { ...ok, Resource: "arn:*:ec2:*:*:vpc/*" }],
    [
      "an access point of S3, which has a region",
      { ...ok, Resource: "arn:aws:s3:us-west-2:111111111111:accesspoint/x" },
    ],
    ["all of IAM", { ...ok, Resource: "arn:aws:iam::111111111111:*" }],
    ["an operator without keys, even an unknown one", { ...ok, Condition: { StringIs: {} } }],
    ["a key without values", { ...ok, Condition: { DateLessThan: { "aws:CurrentTime": [] } } }],
    ["a year for a date", { ...ok, Condition: { DateLessThan: { "aws:CurrentTime": "2030" } } }],
    ["NotAction with NotResource", { Effect: "Allow", NotAction: "s3:*", NotResource: "*" }],
    [
      "empty statement ids",
      [
        { ...ok, Sid: "" },
        { ...ok, Sid: "" },
      ],
    ],
  ])("with %s is accepted", (_what, statement) => {
    expect(messageOf(document(statement), "identity")).toBeUndefined();
  });

  test("of a session needs no version", () => {
    expect(messageOf(JSON.stringify({ Statement: ok }), "session")).toBeUndefined();
    expect(messageOf(document({ ...ok, Principal: "*" }), "session")).toBe(
      "Policy document should not specify a principal.",
    );
  });
});

test("AWS accepts its own managed policies, but for those of root tasks", () => {
  const path = new URL("../../../managed-policies/documents.json", import.meta.url);
  const documents: Record<string, unknown> = JSON.parse(readFileSync(path, "utf8"));
  const refused = Object.entries(documents).flatMap(([name, text]) =>
    messageOf(typeof text === "string" ? text : JSON.stringify(text), "identity") === undefined ? [] : [name],
  );
  expect(Object.keys(documents).length).toBeGreaterThan(1_000);
  expect(refused.filter((name) => !/IAM(AuditRoot|CreateRoot|DeleteRoot)/.test(name))).toEqual([]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html and users' reports of CreateRole.
describe("a trust policy", () => {
  const trust = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole" };

  test.each([
    ["text that is no JSON", "hello", "This policy contains invalid Json"],
    ["an unknown field", document(trust, { statement: 1 }), "Unknown field statement"],
    ["an unknown version", document(trust, { Version: "2013" }), "The policy must contain a valid version string"],
    ["no statement", document([]), "Could not parse the policy: Statement is empty!"],
    ["no effect", document({ Principal: "*", Action: "sts:AssumeRole" }), "Missing required field Effect"],
    ["a misspelled effect", document({ ...trust, Effect: "allow" }), "Invalid effect: allow"],
    ["no principal", document({ Effect: "Allow", Action: "sts:AssumeRole" }), "Missing required field Principal"],
    ["an empty principal", document({ ...trust, Principal: {} }), "Missing required field Principal cannot be empty!"],
    [
      "a wildcard in an account",
      document({ ...trust, Principal: { AWS: "arn:aws:iam::*:root" } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::*:root"',
    ],
    [
      "a service that is no name",
      document({ ...trust, Principal: { Service: "nope" } }),
      'Invalid principal in policy: "SERVICE":"nope"',
    ],
    [
      // Source: https://github.com/terraform-aws-modules/terraform-aws-iam/issues/202 (an answer of AWS)
      "a provider that is neither a domain nor an ARN",
      document({ ...trust, Principal: { Federated: "nope" } }),
      "Federated principals must be valid domain names or SAML metadata ARNs",
    ],
    [
      "a group",
      document({ ...trust, Principal: { AWS: "arn:aws:iam::111111111111:group/g" } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:group/g"',
    ],
    [
      "NotPrincipal",
      document({ Effect: "Deny", NotPrincipal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      "AssumeRole policy must not contain NotPrincipal field.",
    ],
    ["no action", document({ Effect: "Allow", Principal: trust.Principal }), "Missing required field Action"],
    [
      "an action of another service",
      document({ ...trust, Action: "s3:GetObject" }),
      "AssumeRole policy may only specify STS AssumeRole actions.",
    ],
    [
      "another action of STS",
      document({ ...trust, Action: "sts:GetCallerIdentity" }),
      "AssumeRole policy may only specify STS AssumeRole actions.",
    ],
    ["a resource", document({ ...trust, Resource: "*" }), "Has prohibited field Resource"],
    ["NotResource", document({ ...trust, NotResource: "*" }), "AssumeRole policy must not contain resources."],
    [
      "one statement id twice",
      document([
        { ...trust, Sid: "A" },
        { ...trust, Sid: "A" },
      ]),
      "The Statement Ids in the policy are not unique",
    ],
    ["an unknown operator", document({ ...trust, Condition: { StringIs: { a: "b" } } }), "Syntax error in policy."],
  ])("with %s is refused", (_what, text, message) => {
    expect(messageOf(text, "trust")).toBe(message);
  });

  test.each([
    ["no version", JSON.stringify({ Statement: trust })],
    ["the older version", document(trust, { Version: "2008-10-17" })],
    [
      "tags and a source identity",
      document({ ...trust, Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] }),
    ],
    ["a wildcard of STS", document({ ...trust, Action: "sts:AssumeRole*" })],
    ["a service", document({ ...trust, Principal: { Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] } })],
    [
      "an identity provider",
      document({
        ...trust,
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "cognito-identity.amazonaws.com" },
      }),
    ],
    ["a unique id", document({ ...trust, Principal: { AWS: "AROAJQABLZS4A3QDU576Q" } })],
  ])("with %s is accepted", (_what, text) => {
    expect(messageOf(text, "trust")).toBeUndefined();
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html and users' reports of PutBucketPolicy.
describe("a bucket policy", () => {
  const bucket = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::payroll/*" };
  const rules: ResourceRules = {
    actions: ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
    isResource: (resource) => resource.startsWith("arn:aws:s3:::payroll"),
    applies: (action, resource) => resource.includes("/") === action.endsWith("Object"),
  };

  test.each([
    ["text that is no JSON", "hello", "Policies must be valid JSON and the first byte must be '{'"],
    ["JSON that is cut off", "{", "This policy contains invalid Json"],
    ["an unknown field", document({ ...bucket, Comment: 1 }), "Unknown field Comment"],
    ["no principal", document({ Effect: "Allow", Action: "s3:*", Resource: "*" }), "Missing required field Principal"],
    [
      "a principal of no form",
      document({ ...bucket, Principal: { AWS: "arn:aws:iam::1:user/x" } }),
      "Invalid principal in policy",
    ],
    [
      "an unknown kind of principal",
      document({ ...bucket, Principal: { Everyone: "*" } }),
      "Invalid principal in policy",
    ],
    ["no action", document({ Effect: "Allow", Principal: "*", Resource: "*" }), "Missing required field Action"],
    ["no resource", document({ Effect: "Allow", Principal: "*", Action: "s3:*" }), "Missing required field Resource"],
    ["an unknown action", document({ ...bucket, Action: "s3:Fetch" }), "Policy has invalid action"],
    ["another bucket", document({ ...bucket, Resource: "arn:aws:s3:::other/*" }), "Policy has invalid resource"],
    [
      "an action of buckets for objects",
      document({ ...bucket, Action: "s3:ListBucket" }),
      "Action does not apply to any resource(s) in statement",
    ],
    [
      "an unknown operator",
      document({ ...bucket, Condition: { StringIs: { a: "b" } } }),
      "Invalid Condition type : StringIs",
    ],
  ])("with %s is refused", (_what, text, message) => {
    expect(messageOf(text, "resource", rules)).toBe(message);
  });

  test.each([
    ["no version", JSON.stringify({ Statement: bucket })],
    // Source: https://github.com/ministryofjustice/modernisation-platform/pull/10762
    [
      "one resource that no action is for",
      document({ ...bucket, Resource: ["arn:aws:s3:::payroll", "arn:aws:s3:::payroll/*"] }),
    ],
    [
      "all actions on bucket and objects",
      document({ ...bucket, Action: "s3:*", Resource: ["arn:aws:s3:::payroll", "arn:aws:s3:::payroll/*"] }),
    ],
    [
      "a CloudFront identity",
      document({ ...bucket, Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" } }),
    ],
    ["a canonical user", document({ ...bucket, Principal: { CanonicalUser: "a".repeat(64) } })],
    ["statement ids with blanks", document({ ...bucket, Sid: "public read" })],
  ])("with %s is accepted", (_what, text) => {
    expect(messageOf(text, "resource", rules)).toBeUndefined();
  });
});

describe("a policy of an organization", () => {
  const refusal = "The provided policy document does not meet the requirements of the specified policy type.";
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "*" };

  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
  test.each([
    ["scp", "a principal", document({ ...deny, Principal: "*" })],
    ["scp", "no resource", document({ Effect: "Deny", Action: "s3:*" })],
    ["scp", "the older version", document(deny, { Version: "2008-10-17" })],
    ["rcp", "no principal", document(deny)],
    ["rcp", "a principal other than everyone", document({ ...deny, Principal: { AWS: "111111111111" } })],
    ["rcp", "an allow", document({ ...deny, Principal: "*", Effect: "Allow" })],
    ["rcp", "every action", document({ ...deny, Principal: "*", Action: "*" })],
  ] as const)("of type %s with %s is refused", (kind, _what, text) => {
    expect(messageOf(text, kind)).toBe(refusal);
  });

  test("that denies is accepted", () => {
    expect([messageOf(document(deny), "scp"), messageOf(document({ ...deny, Principal: "*" }), "rcp")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
