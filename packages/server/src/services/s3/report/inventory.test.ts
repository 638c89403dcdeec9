import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketInventoryConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  type InventoryConfiguration,
} from "@aws-sdk/client-s3";
import { parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { readOrc } from "../../../../test/orc-reader.ts";
import { ACCOUNT, policyOf, s3World, type S3World } from "../../../../test/s3-world.ts";

const DAY_S = 86_400;

/** What AWS has people put on the bucket. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-s3-inventory-1 */
const policy = (account = ACCOUNT) =>
  policyOf({
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::lists/*",
    Condition: {
      ArnLike: { "aws:SourceArn": "arn:aws:s3:::photos" },
      StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
    },
  });

async function withInventory(more: Partial<InventoryConfiguration>, document = policy()): Promise<S3World> {
  const world = await s3World();
  const { s3, bucket: Bucket } = world;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new CreateBucketCommand({ Bucket: "lists" }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: "lists", Policy: document }));
  const InventoryConfiguration: InventoryConfiguration = {
    Id: "nightly",
    IsEnabled: true,
    IncludedObjectVersions: "Current",
    Destination: { S3BucketDestination: { Bucket: "arn:aws:s3:::lists", Format: "CSV", Prefix: "inv" } },
    Schedule: { Frequency: "Daily" },
    ...more,
  };
  await s3.send(new PutBucketInventoryConfigurationCommand({ Bucket, Id: "nightly", InventoryConfiguration }));
  return world;
}

async function filesOf({ s3 }: S3World): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "lists" }));
  return Contents.map(({ Key = "" }) => Key);
}

async function read({ s3 }: S3World, Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "lists", Key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function linesOf(world: S3World): Promise<readonly string[]> {
  const [key = ""] = (await filesOf(world)).filter((file) => file.endsWith(".csv.gz"));
  return gunzipSync(await read(world, key))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

test("a list of the current objects is there the next morning, with its manifest", async () => {
  const world = await withInventory({ OptionalFields: ["ETag", "Size", "EncryptionStatus", "StorageClass"] });
  await world.put("b c/é.txt", "12");
  await world.put("a", "1");
  await world.cloud.clock.advance(DAY_S);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
  const files = await filesOf(world);
  expect(files).toEqual([
    expect.stringMatching(/^inv\/photos\/nightly\/\d{4}-\d\d-\d\dT00-00Z\/manifest\.checksum$/),
    expect.stringMatching(/^inv\/photos\/nightly\/\d{4}-\d\d-\d\dT00-00Z\/manifest\.json$/),
    expect.stringMatching(/^inv\/photos\/nightly\/data\/[\da-f-]{36}\.csv\.gz$/),
    expect.stringMatching(/^inv\/photos\/nightly\/hive\/dt=\d{4}-\d\d-\d\d-00-00\/symlink\.txt$/),
  ]);
  const [checksum = "", manifest = "", data = "", symlink = ""] = await Promise.all(
    files.map((key) => read(world, key)),
  );
  expect(Buffer.from(checksum).toString()).toBe(createHash("md5").update(manifest).digest("hex"));
  expect(JSON.parse(Buffer.from(manifest).toString())).toEqual({
    sourceBucket: "photos",
    destinationBucket: "arn:aws:s3:::lists",
    version: "2016-11-30",
    creationTimestamp: expect.stringMatching(/^\d{13}$/),
    fileFormat: "CSV",
    fileSchema: "Bucket, Key, Size, ETag, StorageClass, EncryptionStatus",
    files: [{ key: files[2], size: data.length, MD5checksum: createHash("md5").update(data).digest("hex") }],
  });
  expect(Buffer.from(symlink).toString()).toBe(`s3://lists/${files[2]}`);
  expect(await linesOf(world)).toEqual([
    '"photos","a","1","c4ca4238a0b923820dcc509a6f75849b","STANDARD","SSE-S3"',
    '"photos","b%20c/%C3%A9.txt","2","c20ad4d76fe97759aa27a0c99bff6710","STANDARD","SSE-S3"',
  ]);
});

test("a list of all versions says which are the latest and which are delete markers", async () => {
  const world = await withInventory({ IncludedObjectVersions: "All", OptionalFields: ["Size"] });
  await world.put("a", "1");
  await world.put("a", "22");
  await world.s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "a" }));
  await world.cloud.clock.advance(DAY_S);
  expect(await linesOf(world)).toEqual([
    expect.stringMatching(/^"photos","a","[\w.]{32}","true","true",""$/),
    expect.stringMatching(/^"photos","a","[\w.]{32}","false","false","2"$/),
    expect.stringMatching(/^"photos","a","[\w.]{32}","false","false","1"$/),
  ]);
});

test("a list in Parquet has the same, typed", async () => {
  const Destination = { S3BucketDestination: { Bucket: "arn:aws:s3:::lists", Format: "Parquet" } } as const;
  const OptionalFields = ["Size", "LastModifiedDate", "ETag", "IsMultipartUploaded"] as const;
  const world = await withInventory({
    Destination,
    IncludedObjectVersions: "All",
    OptionalFields: [...OptionalFields],
  });
  await world.put("b c", "12");
  await world.s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "gone" }));
  await world.cloud.clock.advance(DAY_S);
  const files = await filesOf(world);
  const manifest = JSON.parse(
    Buffer.from(await read(world, files.find((key) => key.endsWith(".json")) ?? "")).toString(),
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html (Inventory list in Parquet format)
  expect(manifest).toMatchObject({
    fileFormat: "Parquet",
    fileSchema:
      "message s3.inventory { required binary bucket (UTF8); required binary key (UTF8); optional binary version_id (UTF8); optional boolean is_latest; optional boolean is_delete_marker; optional int64 size; optional int64 last_modified_date (TIMESTAMP_MILLIS); optional binary e_tag (UTF8); optional boolean is_multipart_uploaded; }",
  });
  const bytes = Uint8Array.from(await read(world, files.find((key) => key.endsWith(".parquet")) ?? ""));
  expect(await parquetReadObjects({ file: bytes.buffer })).toMatchObject([
    { bucket: "photos", key: "b c", is_latest: true, is_delete_marker: false, size: 2n, is_multipart_uploaded: false },
    { bucket: "photos", key: "gone", is_latest: true, is_delete_marker: true, last_modified_date: expect.any(Date) },
  ]);
});

test("a list in ORC has the same, typed", async () => {
  const Destination = { S3BucketDestination: { Bucket: "arn:aws:s3:::lists", Format: "ORC" } } as const;
  const OptionalFields: InventoryConfiguration["OptionalFields"] = ["Size", "LastModifiedDate", "ETag"];
  const world = await withInventory({ Destination, IncludedObjectVersions: "All", OptionalFields });
  await world.put("b c", "12");
  await world.s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "gone" }));
  await world.cloud.clock.advance(DAY_S);
  const files = await filesOf(world);
  const manifest = await read(world, files.find((key) => key.endsWith("manifest.json")) ?? "");
  const [data = ""] = files.filter((key) => key.startsWith("photos/nightly/data/"));
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html (ORC)
  expect(data).toMatch(/\.orc$/);
  expect(JSON.parse(Buffer.from(manifest).toString())).toMatchObject({
    fileFormat: "ORC",
    fileSchema:
      "struct<bucket:string,key:string,version_id:string,is_latest:boolean,is_delete_marker:boolean,size:bigint,last_modified_date:timestamp,e_tag:string>",
    files: [{ key: data }],
  });
  const { columns, rows } = readOrc(await read(world, data));
  expect(`struct<${columns.join(",")}>`).toBe(JSON.parse(Buffer.from(manifest).toString()).fileSchema);
  const both = { bucket: "photos", is_latest: true, last_modified_date: expect.any(Number) };
  expect(rows).toMatchObject([
    { ...both, key: "b c", is_delete_marker: false, size: 2, e_tag: "c20ad4d76fe97759aa27a0c99bff6710" },
    { ...both, key: "gone", is_delete_marker: true, size: undefined, e_tag: undefined },
  ]);
});

test("only keys with the prefix are listed, once a day", async () => {
  const world = await withInventory({ Filter: { Prefix: "in/" } });
  await world.put("in/a", "1");
  await world.put("out/a", "1");
  await world.cloud.clock.advance(2 * DAY_S);
  expect(await linesOf(world)).toEqual(['"photos","in/a"']);
  expect((await filesOf(world)).filter((key) => key.endsWith("manifest.json"))).toHaveLength(2);
});

test("a weekly list is made on Sundays", async () => {
  const world = await withInventory({ Schedule: { Frequency: "Weekly" } });
  await world.cloud.clock.advance(7 * DAY_S);
  const [checksum = "", ...others] = (await filesOf(world)).filter((key) => key.endsWith("manifest.checksum"));
  expect(others).toEqual([]);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html (every Sunday, UTC)
  const [day = ""] = /\d{4}-\d\d-\d\d/.exec(checksum) ?? [];
  expect(new Date(`${day}T00:00:00Z`).getUTCDay()).toBe(0);
});

test("a bucket whose policy is about another account's lists gets none", async () => {
  const world = await withInventory({}, policy("111111111111"));
  await world.put("a", "1");
  await world.cloud.clock.advance(2 * DAY_S);
  expect(await filesOf(world)).toEqual([]);
  const denied = await world.cloud.cloud.journal.find({
    limit: 10,
    matches: ({ operation, error }) => operation === "PutObject" && error !== undefined,
  });
  expect(denied.map(({ userIdentity }) => userIdentity.invokedBy)).toContain("s3.amazonaws.com");
});

test("a disabled inventory makes no lists", async () => {
  const world = await withInventory({ IsEnabled: false });
  await world.cloud.clock.advance(2 * DAY_S);
  expect(await filesOf(world)).toEqual([]);
});
