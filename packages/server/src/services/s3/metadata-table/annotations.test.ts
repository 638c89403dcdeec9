import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  CreateBucketMetadataConfigurationCommand,
  DeleteObjectAnnotationCommand,
  DeleteObjectCommand,
  GetBucketMetadataConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectAnnotationCommand,
  PutObjectCommand,
  S3Client,
  UpdateBucketMetadataAnnotationTableConfigurationCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { readTable } from "../../../../test/iceberg-reader.ts";
import { makeRole, makeUser, type Rights } from "../../../../test/identities.ts";
import { replicated, TARGET_REGION } from "../../../../test/replicated-world.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

const Bucket = "photos";
const JournalTableConfiguration = { RecordExpiration: { Expiration: "DISABLED" } } as const;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html#annotation-table-iam-role-section */
const READING = ["s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation"];
const LISTING = ["s3:ListBucket", "s3:ListBucketVersions"];
const RIGHTS = [...READING, ...LISTING, "kms:Decrypt"];
const trusting = (bucket: string) => ({
  principal: { Service: "metadata.s3.amazonaws.com" },
  trustCondition: {
    StringEquals: { "aws:SourceAccount": "000000000000" },
    ArnLike: { "aws:SourceArn": `arn:aws:s3:::${bucket}` },
  },
});

async function world({ allow = RIGHTS, trusts = Bucket }: { readonly allow?: Rights; readonly trusts?: string } = {}) {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Role = await makeRole(cloud, "reader", { ...trusting(trusts), allow });
  const put = (Key: string, more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: "a", ...more }));
  const say = (Key: string, AnnotationName: string, AnnotationPayload: string) =>
    s3.send(new PutObjectAnnotationCommand({ Bucket, Key, AnnotationName, AnnotationPayload }));
  const enable = () => {
    const AnnotationTableConfiguration = { ConfigurationState: "ENABLED" as const, Role };
    const MetadataConfiguration = { JournalTableConfiguration, AnnotationTableConfiguration };
    return s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  };
  return { cloud, s3, put, say, enable, Role };
}

const shown = (cloud: TestCloud) => shownOf(cloud.client(S3Client), Bucket);

async function shownOf(s3: S3Client, name: string) {
  const get = new GetBucketMetadataConfigurationCommand({ Bucket: name });
  const { GetBucketMetadataConfigurationResult } = await s3.send(get);
  return GetBucketMetadataConfigurationResult?.MetadataConfigurationResult?.AnnotationTableConfigurationResult;
}

const tableOf = async (cloud: TestCloud) => readTable(cloud, (await shown(cloud))?.TableArn);
const textsOf = async (cloud: TestCloud) =>
  (await tableOf(cloud)).rows.map((row) => [row["object_key"], row["name"], row["text_value"]]);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-annotation-schema.html
test("the table begins with the annotations that are there", async () => {
  const { cloud, put, say, enable, Role } = await world();
  await put("a.jpg");
  await put("b.jpg");
  const { ETag } = await say("a.jpg", "caption", "Zwei Kätzchen");
  await say("a.jpg", "rating", "5");
  await enable();
  expect(await shown(cloud)).toMatchObject({
    ConfigurationState: "ENABLED",
    TableStatus: "CREATING",
    TableName: "annotation",
    Role,
  });
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.TableStatus).toBe("ACTIVE");
  const { rows } = await tableOf(cloud);
  expect(rows).toMatchObject([
    {
      bucket: Bucket,
      object_key: "a.jpg",
      object_join_key: expect.any(String),
      name: "caption",
      sequence_number: expect.any(String),
      last_modified_date: expect.any(Date),
      size: 14n,
      e_tag: ETag?.replaceAll('"', ""),
      checksum_algorithm: "CRC32",
      text_value: "Zwei Kätzchen",
    },
    { object_key: "a.jpg", object_join_key: rows[0]?.["object_join_key"], name: "rating", text_value: "5" },
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html (within one hour)
test("within an hour the table has what changed", async () => {
  const { cloud, s3, put, say, enable } = await world();
  for (const Key of ["a", "b", "c"]) {
    await put(Key);
    await say(Key, "caption", "before");
    await say(Key, "rating", "1");
  }
  await enable();
  await cloud.clock.advance(60);
  await say("a", "caption", "after");
  await s3.send(new DeleteObjectAnnotationCommand({ Bucket, Key: "a", AnnotationName: "rating" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "b" }));
  await put("c");
  await cloud.clock.advance(3600);
  expect(await textsOf(cloud)).toEqual([["a", "caption", "after"]]);
});

test("each version has its annotations, and a key of its own to join them by", async () => {
  const { cloud, s3, put, say, enable } = await world();
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const versions = [];
  for (const text of ["first", "second"]) {
    versions.unshift((await put("a")).VersionId);
    await say("a", "caption", text);
  }
  await enable();
  await cloud.clock.advance(60);
  const { rows } = await tableOf(cloud);
  expect(rows.map((row) => row["text_value"])).toEqual(["second", "first"]);
  expect(rows.map((row) => row["object_version_id"])).toEqual(versions);
  expect(new Set(rows.map((row) => row["object_join_key"])).size).toBe(2);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html#annotation-table-iam-role-section (GetObjectAnnotation)
test("what the role may not read is not in the table", async () => {
  const Statement = [
    { Effect: "Allow", Action: RIGHTS, Resource: "*" },
    { Effect: "Deny", Action: READING, Resource: `arn:aws:s3:::${Bucket}/secret/*` },
  ];
  const { cloud, put, say, enable } = await world({ allow: { Statement } });
  for (const Key of ["open/a", "secret/a"]) {
    await put(Key);
    await say(Key, "caption", Key);
  }
  await enable();
  await cloud.clock.advance(60);
  expect(await textsOf(cloud)).toEqual([["open/a", "caption", "open/a"]]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html#annotation-table-iam-role-section (kms:Decrypt)
test.each([
  ["may", RIGHTS, 1],
  ["may not", [...READING, ...LISTING], 0],
])("the role reads annotations under a key that it %s use", async (_may, allow, count) => {
  const { cloud, put, say, enable } = await world({ allow });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  await put("a", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KeyMetadata?.Arn });
  await say("a", "caption", "sealed");
  await enable();
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.TableStatus).toBe("ACTIVE");
  expect(await textsOf(cloud)).toHaveLength(count);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataAnnotationTableConfiguration.html (Trust policy, Permissions policy)
test.each([
  ["trusts S3 Metadata for another bucket alone", { trusts: "elsewhere" }],
  ["may not list the bucket", { allow: READING }],
])("a table whose role %s has failed", async (_why, facts) => {
  const { cloud, put, say, enable } = await world(facts);
  await put("a");
  await say("a", "caption", "unread");
  await enable();
  await cloud.clock.advance(60);
  expect(await shown(cloud)).toMatchObject({ TableStatus: "FAILED", Error: { ErrorCode: expect.any(String) } });
});

/** Has a bucket whose configuration has a journal alone. */
async function journalled() {
  const made = await world();
  const MetadataConfiguration = { JournalTableConfiguration };
  await made.s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  const update = (ConfigurationState: "ENABLED" | "DISABLED", Role?: string, s3 = made.s3) => {
    const AnnotationTableConfiguration = { ConfigurationState, Role };
    return s3.send(
      new UpdateBucketMetadataAnnotationTableConfigurationCommand({ Bucket, AnnotationTableConfiguration }),
    );
  };
  return { ...made, update };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html
test("a table that is disabled stays as it is, and has to be deleted before there is another", async () => {
  const { cloud, put, say, update, Role } = await journalled();
  expect(await shown(cloud)).toBeUndefined();
  await put("a");
  await say("a", "caption", "kept");
  await update("ENABLED", Role);
  await cloud.clock.advance(60);
  const { TableArn } = (await shown(cloud)) ?? {};
  await update("DISABLED");
  expect(await shown(cloud)).toEqual({ ConfigurationState: "DISABLED", Role });
  await say("a", "caption", "unheard");
  await cloud.clock.advance(3600);
  expect((await readTable(cloud, TableArn)).rows).toMatchObject([{ text_value: "kept" }]);
  await update("ENABLED");
  expect(await shown(cloud)).toMatchObject({ TableStatus: "FAILED", Error: { ErrorCode: "TableAlreadyExists" } });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateBucketMetadataAnnotationTableConfiguration.html (iam:PassRole)
test("who names the role needs the right to hand it on", async () => {
  const { cloud, update, Role } = await journalled();
  const denied = { name: "AccessDenied" };
  const rights = ["s3:UpdateBucketMetadataAnnotationTableConfiguration", "s3tables:*"];
  const ann = cloud.client(S3Client, await makeUser(cloud, "ann", { allow: rights }));
  await expect(update("ENABLED", Role, ann)).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining("iam:PassRole"),
  });
  const bob = cloud.client(S3Client, await makeUser(cloud, "bob", { allow: ["iam:PassRole", "s3tables:*"] }));
  await expect(update("ENABLED", Role, bob)).rejects.toMatchObject(denied);
  const eve = cloud.client(S3Client, await makeUser(cloud, "eve", { allow: [...rights, "iam:PassRole"] }));
  await update("ENABLED", Role, eve);
  await update("DISABLED", undefined, ann);
});

test("a table that is enabled for the first time needs a role, and may get another", async () => {
  const { cloud, update, Role } = await journalled();
  await expect(update("ENABLED")).rejects.toMatchObject({ name: "InvalidArgument" });
  await update("ENABLED", Role);
  const other = await makeRole(cloud, "other", { ...trusting(Bucket), allow: RIGHTS });
  await update("ENABLED", other);
  await cloud.clock.advance(60);
  expect(await shown(cloud)).toMatchObject({ TableStatus: "ACTIVE", Role: other });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-annotation-schema.html (replication_status)
test("the table says of annotations how their copies are, and has what a copy got later", async () => {
  const rights = [{ Effect: "Allow", Action: "s3:*", Resource: "*" }];
  const { cloud, s3, there } = await replicated({ rights });
  const sides = [
    { client: s3, bucket: "photos", region: "us-east-1" },
    { client: there, bucket: "copies", region: TARGET_REGION },
  ];
  const say = (AnnotationPayload: string) =>
    s3.send(new PutObjectAnnotationCommand({ Bucket, Key: "a", AnnotationName: "caption", AnnotationPayload }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await say("before");
  for (const { client, bucket } of sides) {
    const Role = await makeRole(cloud, `reader-of-${bucket}`, { ...trusting(bucket), allow: RIGHTS });
    const AnnotationTableConfiguration = { ConfigurationState: "ENABLED" as const, Role };
    const MetadataConfiguration = { JournalTableConfiguration, AnnotationTableConfiguration };
    await client.send(new CreateBucketMetadataConfigurationCommand({ Bucket: bucket, MetadataConfiguration }));
  }
  await cloud.clock.advance(60);
  await say("between");
  // half a second before the table is written anew, and so before there is a copy
  await cloud.clock.advance(1799.5);
  await say("after");
  await cloud.clock.advance(3600);
  const said = [];
  for (const { client, bucket, region } of sides) {
    const { rows } = await readTable(cloud, (await shownOf(client, bucket))?.TableArn, region);
    said.push(rows.map((row) => [row["text_value"], row["replication_status"]]));
  }
  expect(said).toEqual([[["after", "COMPLETED"]], [["after", "REPLICA"]]]);
});

test("long texts are in several files", async () => {
  const { cloud, put, say, enable } = await world();
  await put("a");
  const count = 9;
  for (let at = 0; at < count; at++) await say("a", `part-${at}`, "x".repeat(1024 * 1024));
  await enable();
  await cloud.clock.advance(60);
  const { rows, files } = await tableOf(cloud);
  expect([rows.length, files.length]).toEqual([count, 2]);
});
