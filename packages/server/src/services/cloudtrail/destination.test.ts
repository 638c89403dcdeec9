import {
  CreateTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import {
  ACCOUNT,
  deliveredKeys,
  deliveredRecords,
  loggingCloud,
  LOGS,
  TRAIL,
  trailCloud,
  untilDelivered,
} from "../../../test/trails.ts";

const root = { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "kms:*", Resource: "*" };
const SERVICE = { Service: "cloudtrail.amazonaws.com" };

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
const keyPolicy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [root, ...statements] });

const describes = { Effect: "Allow", Principal: SERVICE, Action: "kms:DescribeKey", Resource: "*" };
const encrypts = {
  Effect: "Allow",
  Principal: SERVICE,
  Action: "kms:GenerateDataKey*",
  Resource: "*",
  Condition: {
    StringEquals: { "aws:SourceArn": TRAIL },
    StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` },
  },
};

test("files are encrypted under the trail's key, which its policy has to allow", async () => {
  const cloud = await trailCloud();
  const kms = cloud.client(KMSClient);
  const makeKey = async (Policy: string) => (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn ?? "";
  const making = (KmsKeyId: string) =>
    cloud.trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, KmsKeyId }));
  const none = making(`arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`);
  await expect(none).rejects.toMatchObject({ name: "KmsKeyNotFoundException" });
  for (const policy of [keyPolicy(), keyPolicy(describes)]) {
    await expect(making(await makeKey(policy))).rejects.toMatchObject({
      name: "InsufficientEncryptionPolicyException",
    });
  }
  const key = await makeKey(keyPolicy(describes, encrypts));
  expect(await making(key)).toMatchObject({ KmsKeyId: key });
});

test("log files are under the key, and KMS's own events say which trail", async () => {
  const cloud = await loggingCloud();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: keyPolicy(describes, encrypts) }));
  await cloud.trails.send(new UpdateTrailCommand({ Name: "audit", KmsKeyId: KeyMetadata?.Arn }));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const [Key] = await deliveredKeys(cloud);
  expect(await cloud.s3.send(new HeadObjectCommand({ Bucket: LOGS, Key }))).toMatchObject({
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: KeyMetadata?.Arn,
  });
  await untilDelivered(cloud);
  const used = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "GenerateDataKey");
  expect(used[0]).toMatchObject({
    userIdentity: { type: "AWSService", invokedBy: expect.stringMatching(/^(cloudtrail|s3)\.amazonaws\.com$/) },
    requestParameters: { encryptionContext: { "aws:cloudtrail:arn": TRAIL } },
  });
});

const allow = (Resource: string | undefined, Action: string, Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action, Resource }],
  });

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html, https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html */
test("a topic hears of each delivery, where its policy lets CloudTrail in", async () => {
  const cloud = await trailCloud();
  const sns = cloud.client(SNSClient);
  const sqs = cloud.client(SQSClient);
  const making = () =>
    cloud.trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, SnsTopicName: "deliveries" }));
  const insufficient = {
    name: "InsufficientSnsTopicPolicyException",
    message: "SNS Topic does not exist or the topic policy is incorrect!",
  };
  await expect(making()).rejects.toMatchObject(insufficient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "deliveries" }));
  await expect(making()).rejects.toMatchObject(insufficient);
  const AttributeValue = allow(TopicArn, "SNS:Publish", SERVICE.Service);
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  const Endpoint = `arn:aws:sqs:us-east-1:${ACCOUNT}:heard`;
  const Policy = allow(Endpoint, "sqs:SendMessage", "sns.amazonaws.com");
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
  expect(await making()).toMatchObject({ SnsTopicName: "deliveries", SnsTopicARN: TopicArn });
  await cloud.clock.advance(1);
  const receive = async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = "" }): string => JSON.parse(Body).Message);
  };
  expect(await receive()).toEqual(["CloudTrail validation message."]);
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await cloud.trails.send(new StartLoggingCommand({ Name: "audit" }));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const [message = "{}"] = await receive();
  expect(JSON.parse(message)).toEqual({ s3Bucket: LOGS, s3ObjectKey: await deliveredKeys(cloud) });
  const status = await cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }));
  expect(status).toMatchObject({ LatestNotificationTime: expect.any(Date) });
});

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/148 (the words) */
test("a log group goes with a role", async () => {
  const cloud = await trailCloud();
  const CloudWatchLogsLogGroupArn = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`;
  const making = cloud.trails.send(
    new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, CloudWatchLogsLogGroupArn }),
  );
  await expect(making).rejects.toMatchObject({
    name: "InvalidCloudWatchLogsRoleArnException",
    message: "You must specify a role ARN as well as a log group.",
  });
});
