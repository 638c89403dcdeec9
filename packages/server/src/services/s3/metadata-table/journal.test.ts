import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  CreateBucketMetadataConfigurationCommand,
  DeleteObjectCommand,
  GetBucketMetadataConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UpdateObjectEncryptionCommand,
} from "@aws-sdk/client-s3";
import { GetTableRecordExpirationJobStatusCommand, S3TablesClient } from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { readTable } from "../../../../test/iceberg-reader.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

const Bucket = "photos";

async function journalled(Days?: number) {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const RecordExpiration =
    Days === undefined ? { Expiration: "DISABLED" as const } : { Expiration: "ENABLED" as const, Days };
  const MetadataConfiguration = { JournalTableConfiguration: { RecordExpiration } };
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  return { cloud, s3 };
}

async function shownJournal(cloud: TestCloud, region = "us-east-1") {
  const s3 = cloud.client(S3Client, undefined, { region });
  const { GetBucketMetadataConfigurationResult } = await s3.send(new GetBucketMetadataConfigurationCommand({ Bucket }));
  return (
    GetBucketMetadataConfigurationResult?.MetadataConfigurationResult?.JournalTableConfigurationResult ?? {
      TableArn: undefined,
    }
  );
}

const journalOf = async (cloud: TestCloud) => readTable(cloud, (await shownJournal(cloud)).TableArn);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-schema.html
test("the journal has a record of each change, of what the object then was and who changed it", async () => {
  const { cloud, s3 } = await journalled();
  const put = { Bucket, Key: "cats/tama.jpg", Body: "meow", Metadata: { colour: "black" }, Tagging: "kind=cat" };
  await s3.send(new PutObjectCommand({ ...put, StorageClass: "STANDARD_IA" }));
  const tagging = { Bucket, Key: put.Key, Tagging: { TagSet: [{ Key: "kind", Value: "kitten" }] } };
  await s3.send(new PutObjectTaggingCommand(tagging));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: put.Key }));
  await cloud.clock.advance(60);
  const { rows } = await journalOf(cloud);
  const sorted = rows.toSorted((one, other) =>
    String(one["sequence_number"]) < String(other["sequence_number"]) ? -1 : 1,
  );
  expect(sorted.map((row) => row["record_type"])).toEqual(["CREATE", "UPDATE_METADATA", "DELETE"]);
  const [created, tagged, deleted] = sorted;
  expect(created).toMatchObject({
    bucket: Bucket,
    key: "cats/tama.jpg",
    is_delete_marker: false,
    size: 4n,
    e_tag: "4a4be40c96ac6314e91d93f38043a634",
    storage_class: "STANDARD_IA",
    is_multipart: false,
    encryption_status: "SSE-S3",
    is_bucket_key_enabled: false,
    kms_key_arn: null,
    object_tags: { kind: "cat" },
    user_metadata: { colour: "black" },
    requester: "000000000000",
    source_ip_address: "127.0.0.1",
  });
  expect(created?.["request_id"]).toEqual(expect.any(String));
  expect(Math.abs(Number(created?.["record_timestamp"]) - cloud.clock.now().getTime())).toBeLessThan(120_000);
  expect(tagged).toMatchObject({ object_tags: { kind: "kitten" }, size: 4n });
  // a deletion for good is of no object any more
  expect(deleted).toMatchObject({ is_delete_marker: null, size: null, e_tag: null });
});

test("a delete marker is a deletion that says that it is one", async () => {
  const { cloud, s3 } = await journalled();
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId }));
  await cloud.clock.advance(60);
  const { rows } = await journalOf(cloud);
  const found = (type: string) => rows.filter((row) => row["record_type"] === type);
  expect(found("CREATE")).toMatchObject([{ version_id: VersionId }]);
  const deletions = [
    { version_id: marker.VersionId, is_delete_marker: true },
    { version_id: VersionId, is_delete_marker: null },
  ];
  expect(found("DELETE")).toHaveLength(2);
  expect(found("DELETE")).toEqual(expect.arrayContaining(deletions.map((each) => expect.objectContaining(each))));
});

test("each minute in which something changed adds a file and a snapshot, and others add none", async () => {
  const { cloud, s3 } = await journalled();
  await cloud.clock.advance(60);
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await cloud.clock.advance(60);
  await cloud.clock.advance(600);
  const once = await journalOf(cloud);
  expect([once.files.length, once.metadata.snapshots.length]).toEqual([1, 1]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "b" }));
  await cloud.clock.advance(60);
  const twice = await journalOf(cloud);
  expect([twice.files.length, twice.metadata.snapshots.length]).toEqual([2, 2]);
  expect(twice.rows.map((row) => row["key"])).toEqual(["a", "b"]);
  expect(twice.metadata.snapshots.at(-1)?.summary).toMatchObject({
    operation: "append",
    "added-records": "1",
    "total-records": "2",
    "total-data-files": "2",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-restrictions.html (a minimum of 1 snapshot for a maximum of 24 hours)
test("snapshots are kept for a day, and manifests are merged before there are many", async () => {
  const { cloud, s3 } = await journalled();
  for (let written = 0; written < 40; written++) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `key-${written}`, Body: "a" }));
    await cloud.clock.advance(3600);
  }
  const { rows, files, metadata, manifests } = await journalOf(cloud);
  expect(new Set(rows.map((row) => row["key"])).size).toBe(40);
  expect(files).toHaveLength(40);
  expect(metadata.snapshots.length).toBeLessThanOrEqual(25);
  expect(manifests).toBeLessThan(32);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-expire-journal-table-records.html
test("records expire after their days, and the others stay", async () => {
  const { cloud, s3 } = await journalled(7);
  await s3.send(new PutObjectCommand({ Bucket, Key: "old", Body: "a" }));
  await cloud.clock.advance(4 * 86_400);
  await s3.send(new PutObjectCommand({ Bucket, Key: "new", Body: "a" }));
  await cloud.clock.advance(86_400);
  expect((await journalOf(cloud)).rows.map((row) => row["key"])).toEqual(["old", "new"]);
  await cloud.clock.advance(3.5 * 86_400);
  expect((await journalOf(cloud)).rows.map((row) => row["key"])).toEqual(["new"]);
  const { TableArn: tableArn } = await shownJournal(cloud);
  const run = await cloud.client(S3TablesClient).send(new GetTableRecordExpirationJobStatusCommand({ tableArn }));
  expect(run).toMatchObject({ status: "Successful", metrics: { deletedDataFiles: 1, deletedRecords: 1 } });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-schema.html (UPDATE_METADATA)
test("an object that is encrypted with another key has a record of that", async () => {
  const { cloud, s3 } = await journalled();
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  const ObjectEncryption = { SSEKMS: { KMSKeyArn: KeyMetadata?.Arn } };
  await s3.send(new UpdateObjectEncryptionCommand({ Bucket, Key: "a", ObjectEncryption }));
  await cloud.clock.advance(60);
  const { rows } = await journalOf(cloud);
  expect(rows.find((row) => row["record_type"] === "UPDATE_METADATA")).toMatchObject({
    encryption_status: "SSE-KMS",
    kms_key_arn: KeyMetadata?.Arn,
  });
});

test("who writes from another account has a record with that account", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, undefined, { region: "eu-west-1" });
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }));
  const MetadataConfiguration = {
    JournalTableConfiguration: { RecordExpiration: { Expiration: "DISABLED" as const } },
  };
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  await cloud.clock.advance(120);
  const guest = await makeUser(cloud, "guest", { account: "111111111111", allow: ["s3:PutObject"] });
  const Statement = [
    { Effect: "Allow", Principal: { AWS: guest.arn }, Action: "s3:PutObject", Resource: `arn:aws:s3:::${Bucket}/*` },
  ];
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }));
  const theirs = cloud.client(S3Client, guest, { region: "eu-west-1" });
  await theirs.send(new PutObjectCommand({ Bucket, Key: "theirs", Body: "a" }));
  await cloud.clock.advance(60);
  const { TableArn } = await shownJournal(cloud, "eu-west-1");
  expect((await readTable(cloud, TableArn, "eu-west-1")).rows).toMatchObject([
    { key: "theirs", requester: "111111111111" },
  ]);
});
