import { gzipSync } from "node:zlib";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeletePublicAccessBlockCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateJobCommand,
  DescribeJobCommand,
  GetJobTaggingCommand,
  ListJobsCommand,
  PutJobTaggingCommand,
  S3ControlClient,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from "@aws-sdk/client-s3-control";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { ACCOUNT, policyOf, s3World, type S3World } from "../../../../../test/s3-world.ts";

const AccountId = ACCOUNT;
const BATCH = "batchoperations.s3.amazonaws.com";
const TAGGING = { S3PutObjectTagging: { TagSet: [{ Key: "seen", Value: "yes" }] } };

interface JobWorld extends S3World {
  readonly control: S3ControlClient;
  /** Makes a job that tags what `lines` name, unless told otherwise. */
  readonly create: (lines: string, more?: object) => Promise<string>;
  readonly describe: (JobId: string) => ReturnType<typeof describe>;
}

const describe = async (control: S3ControlClient, JobId: string) =>
  (await control.send(new DescribeJobCommand({ AccountId, JobId }))).Job;

/** A world with a role for jobs, which may do what `Action` says. */
async function jobWorld({
  Action = "s3:*",
  service = BATCH,
}: { readonly Action?: string | readonly string[]; readonly service?: string } = {}): Promise<JobWorld> {
  const world = await s3World();
  const iam = world.cloud.client(IAMClient);
  const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  const created = new CreateRoleCommand({ RoleName: "batch", AssumeRolePolicyDocument: policyOf(trust) });
  const { Role } = await iam.send(created);
  const PolicyDocument = policyOf({ Effect: "Allow", Action, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "batch", PolicyName: "p", PolicyDocument }));
  const control = world.cloud.client(S3ControlClient);
  return {
    ...world,
    control,
    describe: (JobId) => describe(control, JobId),
    async create(lines, more = {}) {
      const put = new PutObjectCommand({ Bucket: world.bucket, Key: "manifest.csv", Body: lines });
      const { ETag } = await world.s3.send(put);
      const { JobId = "" } = await control.send(
        new CreateJobCommand({
          AccountId,
          ConfirmationRequired: false,
          Operation: TAGGING,
          Priority: 10,
          RoleArn: Role?.Arn,
          Report: { Enabled: false },
          Manifest: {
            Spec: { Format: "S3BatchOperations_CSV_20180820", Fields: ["Bucket", "Key"] },
            Location: { ObjectArn: `arn:aws:s3:::${world.bucket}/manifest.csv`, ETag },
          },
          ...more,
        }),
      );
      return JobId;
    },
  };
}

const reportTo = (bucket: string, ReportScope = "AllTasks") => ({
  Report: {
    Enabled: true,
    Bucket: `arn:aws:s3:::${bucket}`,
    Prefix: "reports",
    Format: "Report_CSV_20180820",
    ReportScope,
  },
});

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

test("jobs are made once, listed, put in order and tagged; what is not built is refused", async () => {
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
  const lambda = { LambdaInvoke: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" } };
  await expect(create(`${bucket},k\n`, { Operation: lambda })).rejects.toMatchObject({
    name: "NotImplemented",
    $metadata: { httpStatusCode: 501 },
  });
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

const lineOf = (text: string | undefined) => {
  const [, quoted = ""] = /,succeeded,200,,"(.*)"$/.exec(text?.trim() ?? "") ?? [];
  const said: unknown = JSON.parse(quoted.replaceAll('""', '"'));
  return said;
};

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html
test("objects are measured, whole and by their parts, for the report", async () => {
  const { s3, cloud, bucket: Bucket, put, create, describe: shown } = await jobWorld();
  const sums = async (Key: string, asked: object) => {
    const Operation = { S3ComputeObjectChecksum: asked };
    const JobId = await create(`${Bucket},${Key}\n`, { Operation, ...reportTo(Bucket) });
    await cloud.clock.advance(1);
    expect((await shown(JobId))?.ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 1 });
    const Prefix = `reports/job-${JobId}/results/`;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const report = await s3.send(new GetObjectCommand({ Bucket, Key: Contents[0]?.Key }));
    return lineOf(await report.Body?.transformToString());
  };
  // the check value of CRC-32, and one of RFC 1321
  await put("k", "123456789");
  await put("abc", "abc");
  expect(await sums("k", { ChecksumAlgorithm: "CRC32" })).toEqual({
    checksum_base64: Buffer.from("cbf43926", "hex").toString("base64"),
    etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    checksumAlgorithm: "CRC32",
    checksumType: "FULL_OBJECT",
    checksum_hex: "CBF43926",
  });
  expect(await sums("abc", { ChecksumAlgorithm: "MD5" })).toMatchObject({
    checksum_hex: "900150983CD24FB0D6963F7D28E17F72",
  });
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key: "parts", ChecksumAlgorithm: "SHA256" }),
  );
  const Parts: CompletedPart[] = [];
  for (const [at, Body] of [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("end")].entries()) {
    const part = { Bucket, Key: "parts", UploadId, PartNumber: at + 1 };
    const { ETag, ChecksumSHA256 } = await s3.send(
      new UploadPartCommand({ ...part, Body, ChecksumAlgorithm: "SHA256" }),
    );
    Parts.push({ PartNumber: part.PartNumber, ETag, ChecksumSHA256 });
  }
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
  );
  expect(await sums("parts", { ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" })).toMatchObject({
    checksum_base64: completed.ChecksumSHA256,
    checksumType: "COMPOSITE",
  });
});

test.each([
  ["CRC64NVME by parts", { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "COMPOSITE" }, "BadRequestException"],
  ["what is not built", { ChecksumAlgorithm: "XXHASH64" }, "NotImplemented"],
])("objects are not measured by %s", async (_what, S3ComputeObjectChecksum, name) => {
  const { bucket, create } = await jobWorld();
  await expect(create(`${bucket},k\n`, { Operation: { S3ComputeObjectChecksum } })).rejects.toMatchObject({ name });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-update-encryption.html
test("what lies under S3's own keys is put under a key of KMS, and found there", async () => {
  const { s3, cloud, bucket: Bucket, put, create, describe: shown } = await jobWorld({ Action: ["s3:*", "kms:*"] });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const KMSKeyArn = KeyMetadata?.Arn;
  await put("in/a");
  await s3.send(new PutObjectCommand({ Bucket, Key: "in/dsse", Body: "x", ServerSideEncryption: "aws:kms:dsse" }));
  const generate = (encryption: object) => ({
    Manifest: undefined,
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: `arn:aws:s3:::${Bucket}`,
        EnableManifestOutput: false,
        Filter: { KeyNameConstraint: { MatchAnyPrefix: ["in/"] }, MatchAnyObjectEncryption: [encryption] },
      },
    },
  });
  const run = async (more: object) => {
    const JobId = await create("", more);
    await cloud.clock.advance(1);
    return (await shown(JobId))?.ProgressSummary;
  };
  const Operation = { S3UpdateObjectEncryption: { ObjectEncryption: { SSEKMS: { KMSKeyArn } } } };
  const one = { TotalNumberOfTasks: 1, NumberOfTasksSucceeded: 1 };
  expect(await run({ Operation, ...generate({ SSES3: {} }) })).toMatchObject(one);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "in/a" }));
  expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: KMSKeyArn });
  expect(await run(generate({ SSEKMS: { KmsKeyArn: KMSKeyArn, BucketKeyEnabled: false } }))).toMatchObject(one);
  for (const other of [{ SSEKMS: { BucketKeyEnabled: true } }, { SSES3: {} }, { SSEC: {} }, { NOTSSE: {} }]) {
    expect(await run(generate(other))).toMatchObject({ TotalNumberOfTasks: 0 });
  }
  expect(await run(generate({ DSSEKMS: {} }))).toMatchObject(one);
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
