import { GetFederationTokenCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  ListBucketsCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../../test/identities.ts";
import { visit } from "../../../../test/sign-in.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";
import { zipOf } from "../../../../test/zip.ts";

/** The newest event of that name, as files have it. */
async function eventNamed(cloud: TestCloud, name: string, region = "us-east-1"): Promise<Record<string, unknown>> {
  const attribute = { AttributeKey: "EventName", AttributeValue: name } as const;
  const { Events = [] } = await cloud
    .client(CloudTrailClient, undefined, { region })
    .send(new LookupEventsCommand({ LookupAttributes: [attribute] }));
  return JSON.parse(Events[0]?.CloudTrailEvent ?? "{}");
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
test("no password, secret key or plain text of a key is in an event", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "Hunter2!hunter" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const login = await eventNamed(cloud, "CreateLoginProfile");
  expect(JSON.stringify(login)).not.toContain("Hunter2");
  const key = await eventNamed(cloud, "CreateAccessKey");
  expect(key).toMatchObject({
    requestParameters: { userName: "ann" },
    responseElements: { accessKey: { accessKeyId: AccessKey?.AccessKeyId, status: "Active", userName: "ann" } },
  });
  expect(JSON.stringify(key)).not.toContain(AccessKey?.SecretAccessKey);
});

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html, https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
test("no secure parameter, secret or environment of a function is in an event", async () => {
  const cloud = await testCloud();
  const ssm = cloud.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: "/db/password", Type: "SecureString", Value: "s3cret-parameter" }));
  await ssm.send(new GetParameterCommand({ Name: "/db/password", WithDecryption: true }));
  const secrets = cloud.client(SecretsManagerClient);
  await secrets.send(new CreateSecretCommand({ Name: "db", SecretString: "s3cret-string" }));
  await secrets.send(new GetSecretValueCommand({ SecretId: "db" }));
  const trust = { trusts: "000000000000", principal: { Service: "lambda.amazonaws.com" } };
  await cloud.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: "hello",
      Role: await makeRole(cloud, "hello", trust),
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf({ "index.mjs": "export const handler = () => 1;" }) },
      Environment: { Variables: { PASSWORD: "s3cret-environment" } },
    }),
  );
  const names = ["PutParameter", "GetParameter", "CreateSecret", "GetSecretValue", "CreateFunction20150331"];
  for (const name of names) {
    const event = await eventNamed(cloud, name);
    expect(event["eventName"]).toBe(name);
    expect(JSON.stringify(event)).not.toContain("s3cret");
  }
  expect(await eventNamed(cloud, "PutParameter")).toMatchObject({
    requestParameters: { name: "/db/password", type: "SecureString" },
  });
});

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html#cloudtrail-integration_examples-iam-api */
test("policies are told as they were given, and times in words", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const { User } = await iam.send(new CreateUserCommand({ UserName: "ann", Path: "/staff/" }));
  const created = await eventNamed(cloud, "CreateUser");
  expect(created).toMatchObject({
    requestParameters: { userName: "ann", path: "/staff/" },
    responseElements: {
      user: { userId: User?.UserId, createDate: expect.stringMatching(/^\w{3} \d+, \d{4}, \d+:\d\d:\d\d [AP]M$/) },
    },
  });
  const PolicyDocument = policyText(["s3:GetObject"]);
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "reads", PolicyDocument }));
  expect(await eventNamed(cloud, "PutUserPolicy")).toMatchObject({
    requestParameters: { userName: "ann", policyName: "reads", policyDocument: PolicyDocument },
    responseElements: null,
  });
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html */
test("S3's events tell the bucket, the host and what the query was about", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "photos", ObjectOwnership: "BucketOwnerPreferred" }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "photos" }));
  expect(await eventNamed(cloud, "DeleteBucketPublicAccessBlock")).toMatchObject({
    requestParameters: { bucketName: "photos", publicAccessBlock: "", Host: "photos.s3.us-east-1.amazonaws.com" },
  });
  await s3.send(new PutBucketAclCommand({ Bucket: "photos", ACL: "public-read" }));
  expect(await eventNamed(cloud, "PutBucketAcl")).toMatchObject({
    requestParameters: { bucketName: "photos", acl: "", "x-amz-acl": "public-read" },
    responseElements: null,
    readOnly: false,
  });
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }],
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy }));
  expect(await eventNamed(cloud, "PutBucketPolicy")).toMatchObject({
    requestParameters: { bucketName: "photos", policy: "", bucketPolicy: { Version: "2012-10-17" } },
  });
  await s3.send(new ListBucketsCommand({}));
  expect(await eventNamed(cloud, "ListBuckets")).toMatchObject({ readOnly: true, responseElements: null });
});

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html */
test("what S3 asks of KMS is an event of the caller, by way of S3", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const SSEKMSKeyId = KeyMetadata?.Arn;
  await s3.send(
    new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "x", ServerSideEncryption: "aws:kms", SSEKMSKeyId }),
  );
  expect(await eventNamed(cloud, "GenerateDataKey")).toMatchObject({
    eventSource: "kms.amazonaws.com",
    sourceIPAddress: "s3.amazonaws.com",
    userAgent: "s3.amazonaws.com",
    userIdentity: { type: "Root", invokedBy: "s3.amazonaws.com" },
    requestParameters: { encryptionContext: { "aws:s3:arn": "arn:aws:s3:::photos/cat" } },
    readOnly: true,
    resources: [{ accountId: "000000000000", type: "AWS::KMS::Key", ARN: SSEKMSKeyId }],
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
test("temporary credentials of users tell when they were made", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["*"] });
  const sts = cloud.client(STSClient, ann);
  const own = await sts.send(new GetSessionTokenCommand({}));
  const session = { attributes: { mfaAuthenticated: "false", creationDate: expect.any(String) } };
  await cloud.client(KMSClient, own.Credentials).send(new CreateKeyCommand({}));
  expect(await eventNamed(cloud, "CreateKey")).toMatchObject({
    userIdentity: { type: "IAMUser", userName: "ann", sessionContext: session },
  });
  const lent = await sts.send(new GetFederationTokenCommand({ Name: "guest", Policy: policyText(["s3:*"]) }));
  await cloud.client(S3Client, lent.Credentials).send(new ListBucketsCommand({}));
  expect(await eventNamed(cloud, "ListBuckets")).toMatchObject({
    userIdentity: {
      type: "FederatedUser",
      sessionContext: {
        ...session,
        sessionIssuer: { type: "IAMUser", arn: ann.arn, userName: "ann", principalId: ann.userId },
      },
    },
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events */
test("events of IAM are in us-east-1, wherever they were asked for", async () => {
  const cloud = await testCloud();
  await cloud.client(IAMClient, undefined, { region: "eu-west-1" }).send(new ListUsersCommand({}));
  expect(await eventNamed(cloud, "ListUsers")).toMatchObject({ awsRegion: "us-east-1" });
  expect(await eventNamed(cloud, "ListUsers", "eu-west-1")).toEqual({});
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
test("signing in to the console is an event of its own type", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: "Hunter2!hunter" }));
  const signIn = (password: string) =>
    visit(cloud, "/console", { form: { account: "000000000000", username: "ann", password } });
  await signIn("guessed");
  expect(await eventNamed(cloud, "ConsoleLogin")).toMatchObject({
    eventSource: "signin.amazonaws.com",
    eventType: "AwsConsoleSignIn",
    errorMessage: "Failed authentication",
    responseElements: { ConsoleLogin: "Failure" },
    userIdentity: { type: "IAMUser", userName: "ann", accountId: "000000000000" },
  });
  await signIn("Hunter2!hunter");
  expect(await eventNamed(cloud, "ConsoleLogin")).toMatchObject({
    responseElements: { ConsoleLogin: "Success" },
    userIdentity: { type: "IAMUser", userName: "ann" },
    requestParameters: null,
  });
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-using-cmk (Encryption context), https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html */
test("names that users gave stand as they gave them, those of members begin with a small letter", async () => {
  const cloud = await testCloud();
  const Attributes = { VisibilityTimeout: "60" };
  await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "jobs", Attributes, tags: { Team: "Blue" } }));
  expect(await eventNamed(cloud, "CreateQueue")).toMatchObject({
    requestParameters: { queueName: "jobs", attributes: Attributes, tags: { Team: "Blue" } },
  });
  const manager = cloud.client(SecretsManagerClient);
  const { ARN: SecretARN } = await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "x" }));
  expect(await eventNamed(cloud, "GenerateDataKey")).toMatchObject({
    requestParameters: { keySpec: "AES_256", encryptionContext: { SecretARN, SecretVersionId: expect.any(String) } },
  });
});
