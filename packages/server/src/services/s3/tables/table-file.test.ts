import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketLoggingCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  CreateAccessGrantsInstanceCommand,
  CreateAccessGrantsLocationCommand,
  CreateAccessPointCommand,
  S3ControlClient,
  TagResourceCommand,
} from "@aws-sdk/client-s3-control";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateTableCommand, GetTableCommand, S3TablesClient } from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { ordersTable, salesBucket } from "../../../../test/tables.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

async function world() {
  const cloud = await testCloud();
  const { warehouseLocation = "" } = await ordersTable(cloud, await salesBucket(cloud));
  return { cloud, s3: cloud.client(S3Client), Bucket: warehouseLocation.replace("s3://", "") };
}

test("files of a table are put and read as objects", async () => {
  const { s3, Bucket } = await world();
  const Key = "data/part-0.parquet";
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "rows" }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: "bytes=1-2" }));
  expect(await Body?.transformToString()).toBe("ow");
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: 4 });
  const none = s3.send(new GetObjectCommand({ Bucket, Key: "data/none" }));
  await expect(none).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("files of a table are uploaded in parts", async () => {
  const { s3, Bucket } = await world();
  const Key = "data/part-0.parquet";
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const part = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: "rows" }));
  expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts).toHaveLength(1);
  const Parts = [{ PartNumber: 1, ETag: part.ETag }];
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await Body?.transformToString()).toBe("rows");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/developing-s3-tables-APIs.html
test("a table's files take no other calls", async () => {
  const { s3, Bucket } = await world();
  const refused = { name: "MethodNotAllowed", $metadata: { httpStatusCode: 405 } };
  await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(refused);
  await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: "data/a" }))).rejects.toMatchObject(refused);
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject(refused);
  await s3.send(new CreateBucketCommand({ Bucket: "mine" }));
  const copying = new CopyObjectCommand({ Bucket: "mine", Key: "a", CopySource: `${Bucket}/data/a` });
  await expect(s3.send(copying)).rejects.toMatchObject(refused);
  const disguised = `${Bucket.replaceAll("-", "%2D")}/data/a`;
  const copyingDisguised = new CopyObjectCommand({ Bucket: "mine", Key: "a", CopySource: disguised });
  await expect(s3.send(copyingDisguised)).rejects.toMatchObject(refused);
});

test("a table's files have no tags, no keys of their callers' and one storage class", async () => {
  const { s3, Bucket } = await world();
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket, Key: "data/a", Body: "a", ...more }));
  await expect(put({ Tagging: "a=b" })).rejects.toMatchObject({ name: "NotImplemented" });
  await expect(put({ StorageClass: "GLACIER" })).rejects.toMatchObject({ name: "NotImplemented" });
  await expect(put({ ACL: "public-read" })).rejects.toMatchObject({ name: "NotImplemented" });
  await put({ StorageClass: "STANDARD", ACL: "bucket-owner-full-control" });
});

test("no list of buckets has those of tables' files, and nobody makes one", async () => {
  const { s3 } = await world();
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([]);
  const making = s3.send(new CreateBucketCommand({ Bucket: "mine--table-s3" }));
  await expect(making).rejects.toMatchObject({ name: "InvalidBucketName" });
});

test("files of a table that has a key of KMS are read while the key may be used", async () => {
  const { cloud, s3 } = await world();
  const kms = cloud.client(KMSClient);
  const { KeyMetadata: { Arn: kmsKeyArn, KeyId } = {} } = await kms.send(new CreateKeyCommand({}));
  const s3tables = cloud.client(S3TablesClient);
  const table = {
    tableBucketARN: "arn:aws:s3tables:us-east-1:000000000000:bucket/ledger",
    namespace: "sales",
    name: "secret",
  };
  await s3tables.send(
    new CreateTableCommand({
      ...table,
      format: "ICEBERG",
      encryptionConfiguration: { sseAlgorithm: "aws:kms", kmsKeyArn },
    }),
  );
  const { warehouseLocation = "" } = await s3tables.send(new GetTableCommand(table));
  const place = { Bucket: warehouseLocation.replace("s3://", ""), Key: "data/a" };
  expect(await s3.send(new PutObjectCommand({ ...place, Body: "a" }))).toMatchObject({
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: kmsKeyArn,
  });
  expect((await s3.send(new GetObjectCommand(place))).ContentLength).toBe(1);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(s3.send(new GetObjectCommand(place))).rejects.toMatchObject({ name: "KMS.DisabledException" });
});

test("the bucket of a table's files is none to be lent, tagged, logged to or reached by an access point", async () => {
  const { cloud, s3, Bucket } = await world();
  const AccountId = "000000000000";
  const control = cloud.client(S3ControlClient);
  const point = new CreateAccessPointCommand({ AccountId, Name: "reports", Bucket });
  await expect(control.send(point)).rejects.toMatchObject({ name: "InvalidRequest" });
  const tag = new TagResourceCommand({
    AccountId,
    ResourceArn: `arn:aws:s3:::${Bucket}`,
    Tags: [{ Key: "a", Value: "b" }],
  });
  await expect(control.send(tag)).rejects.toMatchObject({ name: "NoSuchResource" });
  await control.send(new CreateAccessGrantsInstanceCommand({ AccountId }));
  const lent = { LocationScope: `s3://${Bucket}/`, IAMRoleArn: `arn:aws:iam::${AccountId}:role/lent` };
  const location = new CreateAccessGrantsLocationCommand({ AccountId, ...lent });
  await expect(control.send(location)).rejects.toMatchObject({ name: "InvalidAccessGrantsLocation" });
  await s3.send(new CreateBucketCommand({ Bucket: "logged" }));
  const BucketLoggingStatus = { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: "" } };
  const logging = new PutBucketLoggingCommand({ Bucket: "logged", BucketLoggingStatus });
  await expect(s3.send(logging)).rejects.toMatchObject({ name: "InvalidTargetBucketForLogging" });
});
