import { AccessAnalyzerClient, ValidatePolicyCommand } from "@aws-sdk/client-accessanalyzer";
import { expect, test } from "vitest";
import { codesOf, findingsOf, policy, statement } from "../../../../test/policy-findings.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const COGNITO = `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "",
            "Effect": "Allow",
            "Principal": {
                "Federated": "cognito-identity.amazonaws.com"
            },
            "Action": [
                "sts:AssumeRole",
                "sts:TagSession"
            ],
            "Condition": {
                "StringEquals": {
                    "cognito-identity.amazonaws.com:aud": "us-west-2_EXAMPLE"
                }
            }
        }
    ]
}`;

const value = (...names: readonly (string | number)[]) =>
  names.map((name) => (typeof name === "number" ? { index: name } : { value: name }));
const span = (start: readonly number[], end: readonly number[]) => ({
  start: { line: start[0], column: start[1], offset: start[2] },
  end: { line: end[0], column: end[1], offset: end[2] },
});
const PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html";

// Source: https://github.com/aws/aws-cli/blob/develop/awscli/examples/accessanalyzer/validate-policy.rst
test("a documented trust policy has just the findings that AWS gives, with their places", async () => {
  expect(await findingsOf(COGNITO, { policyType: "RESOURCE_POLICY" })).toEqual([
    {
      findingDetails: "Add a value to the empty string in the Sid element.",
      findingType: "SUGGESTION",
      issueCode: "EMPTY_SID_VALUE",
      learnMoreLink: `${PAGE}#access-analyzer-reference-policy-checks-suggestion-empty-sid-value`,
      locations: [{ path: value("Statement", 0, "Sid"), span: span([5, 19, 79], [5, 21, 81]) }],
    },
    {
      findingDetails:
        "The sts:AssumeRole action is invalid with the following principal(s): cognito-identity.amazonaws.com. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options.",
      findingType: "ERROR",
      issueCode: "MISMATCHED_ACTION_FOR_PRINCIPAL",
      learnMoreLink: `${PAGE}#access-analyzer-reference-policy-checks-error-mismatched-action-for-principal`,
      locations: [
        { path: value("Statement", 0, "Action", 0), span: span([11, 16, 258], [11, 32, 274]) },
        { path: value("Statement", 0, "Principal", "Federated"), span: span([8, 29, 170], [8, 61, 202]) },
      ],
    },
    {
      findingDetails:
        "The following actions: sts:TagSession are not supported by the condition key cognito-identity.amazonaws.com:aud. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.",
      findingType: "ERROR",
      issueCode: "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
      learnMoreLink: `${PAGE}#access-analyzer-reference-policy-checks-error-unsupported-action-for-condition-key`,
      locations: [
        { path: value("Statement", 0, "Action", 1), span: span([12, 16, 292], [12, 32, 308]) },
        {
          path: value("Statement", 0, "Condition", "StringEquals", "cognito-identity.amazonaws.com:aud"),
          // the documented end is two further: the example's value was made shorter
          span: span([16, 58, 443], [16, 77, 462]),
        },
      ],
    },
  ]);
});

const condition = (Condition: unknown) => policy({ Condition });

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
test.each<[string, object | string, readonly string[]]>([
  ["nothing to be said of", policy(), []],
  ["no JSON", '{"Version": "2012-10-17",', ["JSON_SYNTAX_ERROR"]],
  ["no version", { Statement: [statement] }, ["MISSING_VERSION"]],
  ["a version that is none", policy({}, { Version: "2020-01-01" }), ["INVALID_VERSION"]],
  ["a version of the wrong type", policy({}, { Version: 2012 }), ["DATA_TYPE_MISMATCH"]],
  ["no statement", { Version: "2012-10-17", Statement: [] }, ["MISSING_STATEMENT"]],
  ["an element that is none", policy({ Colour: "red" }), ["INVALID_POLICY_ELEMENT"]],
  ["an effect that is none", policy({ Effect: "Permit" }), ["INVALID_EFFECT"]],
  ["no effect", policy({ Effect: undefined }), ["MISSING_EFFECT"]],
  ["no action", policy({ Action: undefined }), ["MISSING_ACTION"]],
  ["no resource", policy({ Resource: undefined }), ["MISSING_RESOURCE"]],
  ["both actions and their contrary", policy({ NotAction: "s3:*" }), ["UNSUPPORTED_ELEMENT_COMBINATION"]],
  ["an empty list of actions", policy({ Action: [] }), ["EMPTY_ARRAY_ACTION"]],
  ["an empty list of resources", policy({ Resource: [] }), ["EMPTY_ARRAY_RESOURCE"]],
  ["a principal", policy({ Principal: "*" }), ["UNSUPPORTED_PRINCIPAL"]],
  ["an id with a space", policy({ Sid: "a b" }), ["UNSUPPORTED_SID"]],
  [
    "an id twice",
    policy(
      {},
      {
        Statement: [
          { ...statement, Sid: "a" },
          { ...statement, Sid: "a", Action: "s3:PutObject" },
        ],
      },
    ),
    ["UNIQUE_SIDS_REQUIRED"],
  ],
  ["a statement twice", policy({}, { Statement: [statement, { ...statement, Sid: "b" }] }), ["REDUNDANT_STATEMENT"]],
  ["an action that is none", policy({ Action: "s3:GetObjekt" }), ["INVALID_ACTION"]],
  ["a service that is none", policy({ Action: "s4:GetObject" }), ["INVALID_SERVICE_IN_ACTION"]],
  ["a wildcard for services", policy({ Action: "s*:GetObject" }), ["WILDCARD_IN_SERVICE_NAME"]],
  ["an action within another", policy({ Action: ["s3:Get*", "s3:GetObject"] }), ["REDUNDANT_ACTION"]],
  ["a resource that is no ARN", policy({ Resource: "b/*" }), ["INVALID_ARN_PREFIX"]],
  ["an ARN too short", policy({ Resource: "arn:aws:s3:b" }), ["MISSING_ARN_FIELD"]],
  ["a partition that is none", policy({ Resource: "arn:gcp:s3:::b" }), ["INVALID_PARTITION"]],
  ["a service in capitals", policy({ Resource: "arn:aws:S3:::b" }), ["INVALID_ARN_SERVICE_CASE"]],
  ["an ARN of no service", policy({ Resource: "arn:aws:s4:::b" }), ["INVALID_SERVICE"]],
  [
    "a region where none goes",
    policy({ Resource: "arn:aws:iam:us-east-1:111111111111:role/r" }),
    ["ARN_REGION_NOT_ALLOWED"],
  ],
  ["a region that is none", policy({ Resource: "arn:aws:sqs:us-east-9:111111111111:q" }), ["INVALID_ARN_REGION"]],
  ["a region left out", policy({ Resource: "arn:aws:sqs::111111111111:q" }), ["MISSING_ARN_REGION"]],
  ["an account that is none", policy({ Resource: "arn:aws:sqs:us-east-1:12:q" }), ["INVALID_ARN_ACCOUNT"]],
  ["a resource of no type", policy({ Resource: "arn:aws:iam::111111111111:roles/r" }), ["INVALID_ARN_RESOURCE"]],
  ["a resource within another", policy({ Resource: ["arn:aws:s3:::b/*", "arn:aws:s3:::b/a"] }), ["REDUNDANT_RESOURCE"]],
  ["an operator that is none", condition({ StringIs: { "aws:userid": "x" } }), ["INVALID_CONDITION_OPERATOR"]],
  ["Null with IfExists", condition({ NullIfExists: { "aws:userid": "true" } }), ["NULL_WITH_IF_EXISTS"]],
  ["Null with a qualifier", condition({ "ForAllValues:Null": { "aws:TagKeys": "true" } }), ["NULL_WITH_QUALIFIER"]],
  ["a key without a service", condition({ StringEquals: { userid: "x" } }), ["INVALID_CONDITION_KEY_FORMAT"]],
  ["a global key that is none", condition({ StringEquals: { "aws:Colour": "x" } }), ["INVALID_GLOBAL_CONDITION_KEY"]],
  [
    "a service's key that is none",
    condition({ StringEquals: { "s3:colour": "x" } }),
    ["INVALID_SERVICE_CONDITION_KEY"],
  ],
  ["a tag without its key", condition({ StringEquals: { "aws:ResourceTag": "x" } }), ["MISSING_TAG_KEY_IN_CONDITION"]],
  [
    "the old key of ARNs",
    condition({ ArnLike: { "aws:ARN": "arn:aws:iam::111111111111:role/r" } }),
    ["DEPRECATED_GLOBAL_CONDITION_KEY"],
  ],
  [
    "a key in two spellings",
    condition({ StringEquals: { "aws:userid": "x", "aws:UserId": "y" } }),
    ["DUPLICATE_KEYS_WITH_DIFFERENT_CASE"],
  ],
  ["several values without a qualifier", condition({ StringEquals: { "aws:TagKeys": "x" } }), ["MISSING_QUALIFIER"]],
  [
    "ForAllValues of one value",
    condition({ "ForAllValues:StringEquals": { "aws:userid": "x" } }),
    ["FORALLVALUES_WITH_SINGLE_VALUED_KEY"],
  ],
  ["an operator of another type", condition({ NumericEquals: { "aws:userid": "1" } }), ["TYPE_MISMATCH"]],
  ["no values", condition({ StringEquals: { "aws:userid": [] } }), ["EMPTY_ARRAY_CONDITION"]],
  ["an empty condition", condition({}), ["EMPTY_OBJECT_CONDITION"]],
  ["a boolean that is none", condition({ Bool: { "aws:SecureTransport": "yes" } }), ["TYPE_MISMATCH_BOOLEAN"]],
  [
    "two booleans",
    condition({ Bool: { "aws:SecureTransport": ["true", "false"] } }),
    ["INVALID_CONDITION_MULTIPLE_BOOLEAN"],
  ],
  ["a number that is none", condition({ NumericLessThan: { "s3:signatureAge": "x" } }), ["TYPE_MISMATCH_NUMBER"]],
  [
    "two bounds",
    condition({ NumericLessThan: { "aws:MultiFactorAuthAge": ["2700", "3600"] } }),
    ["REDUNDANT_CONDITION_VALUE_NUM"],
  ],
  ["a date that is none", condition({ DateLessThan: { "aws:CurrentTime": "soon" } }), ["TYPE_MISMATCH_DATE"]],
  ["seconds for a date", condition({ DateLessThan: { "aws:CurrentTime": "1700000000" } }), ["INVALID_DATE_VALUE"]],
  ["a range that is none", condition({ IpAddress: { "aws:SourceIp": "1.2.3.4/40" } }), ["TYPE_MISMATCH_IP_RANGE"]],
  ["a range with needless bits", condition({ IpAddress: { "aws:SourceIp": "203.0.113.7/24" } }), ["IMPROVE_IP_RANGE"]],
  ["a private range", condition({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }), ["PRIVATE_IP_ADDRESS"]],
  [
    "a private range among others",
    condition({ NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"] } }),
    ["PRIVATE_NOT_IP_ADDRESS_SUBSET"],
  ],
  [
    "a wildcard that is none",
    condition({ StringEquals: { "aws:userid": "AIDA*" } }),
    ["WILDCARD_WITHOUT_LIKE_OPERATOR"],
  ],
  [
    "values of two types",
    condition({ NumericEquals: { "s3:signatureAge": [1, "2"] } }),
    ["INVALID_CONDITION_DATA_TYPE"],
  ],
  ["a VPC that is none", condition({ StringEquals: { "aws:SourceVpc": "net-1" } }), ["INVALID_VPC_FORMAT"]],
  [
    "a region asked for that is none",
    condition({ StringEquals: { "aws:RequestedRegion": "mars-1" } }),
    ["INVALID_REGION"],
  ],
  [
    "an address of a VPC without the VPC",
    condition({ IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } }),
    ["MISSING_PAIRED_CONDITION_KEYS"],
  ],
  ["a variable that never ends", policy({ Resource: "arn:aws:s3:::b/${aws:username" }), ["MISSING_BRACE_IN_VARIABLE"]],
  ["a variable without a name", policy({ Resource: "arn:aws:s3:::b/${}" }), ["EMPTY_VARIABLE"]],
  [
    "a variable with a space",
    policy({ Resource: "arn:aws:s3:::b/${aws: username}" }),
    ["UNSUPPORTED_SPACE_IN_VARIABLE"],
  ],
  [
    "a default without quotes",
    policy({ Resource: "arn:aws:s3:::b/${aws:username, x}" }),
    ["MISSING_QUOTE_IN_VARIABLE"],
  ],
  [
    "a variable in an old policy",
    policy({ Resource: "arn:aws:s3:::b/${aws:username}" }, { Version: "2008-10-17" }),
    ["VARIABLE_UNSUPPORTED_IN_VERSION"],
  ],
  [
    "a variable for a number",
    condition({ NumericEquals: { "s3:signatureAge": "${aws:username}" } }),
    ["INVALID_VARIABLE_FOR_OPERATOR"],
  ],
  [
    "an action that does not know the key",
    {
      ...policy(),
      Statement: [
        {
          ...statement,
          Action: ["s3:ListBucket", "s3:PutObject"],
          Resource: "*",
          Condition: { StringEquals: { "s3:prefix": "x" } },
        },
      ],
    },
    ["UNSUPPORTED_ACTION_FOR_CONDITION_KEY"],
  ],
  ["a role to pass, any", policy({ Action: "iam:PassRole", Resource: "*" }), ["PASS_ROLE_WITH_STAR_IN_RESOURCE"]],
  [
    "a role to pass, but some",
    policy({ Action: "iam:PassRole", Resource: undefined, NotResource: "arn:aws:iam::111111111111:role/r" }),
    ["PASS_ROLE_WITH_NOT_RESOURCE"],
  ],
  [
    "a role to pass to one service",
    policy({
      Action: "iam:PassRole",
      Resource: "*",
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    }),
    [],
  ],
])("an identity policy with %s", async (_what, document, codes) => expect(await codesOf(document)).toEqual(codes));

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-pass-role-with-star-in-action-and-resource
test("everything on everything warns of passing roles and making those of services", async () => {
  expect(
    (await codesOf(policy({ Action: "*", Resource: "*" }))).toSorted((one = "", other = "") => (one < other ? -1 : 1)),
  ).toEqual(["CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-deny-with-unsupported-tag-condition-key-for-service
test("a tag asked of a service without tags is warned of, most where it should deny", async () => {
  const tagged = {
    Action: "sts:GetCallerIdentity",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceTag/a": "b" } },
  };
  const found = await findingsOf(policy({ ...tagged, Action: "importexport:ListJobs", Effect: "Deny" }));
  expect(found.map(({ issueCode, findingType }) => [issueCode, findingType])).toEqual([
    ["DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", "SECURITY_WARNING"],
  ]);
});

test("what is close to a misspelled action is proposed, and nothing where nothing is", async () => {
  const [near] = await findingsOf(policy({ Action: "s3:GetObjekt" }));
  expect(near?.findingDetails).toBe("The action s3:GetObjekt does not exist. Did you mean s3:GetObject?");
  const [far] = await findingsOf(policy({ Action: "sqs:PaintItBlack" }));
  expect(far?.findingDetails).toBe("The action sqs:PaintItBlack does not exist.");
});

test("findings are paged, and a resource type is for resources' policies", async () => {
  const client = (await testCloud()).client(AccessAnalyzerClient);
  const policyDocument = JSON.stringify(policy({ Action: ["s3:Nope", "s3:NopeToo"], Sid: "" }));
  const ask = (nextToken?: string) =>
    client.send(new ValidatePolicyCommand({ policyDocument, policyType: "IDENTITY_POLICY", maxResults: 2, nextToken }));
  const first = await ask();
  expect(first.findings).toHaveLength(2);
  const second = await ask(first.nextToken);
  expect(second.findings).toHaveLength(1);
  expect(second.nextToken).toBeUndefined();
  const command = new ValidatePolicyCommand({
    policyDocument,
    policyType: "IDENTITY_POLICY",
    validatePolicyResourceType: "AWS::S3::Bucket",
  });
  await expect(client.send(command)).rejects.toMatchObject({ name: "ValidationException" });
});
