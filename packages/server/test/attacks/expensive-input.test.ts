/** Inputs that are made to be slow, deep or large: each has to be refused or answered within the time of a test. */
import { CreateUserCommand, IAMClient, PutUserPolicyCommand, SimulateCustomPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { policyText } from "../identities.ts";
import { testCloud } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const deep = (count: number): string => "[".repeat(count) + "]".repeat(count);

test.each([
  ["lists within lists", deep(60_000)],
  ["objects within objects", '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000)],
  ["an operator within an operator", `{"Statement":{"Condition":${'{"Bool":'.repeat(9000)}1${"}".repeat(9000)}}}`],
])("a policy of %s is refused", async (_what, PolicyDocument) => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const put = new PutUserPolicyCommand({ UserName: "ann", PolicyName: "p", PolicyDocument });
  expect(await refused(iam.send(put))).toMatchObject({ name: "MalformedPolicyDocumentException" });
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const bucketPolicy = new PutBucketPolicyCommand({ Bucket: "photos", Policy: PolicyDocument.slice(-20_000) });
  expect(await refused(s3.send(bucketPolicy))).toMatchObject({ name: "MalformedPolicy" });
});

test("wildcards that could be tried in many ways are not", async () => {
  const cloud = await testCloud();
  const stars = "*a".repeat(4000) + "b";
  const text = "a".repeat(1900);
  const Statement = [
    { Effect: "Allow", Action: `s3:${"*e".repeat(50)}x`, Resource: "*" },
    { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${stars}` },
    { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: { StringLike: { "aws:UserAgent": stars } } },
    {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "*",
      Condition: { ArnLike: { "aws:SourceArn": `arn:*:*:*:*:${stars}` } },
    },
  ];
  const answer = await cloud.client(IAMClient).send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [policyText({ Statement })],
      ActionNames: ["s3:GetObject"],
      ResourceArns: [`arn:aws:s3:::${text}`],
      ContextEntries: [
        { ContextKeyName: "aws:UserAgent", ContextKeyType: "string", ContextKeyValues: [text.repeat(10)] },
        {
          ContextKeyName: "aws:SourceArn",
          ContextKeyType: "string",
          ContextKeyValues: [`arn:aws:sns:us-east-1:1:${text}`],
        },
      ],
    }),
  );
  expect(answer.EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(["implicitDeny"]);
});

test("values that patterns could try in many ways are refused", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const sts = cloud.client(STSClient);
  for (const call of [
    () => iam.send(new CreateUserCommand({ UserName: `${"a".repeat(100_000)}!` })),
    () => iam.send(new CreateUserCommand({ UserName: "a", Path: `/${"a/".repeat(50_000)}\u0001` })),
    () => iam.send(new CreateUserCommand({ UserName: "a", Tags: [{ Key: `${" ".repeat(90_000)}<`, Value: "" }] })),
    () => sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::1:${"/a".repeat(90_000)}\0`, RoleSessionName: "s" })),
  ]) {
    expect(await refused(call()), String(call)).toMatchObject({ name: "ValidationError" });
  }
});

test("a list's prefix, delimiter and place may be as long as a request takes them", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const list = {
    Bucket: "photos",
    Prefix: "a".repeat(5000),
    Delimiter: "b".repeat(5000),
    StartAfter: "\u{FFFF}".repeat(300),
  };
  expect((await s3.send(new ListObjectsV2Command(list))).KeyCount).toBe(0);
  const garbage = new ListObjectsV2Command({ Bucket: "photos", ContinuationToken: "!".repeat(5000) });
  expect(await refused(s3.send(garbage))).toMatchObject({ name: "InvalidArgument" });
});
