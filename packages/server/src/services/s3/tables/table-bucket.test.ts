import {
  CreateNamespaceCommand,
  CreateTableBucketCommand,
  CreateTableCommand,
  DeleteNamespaceCommand,
  DeleteTableBucketCommand,
  DeleteTableCommand,
  GetNamespaceCommand,
  GetTableBucketCommand,
  GetTableBucketEncryptionCommand,
  GetTableBucketMaintenanceConfigurationCommand,
  GetTableBucketMetricsConfigurationCommand,
  GetTableBucketReplicationCommand,
  GetTableBucketStorageClassCommand,
  ListNamespacesCommand,
  ListTableBucketsCommand,
  ListTagsForResourceCommand,
  paginateListNamespaces,
  PutTableBucketEncryptionCommand,
  PutTableBucketMaintenanceConfigurationCommand,
  PutTableBucketMetricsConfigurationCommand,
  PutTableBucketReplicationCommand,
  PutTableBucketStorageClassCommand,
  S3TablesClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { salesBucket } from "../../../../test/tables.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const ARN = "arn:aws:s3tables:us-east-1:000000000000:bucket/ledger";

test("a table bucket is made, shown, listed and taken away", async () => {
  const s3tables = (await testCloud()).client(S3TablesClient);
  const { arn } = await s3tables.send(new CreateTableBucketCommand({ name: "ledger" }));
  expect(arn).toBe(ARN);
  const shown = await s3tables.send(new GetTableBucketCommand({ tableBucketARN: arn }));
  expect(shown).toMatchObject({ arn, name: "ledger", ownerAccountId: "000000000000", type: "customer" });
  expect(shown.tableBucketId).toMatch(/^[0-9a-f-]{36}$/);
  const { tableBuckets = [] } = await s3tables.send(new ListTableBucketsCommand({ prefix: "led" }));
  expect(tableBuckets.map(({ name }) => name)).toEqual(["ledger"]);
  expect((await s3tables.send(new ListTableBucketsCommand({ type: "aws" }))).tableBuckets).toEqual([]);
  await s3tables.send(new DeleteTableBucketCommand({ tableBucketARN: arn }));
  const gone = s3tables.send(new GetTableBucketCommand({ tableBucketARN: arn }));
  await expect(gone).rejects.toMatchObject({
    name: "NotFoundException",
    message: "The specified bucket does not exist.",
    $metadata: { httpStatusCode: 404 },
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html
test.each(["aws-mine", "xn--a", "sthree-a", "amzn-s3-demo-a", "a-b-", "-ab", "abc--table-s3", "abc-s3alias"])(
  "%s is no name of a table bucket",
  async (name) => {
    const s3tables = (await testCloud()).client(S3TablesClient);
    const making = s3tables.send(new CreateTableBucketCommand({ name }));
    // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3tables/test_s3tables.py
    await expect(making).rejects.toMatchObject({
      name: "BadRequestException",
      message: "The specified bucket name is not valid.",
    });
  },
);

test("a name is of one table bucket in a region, and of another in each other account", async () => {
  const cloud = await testCloud();
  await salesBucket(cloud);
  const again = cloud.client(S3TablesClient).send(new CreateTableBucketCommand({ name: "ledger" }));
  await expect(again).rejects.toMatchObject({ name: "ConflictException", $metadata: { httpStatusCode: 409 } });
  const other = cloud.client(S3TablesClient, cloud.rootOf("111111111111"));
  expect(await other.send(new CreateTableBucketCommand({ name: "ledger" }))).toMatchObject({
    arn: "arn:aws:s3tables:us-east-1:111111111111:bucket/ledger",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-regions-quotas.html
test("an account has ten table buckets in a region at the most", async () => {
  const s3tables = (await testCloud()).client(S3TablesClient);
  for (let made = 0; made < 10; made++) await s3tables.send(new CreateTableBucketCommand({ name: `bucket-${made}` }));
  const more = s3tables.send(new CreateTableBucketCommand({ name: "bucket-10" }));
  await expect(more).rejects.toMatchObject({ name: "BadRequestException" });
  const { tableBuckets, continuationToken } = await s3tables.send(new ListTableBucketsCommand({ maxBuckets: 4 }));
  expect(tableBuckets).toHaveLength(4);
  const rest = await s3tables.send(new ListTableBucketsCommand({ continuationToken }));
  expect(rest.tableBuckets).toHaveLength(6);
});

test("a namespace is made, shown, listed by pages and taken away", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const tableBucketARN = await salesBucket(cloud);
  await s3tables.send(new CreateNamespaceCommand({ tableBucketARN, namespace: ["stock"] }));
  const shown = await s3tables.send(new GetNamespaceCommand({ tableBucketARN, namespace: "sales" }));
  expect(shown).toMatchObject({ namespace: ["sales"], createdBy: "000000000000", ownerAccountId: "000000000000" });
  const names: string[] = [];
  for await (const { namespaces = [] } of paginateListNamespaces(
    { client: s3tables, pageSize: 1 },
    { tableBucketARN },
  )) {
    names.push(...namespaces.flatMap(({ namespace = [] }) => namespace));
  }
  expect(names).toEqual(["sales", "stock"]);
  const found = await s3tables.send(new ListNamespacesCommand({ tableBucketARN, prefix: "st" }));
  expect(found.namespaces).toHaveLength(1);
  await s3tables.send(new DeleteNamespaceCommand({ tableBucketARN, namespace: "stock" }));
  const gone = s3tables.send(new GetNamespaceCommand({ tableBucketARN, namespace: "stock" }));
  await expect(gone).rejects.toMatchObject({ message: "The specified namespace does not exist." });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html#naming-rules-table
test.each(["aws_own", "_first"])("%s is no name of a namespace", async (name) => {
  const cloud = await testCloud();
  const tableBucketARN = await salesBucket(cloud);
  const making = cloud.client(S3TablesClient).send(new CreateNamespaceCommand({ tableBucketARN, namespace: [name] }));
  await expect(making).rejects.toMatchObject({ message: "The specified namespace name is not valid." });
});

test("what holds something is not taken away", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const tableBucketARN = await salesBucket(cloud);
  const table = { tableBucketARN, namespace: "sales", name: "orders" };
  await s3tables.send(new CreateTableCommand({ ...table, format: "ICEBERG" }));
  const emptying = s3tables.send(new DeleteNamespaceCommand({ tableBucketARN, namespace: "sales" }));
  await expect(emptying).rejects.toMatchObject({ name: "ConflictException" });
  const removing = s3tables.send(new DeleteTableBucketCommand({ tableBucketARN }));
  await expect(removing).rejects.toMatchObject({ name: "ConflictException" });
  await s3tables.send(new DeleteTableCommand(table));
  await s3tables.send(new DeleteNamespaceCommand({ tableBucketARN, namespace: "sales" }));
  await s3tables.send(new DeleteTableBucketCommand({ tableBucketARN }));
  expect((await s3tables.send(new ListTableBucketsCommand({}))).tableBuckets).toEqual([]);
});

test("what is set of a table bucket is shown", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const tableBucketARN = await salesBucket(cloud);
  const type = "icebergUnreferencedFileRemoval";
  const maintenance = new GetTableBucketMaintenanceConfigurationCommand({ tableBucketARN });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-table-buckets-maintenance.html (3 and 10 days)
  expect((await s3tables.send(maintenance)).configuration).toEqual({
    [type]: { status: "enabled", settings: { [type]: { unreferencedDays: 3, nonCurrentDays: 10 } } },
  });
  const value = { status: "disabled", settings: { [type]: { unreferencedDays: 5 } } } as const;
  await s3tables.send(new PutTableBucketMaintenanceConfigurationCommand({ tableBucketARN, type, value }));
  expect((await s3tables.send(maintenance)).configuration).toEqual({
    [type]: { status: "disabled", settings: { [type]: { unreferencedDays: 5, nonCurrentDays: 10 } } },
  });
  const storageClassConfiguration = { storageClass: "INTELLIGENT_TIERING" } as const;
  await s3tables.send(new PutTableBucketStorageClassCommand({ tableBucketARN, storageClassConfiguration }));
  expect(await s3tables.send(new GetTableBucketStorageClassCommand({ tableBucketARN }))).toMatchObject({
    storageClassConfiguration,
  });
  const metrics = new GetTableBucketMetricsConfigurationCommand({ tableBucketARN });
  await expect(s3tables.send(metrics)).rejects.toMatchObject({ name: "NotFoundException" });
  await s3tables.send(new PutTableBucketMetricsConfigurationCommand({ tableBucketARN }));
  expect(await s3tables.send(metrics)).toMatchObject({ tableBucketARN, id: expect.any(String) });
});

test("a table bucket is encrypted with keys of S3's own, or with a key of KMS that is named", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const tableBucketARN = await salesBucket(cloud);
  const shown = new GetTableBucketEncryptionCommand({ tableBucketARN });
  expect((await s3tables.send(shown)).encryptionConfiguration).toEqual({ sseAlgorithm: "AES256" });
  const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/0b9e7a5c-5a9f-4b51-9a43-5f1f2f4a8d11";
  const put = (encryptionConfiguration: { sseAlgorithm: "AES256" | "aws:kms"; kmsKeyArn?: string }) =>
    s3tables.send(new PutTableBucketEncryptionCommand({ tableBucketARN, encryptionConfiguration }));
  await put({ sseAlgorithm: "aws:kms", kmsKeyArn });
  expect((await s3tables.send(shown)).encryptionConfiguration).toEqual({ sseAlgorithm: "aws:kms", kmsKeyArn });
  await expect(put({ sseAlgorithm: "AES256", kmsKeyArn })).rejects.toMatchObject({ name: "BadRequestException" });
  await expect(put({ sseAlgorithm: "aws:kms" })).rejects.toMatchObject({ name: "BadRequestException" });
});

test("tags are put on table buckets and taken off", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const { arn: resourceArn } = await s3tables.send(
    new CreateTableBucketCommand({ name: "ledger", tags: { team: "a" } }),
  );
  await s3tables.send(new TagResourceCommand({ resourceArn, tags: { stage: "test" } }));
  const listed = new ListTagsForResourceCommand({ resourceArn });
  expect((await s3tables.send(listed)).tags).toEqual({ team: "a", stage: "test" });
  await s3tables.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
  expect((await s3tables.send(listed)).tags).toEqual({ stage: "test" });
});

test("no table is replicated: to set it up is not built, and there is none", async () => {
  const cloud = await testCloud();
  const s3tables = cloud.client(S3TablesClient);
  const tableBucketARN = await salesBucket(cloud);
  const configuration = {
    role: "arn:aws:iam::000000000000:role/copier",
    rules: [{ destinations: [{ destinationTableBucketARN: tableBucketARN }] }],
  };
  const putting = s3tables.send(new PutTableBucketReplicationCommand({ tableBucketARN, configuration }));
  await expect(putting).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
  const getting = s3tables.send(new GetTableBucketReplicationCommand({ tableBucketARN }));
  await expect(getting).rejects.toMatchObject({ name: "NotFoundException" });
});
