import { gzipSync } from "node:zlib";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeJobCommand,
  GetJobTaggingCommand,
  ListJobsCommand,
  PutJobTaggingCommand,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { jobWorld, reportTo, TAGGING } from "../../../../../test/batch-jobs.ts";
import { ACCOUNT } from "../../../../../test/s3-world.ts";

const AccountId = ACCOUNT;

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
test("a job does its operation to all objects of its list, and reports on each", async () => {
  const { s3, cloud, bucket, put, create, describe: read } = await jobWorld();
  await put("a b/1");
  await put("2");
  const JobId = await create(`${bucket},a+b/1\n${bucket},2\n${bucket},nowhere\n`, reportTo(bucket));
  expect(await read(JobId)).toMatchObject({ Status: "New", Priority: 10 });
  await cloud.clock.advance(1);
  expect(await read(JobId)).toMatchObject({
    Status: "Complete",
    JobArn: `arn:aws:s3:us-east-1:${ACCOUNT}:job/${JobId}`,
    Operation: TAGGING,
    ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 2, NumberOfTasksFailed: 1 },
  });
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "a b/1" }));
  expect(TagSet).toEqual([{ Key: "seen", Value: "yes" }]);
  const text = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
  const manifest: unknown = JSON.parse((await text(`reports/job-${JobId}/manifest.json`)) ?? "");
  expect(manifest).toMatchObject({
    Format: "Report_CSV_20180820",
    ReportSchema: "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage",
    Results: [{ TaskExecutionStatus: "succeeded" }, { TaskExecutionStatus: "failed" }],
  });
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: `reports/job-${JobId}/results/` }),
  );
  const files = await Promise.all(Contents.map(({ Key = "" }) => text(Key)));
  expect(new Set(files)).toEqual(
    new Set([
      `${bucket},a%20b/1,,succeeded,200,,Successful\n${bucket},2,,succeeded,200,,Successful\n`,
      `${bucket},nowhere,,failed,404,NoSuchKey,The specified key does not exist.\n`,
    ]),
  );
});

test("copies take what the job says of them", async () => {
  const { s3, cloud, bucket, put, create, describe: read } = await jobWorld();
  await put("k", "hello");
  const S3PutObjectCopy = {
    TargetResource: `arn:aws:s3:::${bucket}`,
    TargetKeyPrefix: "copies",
    MetadataDirective: "REPLACE",
    NewObjectMetadata: { ContentType: "text/x-copy", UserMetadata: { by: "batch" } },
    NewObjectTagging: [{ Key: "t", Value: "1" }],
    StorageClass: "STANDARD_IA",
  };
  const JobId = await create(`${bucket},k\n`, { Operation: { S3PutObjectCopy } });
  await cloud.clock.advance(1);
  expect((await read(JobId))?.ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 1 });
  const copy = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "copies/k" }));
  expect(copy).toMatchObject({ ContentType: "text/x-copy", Metadata: { by: "batch" }, TagCount: 1 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
test("a job that wants confirmation waits for it, and can be cancelled", async () => {
  const { cloud, bucket, put, control, create, describe: read } = await jobWorld();
  await put("k");
  const JobId = await create(`${bucket},k\n`, { ConfirmationRequired: true });
  await cloud.clock.advance(1);
  expect(await read(JobId)).toMatchObject({ Status: "Suspended", SuspendedCause: "AWAITING_CONFIRMATION" });
  const update = (RequestedJobStatus: "Ready" | "Cancelled", of = JobId) =>
    control.send(new UpdateJobStatusCommand({ AccountId, JobId: of, RequestedJobStatus, StatusUpdateReason: "so" }));
  await update("Ready");
  await cloud.clock.advance(1);
  expect(await read(JobId)).toMatchObject({ Status: "Complete", StatusUpdateReason: "so" });
  await expect(update("Cancelled")).rejects.toMatchObject({ name: "JobStatusException" });
  const other = await create(`${bucket},k\n`, { ConfirmationRequired: true });
  await cloud.clock.advance(1);
  await update("Cancelled", other);
  expect(await read(other)).toMatchObject({ Status: "Cancelled" });
  const late = await create(`${bucket},k\n`, { ConfirmationRequired: true });
  await cloud.clock.advance(31 * 86_400);
  expect(await read(late)).toMatchObject({ Status: "Failed" });
});

test("what the role may not do fails, and a role that does not trust the service fails the job", async () => {
  const weak = await jobWorld({ Action: "s3:GetObject" });
  await weak.put("k");
  const JobId = await weak.create(`${weak.bucket},k\n`);
  await weak.cloud.clock.advance(1);
  expect(await weak.describe(JobId)).toMatchObject({
    Status: "Complete",
    ProgressSummary: { NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 1 },
  });
  const distrusted = await jobWorld({ service: "lambda.amazonaws.com" });
  const failing = await distrusted.create(`${distrusted.bucket},k\n`);
  await distrusted.cloud.clock.advance(1);
  expect(await distrusted.describe(failing)).toMatchObject({
    Status: "Failed",
    FailureReasons: [{ FailureCode: "AccessDenied" }],
  });
});

test("a list that S3 makes itself has what the filter leaves", async () => {
  const { s3, cloud, bucket, put, create, describe: read } = await jobWorld();
  for (const key of ["in/a.txt", "in/b.csv", "out/a.txt"]) await put(key, "x");
  const KeyNameConstraint = { MatchAnyPrefix: ["in/"], MatchAnySuffix: [".txt"] };
  const SourceBucket = `arn:aws:s3:::${bucket}`;
  const S3JobManifestGenerator = {
    SourceBucket,
    EnableManifestOutput: true,
    ManifestOutputLocation: {
      Bucket: SourceBucket,
      ManifestPrefix: "lists",
      ManifestFormat: "S3InventoryReport_CSV_20211130",
    },
    Filter: { KeyNameConstraint },
  };
  const JobId = await create("", { Manifest: undefined, ManifestGenerator: { S3JobManifestGenerator } });
  await cloud.clock.advance(1);
  const job = await read(JobId);
  expect(job?.ProgressSummary).toMatchObject({ TotalNumberOfTasks: 1, NumberOfTasksSucceeded: 1 });
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "in/a.txt" }));
  expect(TagSet).toHaveLength(1);
  expect(job?.GeneratedManifestDescriptor?.Location?.ObjectArn).toContain(`${SourceBucket}/lists/job-${JobId}/`);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3ManifestOutputLocation.html
test("a list that S3 makes itself is encrypted as asked, and put into a bucket of the owner who is expected", async () => {
  const { s3, cloud, bucket: Bucket, put, create, describe: read } = await jobWorld({ Action: ["s3:*", "kms:*"] });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.Arn;
  await put("a");
  const run = async (more: object) => {
    const ManifestOutputLocation = {
      Bucket: `arn:aws:s3:::${Bucket}`,
      ManifestFormat: "S3InventoryReport_CSV_20211130",
      ...more,
    };
    const S3JobManifestGenerator = {
      SourceBucket: `arn:aws:s3:::${Bucket}`,
      EnableManifestOutput: true,
      ManifestOutputLocation,
    };
    const JobId = await create("", { Manifest: undefined, ManifestGenerator: { S3JobManifestGenerator } });
    await cloud.clock.advance(1);
    return read(JobId);
  };
  const job = await run({ ManifestEncryption: { SSEKMS: { KeyId } }, ExpectedManifestBucketOwner: ACCOUNT });
  const Key = job?.GeneratedManifestDescriptor?.Location?.ObjectArn?.split(`${Bucket}/`)[1];
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ SSEKMSKeyId: KeyId });
  expect((await run({ ExpectedManifestBucketOwner: "222222222222" }))?.Status).toBe("Failed");
});

test("jobs are made once, listed, put in order and tagged; without a list there is none", async () => {
  const { cloud, bucket, control, create, put } = await jobWorld();
  await put("k");
  const once = { ClientRequestToken: "t-1", ConfirmationRequired: true };
  const JobId = await create(`${bucket},k\n`, once);
  expect(await create(`${bucket},k\n`, once)).toBe(JobId);
  await expect(create(`${bucket},k\n`, { ...once, Priority: 11 })).rejects.toMatchObject({
    name: "IdempotencyException",
  });
  await cloud.clock.advance(1);
  await control.send(new UpdateJobPriorityCommand({ AccountId, JobId, Priority: 42 }));
  const { Jobs } = await control.send(new ListJobsCommand({ AccountId, JobStatuses: ["Suspended"] }));
  expect(Jobs).toMatchObject([{ JobId, Priority: 42, Operation: "S3PutObjectTagging" }]);
  const Tags = [{ Key: "team", Value: "a" }];
  await control.send(new PutJobTaggingCommand({ AccountId, JobId, Tags }));
  expect((await control.send(new GetJobTaggingCommand({ AccountId, JobId }))).Tags).toEqual(Tags);
  await expect(create(`${bucket},k\n`, { Manifest: undefined })).rejects.toMatchObject({ name: "BadRequestException" });
  await expect(control.send(new DescribeJobCommand({ AccountId, JobId: "nothing" }))).rejects.toMatchObject({
    name: "NoSuchJob",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-operations.html
test.each([
  [
    "a list of grants",
    { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: "public-read" } } },
    async (s3: S3Client, Bucket: string) =>
      (await s3.send(new GetObjectAclCommand({ Bucket, Key: "k" }))).Grants?.length,
    2,
  ],
  [
    "no tags",
    { S3DeleteObjectTagging: {} },
    async (s3: S3Client, Bucket: string) => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "k" }))).TagSet,
    [],
  ],
  [
    "a legal hold",
    { S3PutObjectLegalHold: { LegalHold: { Status: "ON" } } },
    async (s3: S3Client, Bucket: string) =>
      (await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: "k" }))).LegalHold?.Status,
    "ON",
  ],
  [
    "a retention",
    { S3PutObjectRetention: { Retention: { Mode: "GOVERNANCE", RetainUntilDate: new Date("2130-01-01") } } },
    async (s3: S3Client, Bucket: string) =>
      (await s3.send(new GetObjectRetentionCommand({ Bucket, Key: "k" }))).Retention?.RetainUntilDate,
    new Date("2130-01-01"),
  ],
  [
    "a restored copy under way",
    { S3InitiateRestoreObject: { ExpirationInDays: 2, GlacierJobTier: "BULK" } },
    async (s3: S3Client, Bucket: string) => (await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).Restore,
    'ongoing-request="true"',
  ],
])("jobs give objects %s", async (_what, Operation, read, expected) => {
  const { s3, cloud, create, describe: shown } = await jobWorld();
  const Bucket = "locked";
  const made = { Bucket, ObjectOwnership: "ObjectWriter", ObjectLockEnabledForBucket: true } as const;
  await s3.send(new CreateBucketCommand(made));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const StorageClass = "S3InitiateRestoreObject" in Operation ? "GLACIER" : "STANDARD";
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Tagging: "a=1", StorageClass }));
  const JobId = await create(`${Bucket},k\n`, { Operation });
  await cloud.clock.advance(1);
  expect((await shown(JobId))?.ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 1 });
  expect(await read(s3, Bucket)).toEqual(expected);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
test("a list may be an inventory's, in files that are packed", async () => {
  const { s3, cloud, bucket, put, create, describe: shown } = await jobWorld();
  await put("a b");
  await put("inventory/1.csv.gz", gzipSync(`"${bucket}","a%20b","0"\n`));
  const manifest = JSON.stringify({ fileSchema: "Bucket, Key, Size", files: [{ key: "inventory/1.csv.gz" }] });
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "manifest.json", Body: manifest }));
  const Location = { ObjectArn: `arn:aws:s3:::${bucket}/manifest.json`, ETag };
  const Spec = { Format: "S3InventoryReport_CSV_20161130" };
  const JobId = await create("", { Manifest: { Spec, Location } });
  await cloud.clock.advance(1);
  expect((await shown(JobId))?.ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 1 });
  const changed = await create("", { Manifest: { Spec, Location: { ...Location, ETag: "0" } } });
  await cloud.clock.advance(1);
  expect(await shown(changed)).toMatchObject({ Status: "Failed" });
});

test.each([
  ["is not packed", Buffer.from('"photos","a"\n')],
  ["is far larger than it is packed", gzipSync(Buffer.alloc(260 * 1024 * 1024), { level: 1 })],
])("a job fails where a file of the inventory %s", async (_how, file) => {
  const { s3, cloud, bucket, put, create, describe: shown } = await jobWorld();
  await put("1.csv.gz", file);
  const manifest = JSON.stringify({ fileSchema: "Bucket, Key", files: [{ key: "1.csv.gz" }] });
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "manifest.json", Body: manifest }));
  const Location = { ObjectArn: `arn:aws:s3:::${bucket}/manifest.json`, ETag };
  const JobId = await create("", { Manifest: { Spec: { Format: "S3InventoryReport_CSV_20161130" }, Location } });
  await cloud.clock.advance(1);
  const job = await shown(JobId);
  expect(job?.Status).toBe("Failed");
  expect(job?.FailureReasons?.map(({ FailureCode }) => FailureCode)).toEqual(["InvalidManifestContent"]);
});

const tags = (Value: string) => ({ S3PutObjectTagging: { TagSet: [{ Key: "by", Value }] } });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-priority.html
test("the job of the higher priority goes first", async () => {
  const { s3, cloud, bucket, put, control, create, describe: shown } = await jobWorld();
  await put("k");
  const waiting = { ConfirmationRequired: true };
  const low = await create(`${bucket},k\n`, { ...waiting, Priority: 1, Operation: tags("low") });
  const high = await create(`${bucket},k\n`, { ...waiting, Priority: 2, Operation: tags("high") });
  await cloud.clock.advance(1);
  for (const JobId of [low, high]) {
    await control.send(new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus: "Ready" }));
  }
  await cloud.clock.advance(1);
  expect([(await shown(low))?.Status, (await shown(high))?.Status]).toEqual(["Complete", "Complete"]);
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "k" }));
  expect(TagSet).toEqual([{ Key: "by", Value: "low" }]);
});
