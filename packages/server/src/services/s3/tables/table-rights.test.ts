import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTableBucketCommand,
  CreateTableCommand,
  DeleteTableBucketPolicyCommand,
  DeleteTableCommand,
  DeleteTablePolicyCommand,
  GetTableBucketPolicyCommand,
  GetTableCommand,
  GetTablePolicyCommand,
  ListTablesCommand,
  PutTableBucketPolicyCommand,
  PutTablePolicyCommand,
  S3TablesClient,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { makeUser, type Rights } from "../../../../test/identities.ts";
import { ordersTable, salesBucket } from "../../../../test/tables.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

async function world() {
  const cloud = await testCloud();
  const tableBucketARN = await salesBucket(cloud);
  const { warehouseLocation = "", tableARN: tableArn = "" } = await ordersTable(cloud, tableBucketARN);
  const table = { tableBucketARN, namespace: "sales", name: "orders" };
  const file = { Bucket: warehouseLocation.replace("s3://", ""), Key: "data/a" };
  await cloud.client(S3Client).send(new PutObjectCommand({ ...file, Body: "rows" }));
  return { cloud, s3tables: cloud.client(S3TablesClient), tableBucketARN, tableArn, table, file };
}

const denied = { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } };
const deniedByS3 = { name: "AccessDenied", $metadata: { httpStatusCode: 403 } };

const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-setting-up.html (s3tables:GetTableData, s3tables:PutTableData)
test("who may read a table's data reads its files, and who may not does not, whatever S3's own actions allow", async () => {
  const { cloud, file } = await world();
  const reader = await makeUser(cloud, "reader", { allow: ["s3tables:GetTableData"] });
  const s3 = cloud.client(S3Client, reader);
  expect((await s3.send(new GetObjectCommand(file))).ContentLength).toBe(4);
  await expect(s3.send(new GetObjectCommand({ ...file, Key: "data/none" }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
  await expect(s3.send(new PutObjectCommand({ ...file, Body: "more" }))).rejects.toMatchObject(deniedByS3);
  const stranger = await makeUser(cloud, "stranger", { allow: ["s3:*"] });
  await expect(cloud.client(S3Client, stranger).send(new GetObjectCommand(file))).rejects.toMatchObject(deniedByS3);
});

test("the policy of a table bucket lets other accounts in, to its tables and their files", async () => {
  const { cloud, s3tables, tableBucketARN, table, file } = await world();
  const guest = await makeUser(cloud, "guest", { account: "111111111111", allow: ["s3tables:*"] });
  const theirs = cloud.client(S3TablesClient, guest);
  await expect(theirs.send(new GetTableCommand(table))).rejects.toMatchObject(denied);
  const resourcePolicy = policy({
    Effect: "Allow",
    Principal: { AWS: guest.arn },
    Action: ["s3tables:GetTable", "s3tables:GetTableData"],
    Resource: `${tableBucketARN}/table/*`,
  });
  await s3tables.send(new PutTableBucketPolicyCommand({ tableBucketARN, resourcePolicy }));
  expect(await theirs.send(new GetTableCommand(table))).toMatchObject({ name: "orders" });
  expect((await cloud.client(S3Client, guest).send(new GetObjectCommand(file))).ContentLength).toBe(4);
  await expect(theirs.send(new ListTablesCommand({ tableBucketARN }))).rejects.toMatchObject(denied);
  const shown = await s3tables.send(new GetTableBucketPolicyCommand({ tableBucketARN }));
  expect(JSON.parse(shown.resourcePolicy ?? "")).toEqual(JSON.parse(resourcePolicy));
  await s3tables.send(new DeleteTableBucketPolicyCommand({ tableBucketARN }));
  await expect(theirs.send(new GetTableCommand(table))).rejects.toMatchObject(denied);
  const none = s3tables.send(new GetTableBucketPolicyCommand({ tableBucketARN }));
  await expect(none).rejects.toMatchObject({ name: "NotFoundException" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-resource-based-policies.html (the example of DeleteTable)
test("what a table's policy denies, the policy of its bucket cannot allow", async () => {
  const { cloud, s3tables, tableBucketARN, tableArn, table } = await world();
  const user = await makeUser(cloud, "clerk");
  const allow = {
    Effect: "Allow",
    Principal: { AWS: user.arn },
    Action: "s3tables:*",
    Resource: `${tableBucketARN}/*`,
  };
  await s3tables.send(new PutTableBucketPolicyCommand({ tableBucketARN, resourcePolicy: policy(allow) }));
  const deny = { Effect: "Deny", Principal: "*", Action: "s3tables:DeleteTable", Resource: tableArn };
  await s3tables.send(new PutTablePolicyCommand({ ...table, resourcePolicy: policy(deny) }));
  const theirs = cloud.client(S3TablesClient, user);
  await theirs.send(new GetTablePolicyCommand(table));
  await expect(theirs.send(new DeleteTableCommand(table))).rejects.toMatchObject(denied);
  await s3tables.send(new DeleteTablePolicyCommand(table));
  await theirs.send(new DeleteTableCommand(table));
});

test.each([
  ["no JSON", "nothing"],
  ["another service's action", policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" })],
  [
    "another bucket",
    policy({
      Effect: "Allow",
      Principal: "*",
      Action: "s3tables:*",
      Resource: "arn:aws:s3tables:us-east-1:000000000000:bucket/other",
    }),
  ],
])("a policy with %s is refused", async (_what, resourcePolicy) => {
  const { s3tables, tableBucketARN } = await world();
  const putting = s3tables.send(new PutTableBucketPolicyCommand({ tableBucketARN, resourcePolicy }));
  await expect(putting).rejects.toMatchObject({ name: "BadRequestException" });
});

const open = (Resource: string, more: object = {}) =>
  policy({ Effect: "Allow", Principal: "*", Action: "s3tables:GetTableData", Resource, ...more });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables.html (all settings of Block Public Access are always on)
test("no policy lets everybody in", async () => {
  const { s3tables, tableBucketARN, table, tableArn } = await world();
  const put = (resourcePolicy: string) =>
    s3tables.send(new PutTableBucketPolicyCommand({ tableBucketARN, resourcePolicy }));
  const blocked = { name: "ForbiddenException", $metadata: { httpStatusCode: 403 } };
  await expect(put(open(`${tableBucketARN}/table/*`))).rejects.toMatchObject(blocked);
  const ofTable = new PutTablePolicyCommand({ ...table, resourcePolicy: open(tableArn) });
  await expect(s3tables.send(ofTable)).rejects.toMatchObject(blocked);
  const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } };
  await put(open(`${tableBucketARN}/table/*`, { Condition }));
});

async function mayGetOrders(Condition: object): Promise<boolean> {
  const { cloud, table } = await world();
  const allow: Rights = { Statement: [{ Effect: "Allow", Action: "s3tables:GetTable", Resource: "*", Condition }] };
  const user = await makeUser(cloud, "clerk", { allow });
  return cloud
    .client(S3TablesClient, user)
    .send(new GetTableCommand(table))
    .then(
      () => true,
      () => false,
    );
}

// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3tables.html#amazons3tables-policy-keys
test("conditions ask for the namespace and the name of a table", async () => {
  expect(await mayGetOrders({ StringEquals: { "s3tables:namespace": "sales", "s3tables:tableName": "orders" } })).toBe(
    true,
  );
  expect(await mayGetOrders({ StringEquals: { "s3tables:namespace": "stock" } })).toBe(false);
  expect(await mayGetOrders({ StringLike: { "s3tables:tableName": "ret*" } })).toBe(false);
});

test("conditions ask how a new table bucket is encrypted, and for its tags", async () => {
  const cloud = await testCloud();
  const Condition = { StringEquals: { "s3tables:SSEAlgorithm": "AES256", "aws:RequestTag/team": "a" } };
  const allow = { Statement: [{ Effect: "Allow", Action: "s3tables:*", Resource: "*", Condition }] };
  const theirs = cloud.client(S3TablesClient, await makeUser(cloud, "clerk", { allow }));
  const plain = theirs.send(new CreateTableBucketCommand({ name: "plain" }));
  await expect(plain).rejects.toMatchObject(denied);
  const encryptionConfiguration = { sseAlgorithm: "AES256" } as const;
  await theirs.send(new CreateTableBucketCommand({ name: "tagged", encryptionConfiguration, tags: { team: "a" } }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_CreateTable.html (Permissions)
test("who makes a table with a schema has to be let put its data", async () => {
  const { cloud, table } = await world();
  const theirs = cloud.client(S3TablesClient, await makeUser(cloud, "maker", { allow: ["s3tables:CreateTable"] }));
  const metadata = { iceberg: { schema: { fields: [{ name: "id", type: "int" }] } } };
  const input = { ...table, name: "returns", format: "ICEBERG", metadata } as const;
  await expect(theirs.send(new CreateTableCommand(input))).rejects.toMatchObject(denied);
  await theirs.send(new CreateTableCommand({ ...table, name: "returns", format: "ICEBERG" }));
});
