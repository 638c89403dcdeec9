import {
  CreateBucketCommand,
  CreateBucketMetadataConfigurationCommand,
  DeleteObjectCommand,
  GetBucketMetadataConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UpdateBucketMetadataInventoryTableConfigurationCommand,
} from "@aws-sdk/client-s3";
import { DeleteTableCommand, S3TablesClient } from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { readTable } from "../../../../test/iceberg-reader.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";
import { LISTING_ROWS_PER_FILE } from "./limits.ts";

const Bucket = "photos";
const MetadataConfiguration = {
  JournalTableConfiguration: { RecordExpiration: { Expiration: "DISABLED" } },
  InventoryTableConfiguration: { ConfigurationState: "ENABLED" },
} as const;

const name = (at: number) => `key-${String(at).padStart(5, "0")}`;

async function world() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const put = (Key: string, more: object = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "a", ...more }));
  const list = () => s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  return { cloud, s3, put, list };
}

async function inventoryOf(cloud: TestCloud) {
  const s3 = cloud.client(S3Client);
  const { GetBucketMetadataConfigurationResult } = await s3.send(new GetBucketMetadataConfigurationCommand({ Bucket }));
  const { TableArn, TableStatus } =
    GetBucketMetadataConfigurationResult?.MetadataConfigurationResult?.InventoryTableConfigurationResult ?? {};
  return { TableArn, TableStatus };
}

const rowsOf = async (cloud: TestCloud) => (await readTable(cloud, (await inventoryOf(cloud)).TableArn)).rows;
const keysOf = async (cloud: TestCloud) => (await rowsOf(cloud)).map((row) => row["key"]);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html (TableStatus)
test("the inventory begins with what is in the bucket", async () => {
  const { cloud, put, list } = await world();
  await put("a.jpg", { Metadata: { colour: "black" }, Tagging: "kind=cat" });
  await put("b.jpg");
  await list();
  expect((await inventoryOf(cloud)).TableStatus).toBe("CREATING");
  await cloud.clock.advance(60);
  expect((await inventoryOf(cloud)).TableStatus).toBe("ACTIVE");
  const rows = await rowsOf(cloud);
  expect(rows).toMatchObject([
    {
      bucket: Bucket,
      key: "a.jpg",
      is_delete_marker: false,
      size: 1n,
      storage_class: "STANDARD",
      encryption_status: "SSE-S3",
      object_tags: { kind: "cat" },
      user_metadata: { colour: "black" },
    },
    { key: "b.jpg", object_tags: {} },
  ]);
});

test("within an hour the inventory has what changed", async () => {
  const { cloud, s3, put, list } = await world();
  await put("a");
  await put("b");
  await list();
  await cloud.clock.advance(60);
  await put("c");
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await s3.send(
    new PutObjectTaggingCommand({ Bucket, Key: "b", Tagging: { TagSet: [{ Key: "kind", Value: "cat" }] } }),
  );
  await cloud.clock.advance(3600);
  expect(await rowsOf(cloud)).toMatchObject([{ key: "b", object_tags: { kind: "cat" } }, { key: "c" }]);
});

test("versions and delete markers are in the inventory as well", async () => {
  const { cloud, s3, put, list } = await world();
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await put("a");
  await put("a");
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await list();
  await cloud.clock.advance(60);
  const rows = await rowsOf(cloud);
  expect(rows.map((row) => row["is_delete_marker"])).toEqual([true, false, false]);
  expect(new Set(rows.map((row) => row["version_id"])).size).toBe(3);
});

test("a bucket with more rows than a file takes has several, and a change writes one of them", async () => {
  const { cloud, put, list } = await world();
  const count = LISTING_ROWS_PER_FILE + 20;
  for (let at = 0; at < count; at++) await put(name(at));
  await list();
  await cloud.clock.advance(60);
  const { TableArn } = await inventoryOf(cloud);
  const first = await readTable(cloud, TableArn);
  expect([first.rows.length, first.files.length]).toEqual([count, 2]);
  await put(name(count));
  await cloud.clock.advance(3600);
  const second = await readTable(cloud, TableArn);
  expect(second.rows).toHaveLength(count + 1);
  expect(second.files).toHaveLength(2);
  expect(second.files.filter((file) => first.files.includes(file))).toHaveLength(1);
});

test("a bucket that is emptied has an inventory without rows", async () => {
  const { cloud, s3, put, list } = await world();
  await put("a");
  await list();
  await cloud.clock.advance(60);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await cloud.clock.advance(3600);
  expect(await keysOf(cloud)).toEqual([]);
});

test("an inventory whose table was deleted begins anew, with nothing of what the other one had", async () => {
  const { cloud, s3, put, list } = await world();
  const count = LISTING_ROWS_PER_FILE + 20;
  for (let at = 0; at < count; at++) await put(name(at));
  await list();
  await cloud.clock.advance(60);
  const { TableArn = "" } = await inventoryOf(cloud);
  const [tableBucketARN] = TableArn.split("/table/");
  const table = { tableBucketARN, namespace: `b_${Bucket}`, name: "inventory" };
  await cloud.client(S3TablesClient).send(new DeleteTableCommand(table));
  await put(name(0));
  await cloud.clock.advance(3600);
  expect((await inventoryOf(cloud)).TableStatus).toBe("FAILED");
  const InventoryTableConfiguration = { ConfigurationState: "ENABLED" } as const;
  await s3.send(new UpdateBucketMetadataInventoryTableConfigurationCommand({ Bucket, InventoryTableConfiguration }));
  await cloud.clock.advance(60);
  expect(await keysOf(cloud)).toEqual(Array.from({ length: count }, (_none, at) => name(at)));
});
