import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import type { CallRecord } from "../events/call-record.ts";
import { issued, testCloud, type TestCloud } from "../../test/test-cloud.ts";

async function recordOf(operation: string, { cloud }: TestCloud): Promise<CallRecord | undefined> {
  const [found] = await cloud.journal.find({ limit: 1, matches: (record) => record.operation === operation });
  return found;
}

// Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (requestParameters, responseElements)
test("a record says what was asked for, and what a change answered", async () => {
  const cloud = await testCloud();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann", Path: "/staff/" }));
  const record = await recordOf("CreateUser", cloud);
  expect(record?.parameters).toEqual({ UserName: "ann", Path: "/staff/" });
  const CreateDate = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(record?.response).toMatchObject({ User: { UserName: "ann", CreateDate } });
});

test("a call that only reads leaves no answer on record", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new GetUserCommand({ UserName: "ann" }));
  const record = await recordOf("GetUser", cloud);
  expect(record?.parameters).toEqual({ UserName: "ann" });
  expect(record?.response).toBeUndefined();
});

test("no secret is on record, whoever asks for it or gets it", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "Correct horse 1!" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const trust = { Statement: { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" } };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const allowed = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" } };
  const PolicyDocument = JSON.stringify(allowed);
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "p", PolicyDocument }));
  const sts = cloud.client(STSClient, issued({ ...AccessKey }));
  const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "shift" });
  const { Credentials } = await sts.send(assume);
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand());
  await kms.send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from("plain words") }));
  const all = JSON.stringify(await cloud.cloud.journal.find({ limit: 100, matches: () => true }));
  const secrets = ["Correct horse", AccessKey?.SecretAccessKey, Credentials?.SecretAccessKey, "plain words"];
  for (const secret of [...secrets, Buffer.from("plain words").toString("base64")]) {
    expect(secret).toBeTypeOf("string");
    expect(all).not.toContain(secret);
  }
  expect((await recordOf("CreateLoginProfile", cloud))?.parameters).toEqual({
    UserName: "ann",
    Password: "HIDDEN_DUE_TO_SECURITY_REASONS",
  });
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-encrypt.html
test("bytes are left out, and so is the answer of what only reads, whatever it is called", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand());
  const KeyId = KeyMetadata?.KeyId;
  await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("plain words") }));
  const record = await recordOf("Encrypt", cloud);
  expect(record?.parameters).toEqual({ KeyId });
  expect(record?.response).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
test("of a data event nothing is kept that no trail asks for", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "letters" }));
  await s3.send(new PutObjectCommand({ Bucket: "letters", Key: "a", Body: "A" }));
  expect((await recordOf("PutObject", cloud))?.parameters).toBeUndefined();
  expect((await recordOf("CreateBucket", cloud))?.parameters).toMatchObject({ Bucket: "letters" });
});
