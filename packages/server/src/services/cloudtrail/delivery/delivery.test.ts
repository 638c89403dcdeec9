import { GetTrailStatusCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { DeleteBucketPolicyCommand, HeadObjectCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import {
  ACCOUNT,
  deliveredKeys,
  deliveredRecords,
  deliveredText,
  loggingCloud,
  LOGS,
  trailBucketPolicy,
  untilDelivered,
} from "../../../../test/trails.ts";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format */
test("events lie in the bucket some five minutes later, under AWS's names", async () => {
  const cloud = await loggingCloud();
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  expect(await deliveredKeys(cloud)).toEqual([]);
  await untilDelivered(cloud);
  const day = cloud.clock.now().toISOString().slice(0, 10);
  const [key = "", ...more] = await deliveredKeys(cloud);
  expect(more).toEqual([]);
  const folder = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/${day.replaceAll("-", "/")}`;
  expect(key.slice(0, folder.length)).toBe(folder);
  expect(key.slice(folder.length)).toMatch(
    new RegExp(`^/${ACCOUNT}_CloudTrail_us-east-1_${day.replaceAll("-", "")}T\\d{4}Z_\\w{16}\\.json\\.gz$`),
  );
  const head = await cloud.s3.send(new HeadObjectCommand({ Bucket: LOGS, Key: key }));
  expect(head).toMatchObject({ ContentType: "application/json", ContentEncoding: "gzip" });
  const records = await deliveredRecords(cloud);
  expect(records.find(({ eventName }) => eventName === "CreateUser")).toMatchObject({
    eventVersion: "1.11",
    eventSource: "iam.amazonaws.com",
    awsRegion: "us-east-1",
    requestParameters: { userName: "ann" },
    responseElements: { user: { userName: "ann", arn: `arn:aws:iam::${ACCOUNT}:user/ann` } },
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    userIdentity: { type: "Root", accountId: ACCOUNT },
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html */
test("a bucket that does not take the files any more shows in the status, and gets them once it does", async () => {
  const cloud = await loggingCloud();
  const statusOf = () => cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }));
  expect(await statusOf()).toMatchObject({ IsLogging: true, StartLoggingTime: expect.any(Date) });
  await cloud.s3.send(new DeleteBucketPolicyCommand({ Bucket: LOGS }));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  expect(await statusOf()).toMatchObject({ LatestDeliveryError: "AccessDenied" });
  expect(await deliveredKeys(cloud)).toEqual([]);
  await cloud.s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: JSON.stringify(trailBucketPolicy()) }));
  await cloud.clock.advance(2 * 3600);
  expect(await statusOf()).not.toHaveProperty("LatestDeliveryError");
  expect((await deliveredRecords(cloud)).map(({ eventName }) => eventName)).toContain("CreateUser");
});

test("nothing is logged after the end of logging, and what came before is delivered", async () => {
  const cloud = await loggingCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await cloud.trails.send(new StopLoggingCommand({ Name: "audit" }));
  await cloud.clock.advance(1);
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  await untilDelivered(cloud);
  const users = (await deliveredRecords(cloud))
    .filter(({ eventName }) => eventName === "CreateUser")
    .map(({ requestParameters }) => requestParameters);
  expect(users).toEqual([{ userName: "ann" }]);
  const status = await cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }));
  expect(status).toMatchObject({ IsLogging: false, StopLoggingTime: expect.any(Date) });
});

test("refused calls are events, with their code and words", async () => {
  const cloud = await loggingCloud();
  const asking = cloud.client(IAMClient).send(new GetUserCommand({ UserName: "nobody" }));
  await expect(asking).rejects.toMatchObject({ name: "NoSuchEntityException" });
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).find(({ eventName }) => eventName === "GetUser");
  expect(found).toMatchObject({
    errorCode: "NoSuchEntityException",
    errorMessage: "The user with name nobody cannot be found.",
    readOnly: true,
    responseElements: null,
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html */
test("a trail of all regions has the calls of every region, and those of global services, in one bucket", async () => {
  const cloud = await loggingCloud({ IsMultiRegionTrail: true });
  await cloud.client(KMSClient, undefined, { region: "eu-west-1" }).send(new CreateKeyCommand({}));
  await cloud.client(IAMClient, undefined, { region: "eu-west-1" }).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const regions = new Set((await deliveredKeys(cloud)).map((key) => key.split("/")[3]));
  expect(regions).toEqual(new Set(["eu-west-1", "us-east-1"]));
  const found = (await deliveredRecords(cloud)).map(({ eventName, awsRegion }) => `${eventName} ${awsRegion}`);
  expect(found).toEqual(expect.arrayContaining(["CreateKey eu-west-1", "CreateUser us-east-1"]));
});

test("a trail of one region has no calls of another, and without global events none of IAM", async () => {
  const cloud = await loggingCloud({ IncludeGlobalServiceEvents: false });
  await cloud.client(KMSClient, undefined, { region: "eu-west-1" }).send(new CreateKeyCommand({}));
  await cloud.client(KMSClient).send(new CreateKeyCommand({ Description: "here" }));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const found = (await deliveredRecords(cloud)).map(({ eventName, awsRegion }) => `${eventName} ${awsRegion}`);
  expect(found).toContain("CreateKey us-east-1");
  expect(found.filter((one) => one.endsWith("eu-west-1") || one.startsWith("CreateUser"))).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html */
test("every hour has a digest, chained to the one before, also where nothing was logged", async () => {
  const cloud = await loggingCloud({ EnableLogFileValidation: true });
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  await cloud.clock.advance(3 * 3600);
  const digests: Record<string, unknown>[] = [];
  for (const key of await deliveredKeys(cloud, "CloudTrail-Digest")) {
    digests.push(JSON.parse(await deliveredText(cloud, key)));
  }
  expect(digests.map(({ digestStartTime }) => digestStartTime).slice(1)).toEqual(
    digests.map(({ digestEndTime }) => digestEndTime).slice(0, -1),
  );
  const [first, second] = digests;
  expect(first).toMatchObject({
    previousDigestS3Object: null,
    logFiles: [{ s3Bucket: LOGS, hashAlgorithm: "SHA-256" }],
  });
  expect(second).toMatchObject({
    previousDigestS3Object: first?.["digestS3Object"],
    newestEventTime: null,
    logFiles: [],
  });
  const status = await cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }));
  expect(status).toMatchObject({ LatestDigestDeliveryTime: expect.any(Date) });
});

test("a week that passes at once brings every hour's digest, and each event once", async () => {
  const cloud = await loggingCloud({ EnableLogFileValidation: true });
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await cloud.cloud.journal.flush();
  await cloud.clock.advance(7 * 86_400);
  expect((await deliveredKeys(cloud, "CloudTrail-Digest")).length).toBe(7 * 24);
  const created = (await deliveredRecords(cloud)).filter(({ eventName }) => eventName === "CreateUser");
  expect(created).toHaveLength(1);
});
