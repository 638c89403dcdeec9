import {
  CloudTrailClient,
  CreateTrailCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { servicePolicy } from "../../../test/service-policy.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";
import {
  ACCOUNT,
  deliveredRecords,
  loggingCloud,
  LOGS,
  trailBucketPolicy,
  untilDelivered,
} from "../../../test/trails.ts";

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

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-object-level-crossaccount */
test("the owner of a bucket hears of whom it refuses, who does not learn whose it is", async () => {
  const cloud = await loggingCloud();
  const EventSelectors = [{ IncludeManagementEvents: false, DataResources: [EVERY_OBJECT] }];
  await cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors }));
  const theirs = cloud.client(S3Client, cloud.rootOf(OTHER));
  await theirs.send(new CreateBucketCommand({ Bucket: "secret" }));
  await cloud.s3.send(new CreateBucketCommand({ Bucket: "private" }));
  await expect(listing(theirs, "private")).rejects.toThrow("Access");
  await expect(listing(cloud.s3, "secret")).rejects.toThrow("Access");
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "ListObjects");
  expect(found.filter(({ resources }) => JSON.stringify(resources).includes("private"))).toMatchObject([
    { userIdentity: { accountId: OTHER }, errorCode: "AccessDenied", resources: about(ACCOUNT, "private") },
  ]);
  expect(found.filter(({ resources }) => JSON.stringify(resources).includes("secret"))).toMatchObject([
    { userIdentity: { accountId: ACCOUNT }, errorCode: "AccessDenied", resources: about("", "secret") },
  ]);
});

const listing = (s3: S3Client, Bucket: string) => s3.send(new ListObjectsV2Command({ Bucket }));

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html */
const about = (accountId: string, bucket: string) => [
  { type: "AWS::S3::Object", ARNPrefix: `arn:aws:s3:::${bucket}/` },
  { accountId, type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${bucket}` },
];

const EVERY_OBJECT = { Type: "AWS::S3::Object", Values: ["arn:aws:s3"] };

const putAs = (cloud: TestCloud, account: string) =>
  cloud
    .client(S3Client, cloud.rootOf(account))
    .send(new PutObjectCommand({ Bucket: "shared", Key: "gift", Body: "x" }));

const lookedUp = async (trails: CloudTrailClient, AttributeValue: string) => {
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue }];
  const { Events = [] } = await trails.send(new LookupEventsCommand({ LookupAttributes }));
  return Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent));
};

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (sharedEventID) */
test("the owner of a key hears of each use that a service makes of it for somebody of another account", async () => {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient, cloud.rootOf(OTHER));
  const Policy = policyText({
    Statement: [{ Effect: "Allow", Principal: { AWS: [ACCOUNT, OTHER] }, Action: "kms:*", Resource: "*" }],
  });
  const { KeyMetadata: { Arn: SSEKMSKeyId } = {} } = await kms.send(new CreateKeyCommand({ Policy }));
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const encrypted = { ServerSideEncryption: "aws:kms", SSEKMSKeyId } as const;
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "x", ...encrypted }));
  const [caller] = await lookedUp(cloud.client(CloudTrailClient), "GenerateDataKey");
  const [owner] = await lookedUp(cloud.client(CloudTrailClient, cloud.rootOf(OTHER)), "GenerateDataKey");
  expect(caller).toMatchObject({
    userIdentity: { type: "Root", invokedBy: "s3.amazonaws.com" },
    recipientAccountId: ACCOUNT,
    sharedEventID: expect.any(String),
  });
  expect(owner).toMatchObject({
    userIdentity: { type: "AWSAccount", accountId: ACCOUNT, invokedBy: "s3.amazonaws.com" },
    resources: [{ accountId: OTHER, ARN: SSEKMSKeyId }],
    recipientAccountId: OTHER,
    sharedEventID: caller.sharedEventID,
  });
  expect(owner.eventID).not.toBe(caller.eventID);
});

test("the owner of a queue hears of what a rule of another account sends", async () => {
  const cloud = await loggingCloud();
  const sqs = cloud.client(SQSClient);
  const Arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:heard`;
  const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage", on: Arn });
  await sqs.send(new CreateQueueCommand({ QueueName: "heard", Attributes: { Policy } }));
  const FieldSelectors = [
    { Field: "eventCategory", Equals: ["Data"] },
    { Field: "resources.type", Equals: ["AWS::SQS::Queue"] },
  ];
  const AdvancedEventSelectors = [{ FieldSelectors }];
  await cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", AdvancedEventSelectors }));
  const events = cloud.client(EventBridgeClient, cloud.rootOf(OTHER));
  await events.send(new PutRuleCommand({ Name: "r", EventPattern: JSON.stringify({ source: ["app"] }) }));
  await events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "1", Arn }] }));
  await events.send(new PutEventsCommand({ Entries: [{ Source: "app", DetailType: "t", Detail: "{}" }] }));
  await cloud.clock.advance(1);
  await untilDelivered(cloud);
  expect((await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "SendMessage")).toMatchObject([
    {
      userIdentity: { type: "AWSService", invokedBy: "events.amazonaws.com" },
      recipientAccountId: ACCOUNT,
      sharedEventID: expect.any(String),
    },
  ]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (recipientAccountId) */
test("who has a bucket hears of the log files that come for a trail of another account, and the trail's owner does not", async () => {
  const cloud = await loggingCloud();
  const DataResources = [{ Type: "AWS::S3::Object", Values: [`arn:aws:s3:::${LOGS}/`] }];
  const EventSelectors = [{ IncludeManagementEvents: true, DataResources }];
  await cloud.trails.send(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors }));
  const theirs = `arn:aws:cloudtrail:us-east-1:${OTHER}:trail/audit`;
  const both = [...trailBucketPolicy().Statement, ...trailBucketPolicy(theirs, `AWSLogs/${OTHER}`).Statement];
  await putPolicy(cloud.s3, { ...trailBucketPolicy(), Statement: both });
  const member = cloud.client(CloudTrailClient, cloud.rootOf(OTHER));
  await logging(member);
  await untilDelivered(cloud);
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).filter(
    ({ eventName, requestParameters }) =>
      eventName === "PutObject" && JSON.stringify(requestParameters).includes(`AWSLogs/${OTHER}/CloudTrail/`),
  );
  expect(found[0]).toMatchObject({ recipientAccountId: ACCOUNT, sharedEventID: expect.any(String) });
  expect(await lookedUp(member, "GetBucketAcl")).toEqual([]);
});
