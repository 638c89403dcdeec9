import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  CreateBucketMetadataConfigurationCommand,
  CreateBucketMetadataTableConfigurationCommand,
  DeleteBucketCommand,
  DeleteBucketMetadataConfigurationCommand,
  DeleteBucketMetadataTableConfigurationCommand,
  GetBucketMetadataConfigurationCommand,
  GetBucketMetadataTableConfigurationCommand,
  PutObjectCommand,
  S3Client,
  UpdateBucketMetadataInventoryTableConfigurationCommand,
  UpdateBucketMetadataJournalTableConfigurationCommand,
  type MetadataConfiguration,
} from "@aws-sdk/client-s3";
import {
  CreateNamespaceCommand,
  CreateTableBucketCommand,
  CreateTableCommand,
  GetTableCommand,
  GetTableEncryptionCommand,
  GetTableRecordExpirationConfigurationCommand,
  ListTableBucketsCommand,
  ListTablesCommand,
  PutTablePolicyCommand,
  S3TablesClient,
  UpdateTableMetadataLocationCommand,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { readTable } from "../../../../test/iceberg-reader.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

const Bucket = "photos.of-mine";
const TABLE_BUCKET = "arn:aws:s3tables:us-east-1:000000000000:bucket/aws-s3";
const KEEPING = { JournalTableConfiguration: { RecordExpiration: { Expiration: "DISABLED" } } } as const;

const expiring = (Days: number) => ({
  JournalTableConfiguration: { RecordExpiration: { Expiration: "ENABLED" as const, Days } },
});

async function watchedWorld(MetadataConfiguration: MetadataConfiguration = KEEPING) {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  return { cloud, s3, s3tables: cloud.client(S3TablesClient) };
}

async function shown(cloud: TestCloud) {
  const s3 = cloud.client(S3Client);
  const { GetBucketMetadataConfigurationResult } = await s3.send(new GetBucketMetadataConfigurationCommand({ Bucket }));
  return GetBucketMetadataConfigurationResult?.MetadataConfigurationResult;
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-overview.html#metadata-tables-how-they-work
test("a configuration makes a journal in the table bucket that S3 manages", async () => {
  const { cloud, s3tables } = await watchedWorld();
  const before = await shown(cloud);
  expect(before).toMatchObject({
    DestinationResult: { TableBucketType: "aws", TableBucketArn: TABLE_BUCKET, TableNamespace: "b_photos_of-mine" },
    JournalTableConfigurationResult: {
      TableStatus: "CREATING",
      TableName: "journal",
      RecordExpiration: { Expiration: "DISABLED" },
    },
    InventoryTableConfigurationResult: { ConfigurationState: "DISABLED" },
  });
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.JournalTableConfigurationResult?.TableStatus).toBe("ACTIVE");
  const { tableBuckets = [] } = await s3tables.send(new ListTableBucketsCommand({ type: "aws" }));
  expect(tableBuckets.map(({ name, type }) => [name, type])).toEqual([["aws-s3", "aws"]]);
  const { tables = [] } = await s3tables.send(new ListTablesCommand({ tableBucketARN: TABLE_BUCKET }));
  expect(tables).toMatchObject([
    { name: "journal", namespace: ["b_photos_of-mine"], type: "aws", managedByService: "metadata.s3.amazonaws.com" },
  ]);
  const { TableArn } = before?.JournalTableConfigurationResult ?? {};
  expect((await readTable(cloud, TableArn)).rows).toEqual([]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-aws-managed-buckets.html
test("what S3 manages its users may read, and not write", async () => {
  const { cloud, s3, s3tables } = await watchedWorld();
  await cloud.clock.advance(60);
  const table = { tableBucketARN: TABLE_BUCKET, namespace: "b_photos_of-mine", name: "journal" };
  const {
    versionToken,
    metadataLocation = "",
    warehouseLocation = "",
  } = await s3tables.send(new GetTableCommand(table));
  const forbidden = { name: "ForbiddenException", $metadata: { httpStatusCode: 403 } };
  const committing = new UpdateTableMetadataLocationCommand({ ...table, versionToken, metadataLocation });
  await expect(s3tables.send(committing)).rejects.toMatchObject(forbidden);
  const making = new CreateTableCommand({ ...table, name: "mine", format: "ICEBERG" });
  await expect(s3tables.send(making)).rejects.toMatchObject(forbidden);
  const naming = new CreateNamespaceCommand({ tableBucketARN: TABLE_BUCKET, namespace: ["mine"] });
  await expect(s3tables.send(naming)).rejects.toMatchObject(forbidden);
  const writing = new PutObjectCommand({ Bucket: warehouseLocation.replace("s3://", ""), Key: "data/a", Body: "a" });
  await expect(s3.send(writing)).rejects.toMatchObject({ name: "AccessDenied" });
});

test("a bucket has one configuration, until it is deleted; the tables stay", async () => {
  const { cloud, s3, s3tables } = await watchedWorld();
  const again = s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration: KEEPING }));
  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  await s3.send(new DeleteBucketMetadataConfigurationCommand({ Bucket }));
  await expect(shown(cloud)).rejects.toMatchObject({
    name: "MetadataConfigurationNotFound",
    $metadata: { httpStatusCode: 404 },
  });
  expect((await s3tables.send(new ListTablesCommand({ tableBucketARN: TABLE_BUCKET }))).tables).toHaveLength(1);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html (TableAlreadyExists)
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration: KEEPING }));
  expect((await shown(cloud))?.JournalTableConfigurationResult).toMatchObject({
    TableStatus: "FAILED",
    Error: { ErrorCode: "TableAlreadyExists" },
  });
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html (AccessDeniedCreatingResources)
test("who may not make tables has a configuration whose journal failed", async () => {
  const cloud = await testCloud();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket }));
  const user = await makeUser(cloud, "watcher", { allow: ["s3:*", "s3tables:CreateTableBucket"] });
  const s3 = cloud.client(S3Client, user);
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration: KEEPING }));
  expect((await shown(cloud))?.JournalTableConfigurationResult).toMatchObject({
    TableStatus: "FAILED",
    Error: { ErrorCode: "AccessDeniedCreatingResources" },
  });
  const stranger = cloud.client(S3Client, await makeUser(cloud, "stranger", { allow: ["s3:PutObject"] }));
  const asking = stranger.send(new GetBucketMetadataConfigurationCommand({ Bucket }));
  await expect(asking).rejects.toMatchObject({ name: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html (the permissions that are needed at least)
test("with the rights that are documented, the tables are made", async () => {
  const cloud = await testCloud();
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket }));
  const tableRights = ["CreateTableBucket", "CreateNamespace", "CreateTable", "GetTable", "PutTablePolicy"];
  const allow = ["s3:CreateBucketMetadataTableConfiguration", ...tableRights.map((name) => `s3tables:${name}`)];
  const s3 = cloud.client(S3Client, await makeUser(cloud, "watcher", { allow }));
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration: KEEPING }));
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.JournalTableConfigurationResult?.TableStatus).toBe("ACTIVE");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ErrorDetails.html (AccessDeniedWritingToTable)
test("a table whose policy does not let S3 write it any more has failed", async () => {
  const { cloud, s3, s3tables } = await watchedWorld();
  await cloud.clock.advance(60);
  const table = { tableBucketARN: TABLE_BUCKET, namespace: "b_photos_of-mine", name: "journal" };
  const { tableARN: Resource } = await s3tables.send(new GetTableCommand(table));
  const Statement = [{ Effect: "Deny", Principal: "*", Action: "s3tables:PutTableData", Resource }];
  const resourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3tables.send(new PutTablePolicyCommand({ ...table, resourcePolicy }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.JournalTableConfigurationResult).toMatchObject({
    TableStatus: "FAILED",
    Error: { ErrorCode: "AccessDeniedWritingToTable" },
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html
test("records are kept for seven days at least, as the table itself says", async () => {
  await expect(watchedWorld(expiring(6))).rejects.toMatchObject({ name: "InvalidArgument" });
  const { cloud, s3, s3tables } = await watchedWorld(expiring(7));
  const { RecordExpiration, TableArn: tableArn } = (await shown(cloud))?.JournalTableConfigurationResult ?? {};
  expect(RecordExpiration).toEqual({ Expiration: "ENABLED", Days: 7 });
  const kept = new GetTableRecordExpirationConfigurationCommand({ tableArn });
  expect((await s3tables.send(kept)).configuration).toEqual({ status: "enabled", settings: { days: 7 } });
  const JournalTableConfiguration = expiring(30).JournalTableConfiguration;
  await s3.send(new UpdateBucketMetadataJournalTableConfigurationCommand({ Bucket, JournalTableConfiguration }));
  expect((await s3tables.send(kept)).configuration).toEqual({ status: "enabled", settings: { days: 30 } });
});

test("the inventory is enabled and disabled later", async () => {
  const { cloud, s3 } = await watchedWorld();
  const put = (ConfigurationState: "ENABLED" | "DISABLED") =>
    s3.send(
      new UpdateBucketMetadataInventoryTableConfigurationCommand({
        Bucket,
        InventoryTableConfiguration: { ConfigurationState },
      }),
    );
  await put("ENABLED");
  expect((await shown(cloud))?.InventoryTableConfigurationResult).toMatchObject({
    ConfigurationState: "ENABLED",
    TableStatus: "CREATING",
    TableName: "inventory",
  });
  await cloud.clock.advance(60);
  expect((await shown(cloud))?.InventoryTableConfigurationResult?.TableStatus).toBe("ACTIVE");
  await put("DISABLED");
  expect((await shown(cloud))?.InventoryTableConfigurationResult).toEqual({ ConfigurationState: "DISABLED" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataTableConfiguration.html
test("a configuration of the first version has its table in a table bucket of its owner's", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { arn: TableBucketArn } = await cloud
    .client(S3TablesClient)
    .send(new CreateTableBucketCommand({ name: "ledger" }));
  const of = (S3TablesDestination: { TableBucketArn: string | undefined; TableName: string }) =>
    s3.send(
      new CreateBucketMetadataTableConfigurationCommand({
        Bucket,
        MetadataTableConfiguration: { S3TablesDestination },
      }),
    );
  const elsewhere = of({ TableBucketArn: "arn:aws:s3tables:us-east-1:111111111111:bucket/ledger", TableName: "mine" });
  await expect(elsewhere).rejects.toMatchObject({ name: "InvalidArgument" });
  await of({ TableBucketArn, TableName: "photos" });
  const get = new GetBucketMetadataTableConfigurationCommand({ Bucket });
  const { GetBucketMetadataTableConfigurationResult: first } = await s3.send(get);
  expect(first).toMatchObject({
    MetadataTableConfigurationResult: {
      S3TablesDestinationResult: { TableBucketArn, TableName: "photos", TableNamespace: "aws_s3_metadata" },
    },
    Status: "CREATING",
  });
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await cloud.clock.advance(120);
  const { TableArn } = first?.MetadataTableConfigurationResult?.S3TablesDestinationResult ?? {};
  expect((await readTable(cloud, TableArn)).rows).toMatchObject([{ key: "a", record_type: "CREATE" }]);
  expect((await shown(cloud))?.DestinationResult?.TableBucketType).toBe("customer");
  await s3.send(new DeleteBucketMetadataTableConfigurationCommand({ Bucket }));
  await expect(s3.send(get)).rejects.toMatchObject({ name: "MetadataConfigurationNotFound" });
});

test("a configuration of the second version is none to the operations of the first", async () => {
  const { s3 } = await watchedWorld();
  const refused = { name: "MethodNotAllowed", $metadata: { httpStatusCode: 405 } };
  await expect(s3.send(new GetBucketMetadataTableConfigurationCommand({ Bucket }))).rejects.toMatchObject(refused);
  await expect(s3.send(new DeleteBucketMetadataTableConfigurationCommand({ Bucket }))).rejects.toMatchObject(refused);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html (the key's policy lets metadata.s3.amazonaws.com use it)
test.each([
  ["a key that S3 may use is written", ["metadata.s3.amazonaws.com"], "ACTIVE"],
  ["a key that S3 may not use has failed", [], "FAILED"],
])("a journal under %s", async (_what, services, TableStatus) => {
  const cloud = await testCloud();
  const root = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "kms:*", Resource: "*" };
  const use = ["kms:GenerateDataKey", "kms:Decrypt"];
  const more = services.map((Service) => ({ Effect: "Allow", Principal: { Service }, Action: use, Resource: "*" }));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [root, ...more] });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({ Policy }));
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const EncryptionConfiguration = { SseAlgorithm: "aws:kms" as const, KmsKeyArn: KeyMetadata?.Arn };
  const JournalTableConfiguration = { ...KEEPING.JournalTableConfiguration, EncryptionConfiguration };
  const MetadataConfiguration = { JournalTableConfiguration };
  await s3.send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "a" }));
  await cloud.clock.advance(60);
  const { TableArn, TableStatus: found } = (await shown(cloud))?.JournalTableConfigurationResult ?? {};
  expect(found).toBe(TableStatus);
  const { encryptionConfiguration } = await cloud
    .client(S3TablesClient)
    .send(
      new GetTableEncryptionCommand({ tableBucketARN: TABLE_BUCKET, namespace: "b_photos_of-mine", name: "journal" }),
    );
  expect(encryptionConfiguration).toEqual({ sseAlgorithm: "aws:kms", kmsKeyArn: KeyMetadata?.Arn });
  const rows = found === "ACTIVE" ? (await readTable(cloud, TableArn)).rows : [];
  expect(rows).toHaveLength(services.length);
});
