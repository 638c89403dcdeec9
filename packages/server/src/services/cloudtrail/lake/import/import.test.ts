import {
  CreateEventDataStoreCommand,
  DeleteEventDataStoreCommand,
  GetImportCommand,
  GetQueryResultsCommand,
  ListImportFailuresCommand,
  ListImportsCommand,
  StartImportCommand,
  StartQueryCommand,
  StopImportCommand,
  StopLoggingCommand,
  type StartImportCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { CreateRoleCommand, CreateUserCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ACCOUNT, deliveredKeys, loggingCloud, LOGS, untilDelivered } from "../../../../../test/trails.ts";

const ROLE = `arn:aws:iam::${ACCOUNT}:role/importer`;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/copy-trail-to-lake-eds-permissions.html */
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: { "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/*` },
      },
    },
  ],
});
const reading = (objects = "*") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketAcl"], Resource: `arn:aws:s3:::${LOGS}` },
      { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${LOGS}/${objects}` },
    ],
  });

/** A bucket in which a trail's files lie, and an empty store. */
async function filesAndStore() {
  const cloud = await loggingCloud();
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  await cloud.trails.send(new StopLoggingCommand({ Name: "audit" }));
  const made = await cloud.trails.send(
    new CreateEventDataStoreCommand({ Name: "old", StartIngestion: false, TerminationProtectionEnabled: false }),
  );
  const EventDataStore = made.EventDataStoreArn ?? "";
  const start = async (more: Partial<StartImportCommandInput> = {}) => {
    const S3 = { S3LocationUri: `s3://${LOGS}/AWSLogs/`, S3BucketRegion: "us-east-1", S3BucketAccessRoleArn: ROLE };
    const fresh = { Destinations: [EventDataStore], ImportSource: { S3 } };
    const input = more.ImportId === undefined ? { ...fresh, ...more } : more;
    return (await cloud.trails.send(new StartImportCommand(input))).ImportId ?? "";
  };
  const makeRole = async (policy = reading()) => {
    await iam.send(new CreateRoleCommand({ RoleName: "importer", AssumeRolePolicyDocument: trust }));
    await may(policy);
  };
  const may = (PolicyDocument: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName: "importer", PolicyName: "read", PolicyDocument }));
  const ended = async (ImportId: string) => {
    await cloud.clock.advance(5);
    return cloud.trails.send(new GetImportCommand({ ImportId }));
  };
  const users = async () => {
    const QueryStatement = `SELECT element_at(requestParameters, 'userName') AS name FROM ${EventDataStore.split("/")[1]} WHERE eventName = 'CreateUser'`;
    const { QueryId } = await cloud.trails.send(new StartQueryCommand({ QueryStatement }));
    await cloud.clock.advance(5);
    return (await cloud.trails.send(new GetQueryResultsCommand({ QueryId }))).QueryResultRows;
  };
  return { ...cloud, EventDataStore, start, makeRole, may, ended, users };
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartImport.html */
test("the files of a trail are imported with the rights of a role", async () => {
  const cloud = await filesAndStore();
  await expect(cloud.start()).rejects.toMatchObject({ name: "InvalidImportSourceException" });
  await cloud.makeRole();
  const ImportId = await cloud.start();
  const files = (await deliveredKeys(cloud)).length;
  expect(await cloud.ended(ImportId)).toMatchObject({
    ImportId,
    ImportStatus: "COMPLETED",
    Destinations: [cloud.EventDataStore],
    ImportSource: { S3: { S3LocationUri: `s3://${LOGS}/AWSLogs/`, S3BucketAccessRoleArn: ROLE } },
    ImportStatistics: { FilesCompleted: files, FailedEntries: 0 },
  });
  expect(await cloud.users()).toEqual([[{ name: "ann" }]]);
  const { Imports } = await cloud.trails.send(new ListImportsCommand({ ImportStatus: "COMPLETED" }));
  expect(Imports).toMatchObject([{ ImportId, Destinations: [cloud.EventDataStore] }]);
  const again = await cloud.start({ EndEventTime: new Date(0) });
  expect(await cloud.ended(again)).toMatchObject({ ImportStatistics: { EventsCompleted: 0 } });
  await expect(cloud.ended("00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({
    name: "ImportNotFoundException",
  });
});

test("files that cannot be read are listed, and read when the import is tried again", async () => {
  const cloud = await filesAndStore();
  await cloud.makeRole(reading("nothing"));
  const ImportId = await cloud.start();
  const files = (await deliveredKeys(cloud)).length;
  expect(await cloud.ended(ImportId)).toMatchObject({
    ImportStatus: "FAILED",
    ImportStatistics: { FilesCompleted: 0, FailedEntries: files },
  });
  const listed = () => cloud.trails.send(new ListImportFailuresCommand({ ImportId }));
  expect((await listed()).Failures?.[0]).toMatchObject({ Status: "FAILED", ErrorType: "AccessDenied" });
  await cloud.may(reading());
  await cloud.start({ ImportId });
  expect(await cloud.ended(ImportId)).toMatchObject({
    ImportStatus: "COMPLETED",
    ImportStatistics: { FilesCompleted: files, FailedEntries: 0 },
  });
  expect((await listed()).Failures).toEqual([]);
  expect(await cloud.users()).toEqual([[{ name: "ann" }]]);
});

test("what is no log file fails by itself, and one that is stopped stays so", async () => {
  const cloud = await filesAndStore();
  await cloud.makeRole();
  const Key = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/bad.json.gz`;
  await cloud.s3.send(new PutObjectCommand({ Bucket: LOGS, Key, Body: "no gzip" }));
  const ImportId = await cloud.start();
  expect(await cloud.ended(ImportId)).toMatchObject({ ImportStatus: "FAILED", ImportStatistics: { FailedEntries: 1 } });
  const { Failures } = await cloud.trails.send(new ListImportFailuresCommand({ ImportId }));
  expect(Failures).toMatchObject([
    { Location: `s3://${LOGS}/${Key}`, ErrorMessage: "The file is not a CloudTrail log file." },
  ]);
  expect(await cloud.users()).toEqual([[{ name: "ann" }]]);
  const stopped = await cloud.trails.send(new StopImportCommand({ ImportId }));
  expect(stopped).toMatchObject({ ImportStatus: "FAILED" });
  await cloud.trails.send(new DeleteEventDataStoreCommand({ EventDataStore: cloud.EventDataStore }));
  await expect(cloud.start()).rejects.toMatchObject({ name: "InactiveEventDataStoreException" });
});

test.each([
  ["is nested too deep", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, 1],
  ["has a category that is none", '{"toString":1}', 0],
])("a file whose record %s does not keep an import from its end", async (_, category, FailedEntries) => {
  const cloud = await filesAndStore();
  await cloud.makeRole();
  const Key = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/odd.json.gz`;
  const text = `{"Records":[{"eventTime":"${cloud.clock.now().toISOString()}","eventCategory":${category}}]}`;
  await cloud.s3.send(new PutObjectCommand({ Bucket: LOGS, Key, Body: gzipSync(text) }));
  expect(await cloud.ended(await cloud.start())).toMatchObject({
    ImportStatus: FailedEntries === 0 ? "COMPLETED" : "FAILED",
    ImportStatistics: { FailedEntries },
  });
});

test("all files that failed are tried again, however many", async () => {
  const cloud = await filesAndStore();
  await cloud.makeRole();
  for (let file = 0; file < 505; file++) {
    const Key = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/bad-${file}.json.gz`;
    await cloud.s3.send(new PutObjectCommand({ Bucket: LOGS, Key, Body: "no gzip" }));
  }
  const ImportId = await cloud.start();
  expect(await cloud.ended(ImportId)).toMatchObject({ ImportStatistics: { FailedEntries: 505 } });
  await cloud.start({ ImportId });
  await cloud.ended(ImportId);
  const statuses = new Set<string | undefined>();
  for (let NextToken: string | undefined; ;) {
    const page = await cloud.trails.send(new ListImportFailuresCommand({ ImportId, NextToken }));
    for (const { Status } of page.Failures ?? []) statuses.add(Status);
    ({ NextToken } = page);
    if (NextToken === undefined) break;
  }
  expect([...statuses]).toEqual(["FAILED"]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartImport.html (InactiveEventDataStoreException) */
test("imports go with their store, and are not begun again while it waits to be deleted", async () => {
  const cloud = await filesAndStore();
  await cloud.makeRole(reading("nothing"));
  const other = await cloud.trails.send(new CreateEventDataStoreCommand({ Name: "other", StartIngestion: false }));
  const ImportId = await cloud.start();
  await cloud.ended(ImportId);
  const kept = await cloud.start({ Destinations: [other.EventDataStoreArn ?? ""] });
  await cloud.ended(kept);
  await cloud.trails.send(new DeleteEventDataStoreCommand({ EventDataStore: cloud.EventDataStore }));
  await expect(cloud.start({ ImportId })).rejects.toMatchObject({ name: "InactiveEventDataStoreException" });
  const listed = async () => {
    const { Imports } = await cloud.trails.send(new ListImportsCommand({}));
    return new Set(Imports?.map((each) => each.ImportId));
  };
  const failuresOf = async (of: string) =>
    (await cloud.trails.send(new ListImportFailuresCommand({ ImportId: of }))).Failures?.length;
  const files = (await deliveredKeys(cloud)).length;
  expect(await listed()).toEqual(new Set([ImportId, kept]));
  expect([await failuresOf(ImportId), await failuresOf(kept)]).toEqual([files, files]);
  await cloud.clock.advance(7 * 24 * 60 * 60 + 60);
  expect(await listed()).toEqual(new Set([kept]));
  expect([await failuresOf(ImportId), await failuresOf(kept)]).toEqual([0, files]);
});
