import { expect, test } from "vitest";
import { isPublicPolicy } from "./public.ts";

const policy = (...statements: readonly object[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::b/*",
      ...statement,
    })),
  });

const everyone = { Principal: "*" };
const account = { Principal: { AWS: "arn:aws:iam::111122223333:root" } };

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
test.each([
  ["everyone", everyone],
  ["everyone, the long way", { Principal: { AWS: "*" } }],
  ["all but some", { NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }],
  ["users of a public identity provider", { Principal: { Federated: "graph.facebook.com" } }],
  ["any VPC", { ...everyone, Condition: { StringLike: { "aws:SourceVpc": "vpc-*" } } }],
  ["half of the internet", { ...everyone, Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/1" } } }],
  ["half of the newer internet", { ...everyone, Condition: { IpAddress: { "aws:SourceIp": "::/1" } } }],
  [
    "callers of no account",
    { ...everyone, Condition: { StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } } },
  ],
  ["who comes over TLS", { ...everyone, Condition: { Bool: { "aws:SecureTransport": "true" } } }],
  ["a name the caller brings along", { ...everyone, Condition: { StringEquals: { "aws:userid": "${aws:userid}" } } }],
])("a policy that allows %s is public", (_whom, statement) => expect(isPublicPolicy(policy(statement))).toBe(true));

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
test.each([
  ["an account", account],
  ["a service", { Principal: { Service: "cloudtrail.amazonaws.com" } }],
  ["one VPC", { ...everyone, Condition: { StringEquals: { "aws:SourceVpc": "vpc-91237329" } } }],
  ["an organization", { ...everyone, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3" } } }],
  ["a network", { ...everyone, Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } } }],
  [
    "access points of one account",
    {
      ...everyone,
      Condition: { ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*" } },
    },
  ],
])("a policy that allows %s is not", (_whom, statement) => expect(isPublicPolicy(policy(statement))).toBe(false));

test("one public statement makes a policy public, a deny never does", () => {
  expect(isPublicPolicy(policy(account, everyone))).toBe(true);
  expect(isPublicPolicy(policy(account, { ...everyone, Effect: "Deny" }))).toBe(false);
});
