import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";
import { deliveredRecords, loggingCloud, LOGS, trailBucketPolicy, untilDelivered } from "../../../test/trails.ts";

const OTHER = "222222222222";

const logFilesIn = async (s3: S3Client): Promise<string[]> => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: LOGS }));
  return Contents.map(({ Key = "" }) => Key).filter((key) => key.endsWith(".json.gz"));
};

async function logging(trails: CloudTrailClient): Promise<void> {
  await trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS }));
  await trails.send(new StartLoggingCommand({ Name: "audit" }));
}

const putPolicy = (s3: S3Client, policy: object) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: JSON.stringify(policy) }));

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html */
test("trails of many accounts deliver into the bucket of one, who may read them all", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  const member = cloud.rootOf(OTHER);
  const trail = `arn:aws:cloudtrail:us-east-1:${OTHER}:trail/audit`;
  const making = cloud
    .client(CloudTrailClient, member)
    .send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS }));
  await expect(making).rejects.toMatchObject({ name: "InsufficientS3BucketPolicyException" });
  await putPolicy(s3, trailBucketPolicy(trail, `AWSLogs/${OTHER}`));
  await logging(cloud.client(CloudTrailClient, member));
  await cloud.client(IAMClient, member).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const [Key = "", ...more] = await logFilesIn(s3);
  expect(Key).toContain(`AWSLogs/${OTHER}/CloudTrail/us-east-1/`);
  expect(more).toEqual([]);
  expect((await s3.send(new GetObjectCommand({ Bucket: LOGS, Key }))).ContentEncoding).toBe("gzip");
});

test("the bucket of a trail may lie in another region", async () => {
  const cloud = await testCloud();
  const far = cloud.client(S3Client, undefined, { region: "eu-west-1" });
  await far.send(new CreateBucketCommand({ Bucket: LOGS }));
  await putPolicy(far, trailBucketPolicy());
  await logging(cloud.client(CloudTrailClient));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  expect(await logFilesIn(far)).toHaveLength(1);
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-object-level-crossaccount */
test("the owner of a bucket hears of what others do to its objects", async () => {
  const cloud = await loggingCloud();
  await cloud.s3.send(new CreateBucketCommand({ Bucket: "shared" }));
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: OTHER }, Action: "s3:*", Resource: "arn:aws:s3:::shared/*" }],
  });
  await cloud.s3.send(new PutBucketPolicyCommand({ Bucket: "shared", Policy }));
  const DataResources = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::shared/"] }];
  const EventSelectors = [{ IncludeManagementEvents: false, DataResources }];
  await cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors }));
  await putAs(cloud, OTHER);
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "PutObject");
  expect(found).toMatchObject([
    {
      recipientAccountId: "000000000000",
      userIdentity: { accountId: OTHER },
      requestParameters: { bucketName: "shared", key: "gift" },
      sharedEventID: expect.any(String),
    },
  ]);
});

const putAs = (cloud: TestCloud, account: string) =>
  cloud
    .client(S3Client, cloud.rootOf(account))
    .send(new PutObjectCommand({ Bucket: "shared", Key: "gift", Body: "x" }));
