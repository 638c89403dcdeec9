import {
  AccessAnalyzerClient,
  CheckAccessNotGrantedCommand,
  CheckNoNewAccessCommand,
  CheckNoPublicAccessCommand,
} from "@aws-sdk/client-accessanalyzer";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const client = async () => (await testCloud()).client(AccessAnalyzerClient);

const bucket = ["arn:aws:s3:::DOC-EXAMPLE-BUCKET", "arn:aws:s3:::DOC-EXAMPLE-BUCKET/*"];
const existing = { Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: bucket };

// Source: https://github.com/aws/aws-cli/blob/develop/awscli/examples/accessanalyzer/check-no-new-access.rst
test("an action more is new access, an action less is not", async () => {
  const accessAnalyzer = await client();
  const check = (Action: readonly string[]) =>
    accessAnalyzer.send(
      new CheckNoNewAccessCommand({
        existingPolicyDocument: policyOf(existing),
        newPolicyDocument: policyOf({ ...existing, Action }),
        policyType: "IDENTITY_POLICY",
      }),
    );
  expect(await check(["s3:GetObject", "s3:GetObjectAcl", "s3:ListBucket"])).toMatchObject({
    result: "FAIL",
    message: "The modified permissions grant new access compared to your existing policy.",
    reasons: [{ description: "New access in the statement with index: 0.", statementIndex: 0 }],
  });
  expect(await check(["s3:GetObject"])).toMatchObject({ result: "PASS" });
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html#API_CheckAccessNotGranted_Examples
test("what is granted is told from what is not, with the statement that grants it", async () => {
  const statement = {
    Sid: "AllowJohnDoe",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:user/JohnDoe" },
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::my-bucket/*",
  };
  const check = async (access: object) =>
    (await client()).send(
      new CheckAccessNotGrantedCommand({
        policyDocument: policyOf(statement),
        access: [access],
        policyType: "RESOURCE_POLICY",
      }),
    );
  expect(await check({ resources: ["arn:aws:s3:::my-bucket/*"] })).toMatchObject({
    result: "FAIL",
    message: "The policy document grants access to perform one or more of the listed actions or resources.",
    reasons: [
      {
        description: "One or more of the listed actions or resources in the statement with sid: AllowJohnDoe.",
        statementId: "AllowJohnDoe",
        statementIndex: 0,
      },
    ],
  });
  const pass = {
    result: "PASS",
    message: "The policy document does not grant access to perform the listed actions or resources.",
  };
  expect(await check({ actions: ["s3:GetObject"] })).toMatchObject(pass);
  expect(await check({ resources: ["arn:aws:s3:::sensitive-bucket/*"] })).toMatchObject(pass);
  expect(await check({ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::my-bucket"] })).toMatchObject(pass);
  await expect(check({})).rejects.toMatchObject({ name: "ValidationException" });
});

const open = { Sid: "Bob", Effect: "Allow", Principal: "*", Action: ["s3:GetObject"] };
const network = { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
const insiders = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html#API_CheckNoPublicAccess_Examples
test.each([
  ["everybody", [open], "FAIL"],
  ["a user", [{ ...open, Principal: { AWS: "arn:aws:iam::111122223333:user/JohnDoe" } }], "PASS"],
  ["an organization", [{ ...open, Condition: insiders }], "PASS"],
  [
    "who comes from a network, the others being denied",
    [open, { ...open, Effect: "Deny", Condition: network }],
    "PASS",
  ],
  ["who says which browser is used", [{ ...open, Condition: { StringEquals: { "aws:UserAgent": "x" } } }], "FAIL"],
  ["users of a public provider", [{ ...open, Principal: { Federated: "accounts.google.com" } }], "FAIL"],
  ["all but one", [{ ...open, Principal: undefined, NotPrincipal: { AWS: "111122223333" } }], "FAIL"],
])("a bucket's policy that allows %s: %#", async (_whom, statements, result) => {
  const command = new CheckNoPublicAccessCommand({
    policyDocument: policyOf(...statements),
    resourceType: "AWS::S3::Bucket",
  });
  expect(await (await client()).send(command)).toMatchObject(
    result === "PASS"
      ? { result, message: "The resource policy does not grant public access for the given resource type." }
      : {
          result,
          message: "The resource policy grants public access for the given resource type.",
          reasons: [
            {
              description: "Public access granted in the following statement with sid: Bob.",
              statementId: "Bob",
              statementIndex: 0,
            },
          ],
        },
  );
});

test("what cannot be decided fails, and says so", async () => {
  const Action = "abcdefghijklmnopqrst".split("").map((letter) => `s3:*${letter}*`);
  const command = new CheckNoNewAccessCommand({
    existingPolicyDocument: policyOf({ ...existing, Action }),
    newPolicyDocument: policyOf({ ...existing, Action: "s3:GetObject" }),
    policyType: "IDENTITY_POLICY",
  });
  const { result, reasons } = await (await client()).send(command);
  expect(result).toBe("FAIL");
  expect(reasons?.[0]?.description).toContain("too complex");
});

test("a text that is no policy is refused", async () => {
  const command = new CheckNoPublicAccessCommand({ policyDocument: "{", resourceType: "AWS::S3::Bucket" });
  await expect((await client()).send(command)).rejects.toMatchObject({ name: "InvalidParameterException" });
});
