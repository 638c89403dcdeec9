import { CloudTrailClient, LookupEventsCommand, type LookupAttributeKey } from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, DeleteUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeRole, makeUser } from "../../../test/identities.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";

async function lookUp(cloud: TestCloud, key?: LookupAttributeKey, value?: string, more: object = {}) {
  const attribute = key === undefined ? {} : { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] };
  const { Events = [], NextToken } = await cloud
    .client(CloudTrailClient)
    .send(new LookupEventsCommand({ ...attribute, ...more }));
  return { Events, NextToken, names: Events.map(({ EventName }) => EventName) };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
test("management events are looked up without any trail, the newest first", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  const { Events } = await lookUp(cloud, "ResourceName", "ann");
  expect(Events).toMatchObject([
    { EventName: "DeleteUser", EventSource: "iam.amazonaws.com", ReadOnly: "false", Username: "root" },
    { EventName: "CreateUser", Resources: [{ ResourceType: "AWS::IAM::User", ResourceName: "ann" }] },
  ]);
  expect(JSON.parse(Events[1]?.CloudTrailEvent ?? "")).toMatchObject({
    eventID: Events[1]?.EventId,
    requestParameters: { userName: "ann" },
  });
});

test("each attribute finds its events", async () => {
  const cloud = await testCloud();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "photos" }));
  const [event] = (await lookUp(cloud, "EventName", "CreateUser")).Events;
  expect(event).toMatchObject({ AccessKeyId: "test" });
  expect((await lookUp(cloud, "EventId", event?.EventId)).names).toEqual(["CreateUser"]);
  expect((await lookUp(cloud, "EventSource", "s3.amazonaws.com")).names).toEqual(["CreateBucket"]);
  expect((await lookUp(cloud, "ReadOnly", "false")).names).toEqual(["CreateBucket", "CreateUser"]);
  expect((await lookUp(cloud, "Username", "root")).names).toContain("CreateUser");
  expect((await lookUp(cloud, "AccessKeyId", "test")).names).toContain("CreateUser");
  expect((await lookUp(cloud, "ResourceType", "AWS::S3::Bucket")).names).toEqual(["CreateBucket"]);
  expect((await lookUp(cloud, "ResourceName", "photos")).names).toEqual(["CreateBucket"]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
test("data events are never in the event history", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow" }));
  await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "cat" }));
  expect((await lookUp(cloud, "EventSource", "s3.amazonaws.com")).names).toEqual(["CreateBucket"]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
test("the history goes back ninety days", async () => {
  const cloud = await testCloud();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await cloud.clock.advance(89 * 86_400);
  expect((await lookUp(cloud, "EventName", "CreateUser")).names).toEqual(["CreateUser"]);
  await cloud.clock.advance(2 * 86_400);
  expect((await lookUp(cloud, "EventName", "CreateUser")).names).toEqual([]);
});

test("pages are whole together, and a token is good for its own question alone", async () => {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const users = Array.from({ length: 7 }, (_, at) => `user${at}`);
  for (const UserName of users) await iam.send(new CreateUserCommand({ UserName }));
  const found: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await lookUp(cloud, "EventName", "CreateUser", { MaxResults: 3, NextToken });
    expect(page.Events.length).toBeLessThanOrEqual(3);
    found.push(...page.Events.map(({ Resources }) => Resources?.[0]?.ResourceName));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(found).toEqual(users.toReversed());
  const first = await lookUp(cloud, "EventName", "CreateUser", { MaxResults: 3 });
  const other = lookUp(cloud, "EventName", "DeleteUser", { MaxResults: 3, NextToken: first.NextToken });
  await expect(other).rejects.toMatchObject({ name: "InvalidNextTokenException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html (LookupAttributes, Errors) */
test("one attribute at a time, and no time that ends before it begins", async () => {
  const cloud = await testCloud();
  const two = cloud.client(CloudTrailClient).send(
    new LookupEventsCommand({
      LookupAttributes: [
        { AttributeKey: "EventName", AttributeValue: "CreateUser" },
        { AttributeKey: "ReadOnly", AttributeValue: "false" },
      ],
    }),
  );
  await expect(two).rejects.toMatchObject({ name: "InvalidLookupAttributesException" });
  const backwards = lookUp(cloud, undefined, undefined, { StartTime: new Date(2000), EndTime: new Date(1000) });
  await expect(backwards).rejects.toMatchObject({ name: "InvalidTimeRangeException" });
});

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html#stscloudtrailexample-assumerole */
test("a role that is assumed across accounts is in both histories under one shared id", async () => {
  const cloud = await testCloud();
  const guest = cloud.rootOf("222222222222");
  const role = await makeRole(cloud, "support", { trusts: "222222222222", allow: ["sts:*", "iam:*"] });
  const ann = await makeUser(cloud, "ann", { account: "222222222222", allow: ["sts:AssumeRole"] });
  const { Credentials } = await cloud
    .client(STSClient, ann)
    .send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "night" }));
  const events = await Promise.all(
    [undefined, guest].map(async (credentials) => {
      const { Events = [] } = await cloud
        .client(CloudTrailClient, credentials)
        .send(
          new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "AssumeRole" }] }),
        );
      return JSON.parse(Events[0]?.CloudTrailEvent ?? "{}");
    }),
  );
  const [owner, caller] = events;
  expect(owner).toMatchObject({
    recipientAccountId: "000000000000",
    userIdentity: { type: "AWSAccount", principalId: ann.userId, accountId: "222222222222" },
  });
  expect(owner.userIdentity).not.toHaveProperty("arn");
  expect(caller).toMatchObject({
    recipientAccountId: "222222222222",
    readOnly: true,
    requestParameters: { roleArn: role, roleSessionName: "night" },
    responseElements: { credentials: { accessKeyId: Credentials?.AccessKeyId } },
    resources: [{ accountId: "000000000000", type: "AWS::IAM::Role", ARN: role }],
  });
  expect(owner.sharedEventID).toBe(caller.sharedEventID);
  expect(owner.eventID).not.toBe(caller.eventID);
  for (const event of events) expect(JSON.stringify(event)).not.toContain(Credentials?.SecretAccessKey);
  await cloud.client(IAMClient, Credentials).send(new ListUsersCommand({}));
  const { Events } = await lookUp(cloud, "Username", "night");
  expect(JSON.parse(Events[0]?.CloudTrailEvent ?? "{}")).toMatchObject({
    eventName: "ListUsers",
    userIdentity: {
      type: "AssumedRole",
      sessionContext: {
        sessionIssuer: { type: "Role", arn: role, accountId: "000000000000", userName: "support" },
        attributes: { mfaAuthenticated: "false", creationDate: expect.stringMatching(/^\d{4}-.*Z$/) },
      },
    },
  });
});
