import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateNamespaceCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  GetTableEncryptionCommand,
  GetTableMaintenanceConfigurationCommand,
  GetTableMaintenanceJobStatusCommand,
  GetTableMetadataLocationCommand,
  GetTableReplicationCommand,
  GetTableStorageClassCommand,
  ListTablesCommand,
  ListTagsForResourceCommand,
  paginateListTables,
  PutTableMaintenanceConfigurationCommand,
  PutTableRecordExpirationConfigurationCommand,
  RenameTableCommand,
  S3TablesClient,
  TagResourceCommand,
  UpdateTableMetadataLocationCommand,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { ordersTable, salesBucket } from "../../../../test/tables.ts";
import { testCloud, type TestCloud } from "../../../../test/test-cloud.ts";

async function world() {
  const cloud = await testCloud();
  const tableBucketARN = await salesBucket(cloud);
  const table = { tableBucketARN, namespace: "sales", name: "orders" };
  return { cloud, s3tables: cloud.client(S3TablesClient), tableBucketARN, table };
}

const readJson = async (cloud: TestCloud, location: string): Promise<Record<string, unknown>> => {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const { Body } = await cloud.client(S3Client).send(new GetObjectCommand({ Bucket, Key }));
  return JSON.parse((await Body?.transformToString()) ?? "");
};

test("a table is made and shown by its name and by its ARN", async () => {
  const { s3tables, table } = await world();
  const made = await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  expect(made.tableARN).toMatch(/^arn:aws:s3tables:us-east-1:000000000000:bucket\/ledger\/table\/[0-9a-f-]{36}$/);
  const shown = await s3tables.send(new GetTableCommand(table));
  expect(shown).toMatchObject({
    name: "orders",
    type: "customer",
    tableARN: made.tableARN,
    namespace: ["sales"],
    versionToken: made.versionToken,
    createdBy: "000000000000",
    modifiedBy: "000000000000",
    ownerAccountId: "000000000000",
    format: "ICEBERG",
  });
  expect(shown.metadataLocation).toBeUndefined();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_GetTable.html (warehouseLocation), https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-tables.html
  expect(shown.warehouseLocation).toMatch(/^s3:\/\/[a-z0-9-]+--table-s3$/);
  const { $metadata: _one, ...byArn } = await s3tables.send(new GetTableCommand({ tableArn: made.tableARN }));
  const { $metadata: _other, ...byName } = shown;
  expect(byArn).toEqual(byName);
});

test("a table that begins with a schema has metadata in Iceberg's form", async () => {
  const { cloud, s3tables, tableBucketARN } = await world();
  const { metadataLocation = "", warehouseLocation = "" } = await ordersTable(cloud, tableBucketARN);
  expect(metadataLocation.startsWith(`${warehouseLocation}/metadata/00000-`)).toBe(true);
  const metadata = await readJson(cloud, metadataLocation);
  // Source: https://iceberg.apache.org/spec/#table-metadata-fields
  expect(metadata).toMatchObject({
    "format-version": 2,
    location: warehouseLocation,
    "last-column-id": 2,
    "current-schema-id": 0,
    schemas: [
      {
        type: "struct",
        "schema-id": 0,
        fields: [
          { id: 1, name: "id", required: true, type: "long" },
          { id: 2, name: "note", required: false, type: "string" },
        ],
      },
    ],
    "partition-specs": [{ "spec-id": 0, fields: [] }],
    "sort-orders": [{ "order-id": 0, fields: [] }],
    "current-snapshot-id": -1,
  });
  const status = await s3tables.send(
    new GetTableMetadataLocationCommand({ tableBucketARN, namespace: "sales", name: "orders" }),
  );
  expect(status).toMatchObject({ metadataLocation, warehouseLocation });
});

test("partitions, order and properties are those that were asked for", async () => {
  const { cloud, s3tables, table } = await world();
  const schemaV2 = {
    type: "struct" as const,
    fields: [
      { id: 1, name: "at", type: "timestamptz", required: true },
      {
        id: 2,
        name: "lines",
        type: { type: "list", "element-id": 3, element: "string", "element-required": true },
        required: false,
      },
    ],
    identifierFieldIds: [1],
  };
  const partitionSpec = { fields: [{ sourceId: 1, transform: "day", name: "at_day" }] };
  const writeOrder = {
    orderId: 1,
    fields: [{ sourceId: 1, transform: "identity", direction: "asc" as const, nullOrder: "nulls-last" as const }],
  };
  const iceberg = { schemaV2, partitionSpec, writeOrder, properties: { owner: "sales" } };
  await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG", metadata: { iceberg } }));
  const { metadataLocation = "" } = await s3tables.send(new GetTableCommand(table));
  expect(await readJson(cloud, metadataLocation)).toMatchObject({
    "last-column-id": 3,
    "partition-specs": [
      { "spec-id": 0, fields: [{ name: "at_day", transform: "day", "source-id": 1, "field-id": 1000 }] },
    ],
    "last-partition-id": 1000,
    "default-sort-order-id": 1,
    "sort-orders": [{ "order-id": 1, fields: [{ "source-id": 1, direction: "asc", "null-order": "nulls-last" }] }],
    properties: { owner: "sales" },
  });
});

test.each([
  ["no type of Iceberg's", { schema: { fields: [{ name: "id", type: "varchar" }] } }],
  [
    "a name twice",
    {
      schema: {
        fields: [
          { name: "id", type: "int" },
          { name: "id", type: "int" },
        ],
      },
    },
  ],
  [
    "a partition of nothing",
    {
      schema: { fields: [{ name: "id", type: "int" }] },
      partitionSpec: { fields: [{ sourceId: 7, transform: "identity", name: "x" }] },
    },
  ],
])("a schema with %s is refused, and nothing is left of the table", async (_what, iceberg) => {
  const { s3tables, table, tableBucketARN } = await world();
  const making = s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG", metadata: { iceberg } }));
  await expect(making).rejects.toMatchObject({ name: "BadRequestException" });
  expect((await s3tables.send(new ListTablesCommand({ tableBucketARN }))).tables).toEqual([]);
});

test("a name is of one table in a namespace", async () => {
  const { s3tables, table } = await world();
  await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  const again = s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  await expect(again).rejects.toMatchObject({
    name: "ConflictException",
    // Source: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py
    message: "A table with an identical name already exists in the namespace.",
  });
  const nowhere = s3tables.send(new CreateTableCommand({ ...table, namespace: "stock", format: "ICEBERG" }));
  await expect(nowhere).rejects.toMatchObject({ message: "The specified namespace does not exist." });
});

test("tables are listed by pages, of one namespace or of all", async () => {
  const { s3tables, table, tableBucketARN } = await world();
  await s3tables.send(new CreateNamespaceCommand({ tableBucketARN, namespace: ["stock"] }));
  const make = (namespace: string, name: string) =>
    s3tables.send(new CreateTableCommand({ ...table, namespace, name, format: "ICEBERG" }));
  await make("stock", "shelves");
  await make("sales", "orders");
  await make("sales", "returns");
  const found: string[] = [];
  for await (const { tables = [] } of paginateListTables({ client: s3tables, pageSize: 1 }, { tableBucketARN })) {
    found.push(...tables.map(({ name = "" }) => name));
  }
  expect(found).toEqual(["orders", "returns", "shelves"]);
  const { tables = [] } = await s3tables.send(
    new ListTablesCommand({ tableBucketARN, namespace: "sales", prefix: "re" }),
  );
  expect(tables.map(({ name }) => name)).toEqual(["returns"]);
  const everywhere = await s3tables.send(new ListTablesCommand({ tableBucketARN, prefix: "s" }));
  expect(everywhere.tables?.map(({ name }) => name)).toEqual(["shelves"]);
  const strange = s3tables.send(new ListTablesCommand({ tableBucketARN, continuationToken: "strange" }));
  await expect(strange).rejects.toMatchObject({ message: "The continuation token is not valid." });
});

test("a commit names the version that it changes, so that of two only one is taken", async () => {
  const { cloud, s3tables, table, tableBucketARN } = await world();
  const { versionToken = "", warehouseLocation } = await ordersTable(cloud, tableBucketARN);
  const commit = (metadataLocation: string) =>
    s3tables.send(new UpdateTableMetadataLocationCommand({ ...table, versionToken, metadataLocation }));
  const elsewhere = commit("s3://other/metadata/00001.metadata.json");
  // Source: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py
  await expect(elsewhere).rejects.toMatchObject({ message: "The specified metadata location is not valid." });
  const location = `${warehouseLocation}/metadata/00001-a.metadata.json`;
  const taken = await commit(location);
  expect(taken).toMatchObject({ metadataLocation: location, name: "orders", namespace: ["sales"] });
  expect(taken.versionToken).not.toBe(versionToken);
  await expect(commit(`${warehouseLocation}/metadata/00001-b.metadata.json`)).rejects.toMatchObject({
    name: "ConflictException",
    message: "Provided version token does not match the table version token.",
  });
  expect(await s3tables.send(new GetTableCommand(table))).toMatchObject({ metadataLocation: location });
});

test("a table is renamed and moved, and keeps its ARN and its files", async () => {
  const { cloud, s3tables, table, tableBucketARN } = await world();
  const before = await ordersTable(cloud, tableBucketARN);
  await s3tables.send(new CreateNamespaceCommand({ tableBucketARN, namespace: ["stock"] }));
  const nothing = s3tables.send(new RenameTableCommand(table));
  // Source: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py
  await expect(nothing).rejects.toMatchObject({
    message: "Neither a new namespace name nor a new table name is specified.",
  });
  const nowhere = s3tables.send(new RenameTableCommand({ ...table, newNamespaceName: "attic" }));
  await expect(nowhere).rejects.toMatchObject({ message: "The specified destination namespace does not exist." });
  await s3tables.send(new RenameTableCommand({ ...table, newNamespaceName: "stock", newName: "items" }));
  await expect(s3tables.send(new GetTableCommand(table))).rejects.toMatchObject({ name: "NotFoundException" });
  const { tableARN: tableArn, metadataLocation } = before;
  expect(await s3tables.send(new GetTableCommand({ tableArn }))).toMatchObject({
    name: "items",
    namespace: ["stock"],
    metadataLocation,
  });
  expect(await readJson(cloud, metadataLocation ?? "")).toMatchObject({ "format-version": 2 });
});

test("a table that is deleted takes its files along", async () => {
  const { cloud, s3tables, table, tableBucketARN } = await world();
  const { metadataLocation = "" } = await ordersTable(cloud, tableBucketARN);
  const wrong = s3tables.send(new DeleteTableCommand({ ...table, versionToken: "another" }));
  await expect(wrong).rejects.toMatchObject({ name: "ConflictException" });
  await s3tables.send(new DeleteTableCommand(table));
  await cloud.clock.advance(1);
  await expect(readJson(cloud, metadataLocation)).rejects.toMatchObject({ name: "NoSuchBucket" });
});

test("maintenance of a table is as documented until it is set", async () => {
  const { s3tables, table } = await world();
  await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  const shown = async () => (await s3tables.send(new GetTableMaintenanceConfigurationCommand(table))).configuration;
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-maintenance.html
  expect(await shown()).toEqual({
    icebergCompaction: {
      status: "enabled",
      settings: { icebergCompaction: { targetFileSizeMB: 512, strategy: "auto" } },
    },
    icebergSnapshotManagement: {
      status: "enabled",
      settings: { icebergSnapshotManagement: { minSnapshotsToKeep: 1, maxSnapshotAgeHours: 120 } },
    },
  });
  const compact = (targetFileSizeMB: number) =>
    s3tables.send(
      new PutTableMaintenanceConfigurationCommand({
        ...table,
        type: "icebergCompaction",
        value: { status: "disabled", settings: { icebergCompaction: { targetFileSizeMB } } },
      }),
    );
  await expect(compact(32)).rejects.toMatchObject({ name: "BadRequestException" });
  await compact(64);
  expect(await shown()).toMatchObject({
    icebergCompaction: { status: "disabled", settings: { icebergCompaction: { targetFileSizeMB: 64 } } },
  });
  expect((await s3tables.send(new GetTableMaintenanceJobStatusCommand(table))).status).toMatchObject({
    icebergCompaction: { status: "Disabled" },
    icebergSnapshotManagement: { status: "Not_Yet_Run" },
  });
});

test("a table has what its bucket has, where it does not say otherwise", async () => {
  const { s3tables, table } = await world();
  const tags = { team: "a" };
  const storageClassConfiguration = { storageClass: "INTELLIGENT_TIERING" } as const;
  const input = { ...table, format: "ICEBERG", tags, storageClassConfiguration } as const;
  const { tableARN: resourceArn } = await s3tables.send(new CreateTableCommand(input));
  expect((await s3tables.send(new GetTableEncryptionCommand(table))).encryptionConfiguration).toEqual({
    sseAlgorithm: "AES256",
  });
  expect(await s3tables.send(new GetTableStorageClassCommand(table))).toMatchObject({ storageClassConfiguration });
  await s3tables.send(new TagResourceCommand({ resourceArn, tags: { stage: "test" } }));
  expect((await s3tables.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({
    team: "a",
    stage: "test",
  });
});

// Source: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py (InvalidTableName)
test("a name that no table can have is a bad request", async () => {
  const { s3tables, table } = await world();
  const making = s3tables.send(new CreateTableCommand({ ...table, name: "by-hand", format: "ICEBERG" }));
  await expect(making).rejects.toMatchObject({
    name: "BadRequestException",
    message: expect.stringContaining("Member must satisfy regular expression pattern: [0-9a-z_]*"),
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_PutTableRecordExpirationConfiguration.html (tables that AWS manages)
test("records expire of tables alone that a service manages", async () => {
  const { s3tables, table } = await world();
  const { tableARN: tableArn } = await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  const value = { status: "enabled", settings: { days: 30 } } as const;
  const setting = s3tables.send(new PutTableRecordExpirationConfigurationCommand({ tableArn, value }));
  await expect(setting).rejects.toMatchObject({ name: "MethodNotAllowedException" });
  const copied = s3tables.send(new GetTableReplicationCommand({ tableArn }));
  await expect(copied).rejects.toMatchObject({ name: "NotFoundException" });
});
