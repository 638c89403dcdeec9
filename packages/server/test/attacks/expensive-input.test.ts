/** Inputs that are made to be slow, deep or large: each has to be refused or answered within the time of a test. */
import { CloudWatchLogsClient, TestTransformerCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateSAMLProviderCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, AssumeRoleWithSAMLCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
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

/** What a server that tries each way through these would need minutes for, or years. */
describe("texts that could be read in many ways are refused", () => {
  test("digits as a place in a list", async () => {
    const Marker = Buffer.from(`[${"0".repeat(60)}r]`).toString("base64url");
    const list = (await testCloud()).client(IAMClient).send(new ListUsersCommand({ Marker }));
    expect(await refused(list)).toMatchObject({ name: "ValidationError" });
  });

  test("digits as a phone number", async () => {
    const sns = (await testCloud()).client(SNSClient);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: "sms", Endpoint: `${"0".repeat(60)}x` });
    expect(await refused(sns.send(subscribe))).toMatchObject({ name: "InvalidParameterException" });
  });

  test("digits as the number in a message", async () => {
    const sqs = (await testCloud()).client(SQSClient);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    const MessageAttributes = { count: { DataType: "Number", StringValue: `${"0".repeat(200_000)}x` } };
    const message = new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes });
    expect(await refused(sqs.send(message))).toMatchObject({ name: "InvalidParameterValue" });
  });

  test("blanks in a list of grantees", async () => {
    const s3 = (await testCloud()).client(S3Client, undefined, { forcePathStyle: true });
    const GrantRead = `id=${" ".repeat(3000)}=${" ".repeat(3000)}"x`;
    const create = new CreateBucketCommand({ Bucket: "photos", ObjectOwnership: "ObjectWriter", GrantRead });
    expect(await refused(s3.send(create))).toMatchObject({ name: "InvalidArgument" });
  });

  test("padding in an assertion", async () => {
    const assume = new AssumeRoleWithSAMLCommand({
      RoleArn: "arn:aws:iam::000000000000:role/office",
      PrincipalArn: "arn:aws:iam::000000000000:saml-provider/office",
      SAMLAssertion: `${"=".repeat(99_000)}A`,
    });
    const sts = (await testCloud()).client(STSClient);
    expect(await refused(sts.send(assume))).toMatchObject({ name: "InvalidIdentityTokenException" });
  });

  test("elements that do not end in a provider's metadata", async () => {
    const iam = (await testCloud()).client(IAMClient);
    const create = new CreateSAMLProviderCommand({
      Name: "office",
      SAMLMetadataDocument: "<EntityDescriptor ".repeat(50_000),
    });
    expect(await refused(iam.send(create))).toMatchObject({ name: "InvalidInputException" });
  });
});

test("zeros in a number of an event are looked at once", async () => {
  const detail = `{"count": 1.${"0".repeat(200_000)}1}`;
  const Event = `{"id": "1", "account": "1", "source": "s", "time": "2026-01-01T00:00:00Z", "region": "us-east-1",
    "resources": [], "detail-type": "t", "detail": ${detail}}`;
  const EventPattern = '{"detail": {"count": [{"numeric": [">", 0]}]}}';
  const asked = new TestEventPatternCommand({ Event, EventPattern });
  expect((await (await testCloud()).client(EventBridgeClient).send(asked)).Result).toBe(true);
});

test("letters of a date that stand side by side are not tried in all ways", async () => {
  const dateTimeConverter = { source: "at", target: "then", matchPatterns: ["dHmsM".repeat(8)] };
  const asked = new TestTransformerCommand({
    transformerConfig: [{ parseJSON: {} }, { dateTimeConverter }],
    logEventMessages: [JSON.stringify({ at: `${"1".repeat(90)}x` })],
  });
  const { transformedLogs = [] } = await (await testCloud()).client(CloudWatchLogsClient).send(asked);
  expect(transformedLogs).toHaveLength(1);
  expect(transformedLogs[0]?.transformedEventMessage).not.toContain("then");
});
