import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTableBucketCommand,
  GetTableCommand,
  S3TablesClient,
  UpdateTableMetadataLocationCommand,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { catalogOf, type Catalog } from "../../../../../test/iceberg-client.ts";
import { makeUser } from "../../../../../test/identities.ts";
import { testCloud } from "../../../../../test/test-cloud.ts";

const ARN = "arn:aws:s3tables:us-east-1:000000000000:bucket/ledger";
const SALES = "/{prefix}/namespaces/sales";
const ORDERS = `${SALES}/tables/orders`;
const ID = { id: 1, name: "id", type: "long", required: true };
const SCHEMA = { type: "struct", "schema-id": 0, fields: [ID] };

async function world(more: object = {}) {
  const cloud = await testCloud();
  await cloud.client(S3TablesClient).send(new CreateTableBucketCommand({ name: "ledger" }));
  const catalog = catalogOf(cloud, ARN, cloud.rootOf("000000000000"));
  await catalog.ask("POST", "/{prefix}/namespaces", { namespace: ["sales"] });
  const created = await catalog.ask("POST", `${SALES}/tables`, { name: "orders", schema: SCHEMA, ...more });
  return { cloud, catalog, created };
}

const commit = (catalog: Catalog, ...updates: object[]) => catalog.ask("POST", ORDERS, { requirements: [], updates });

const snapshot = (id: number, more: object = {}) => ({
  action: "add-snapshot",
  snapshot: {
    "snapshot-id": id,
    "sequence-number": id,
    "timestamp-ms": 1,
    "manifest-list": "s3://a",
    summary: {},
    ...more,
  },
});

const pointing = (name: string, id: number) => ({
  action: "set-snapshot-ref",
  "ref-name": name,
  type: "branch",
  "snapshot-id": id,
});

const actions = (...names: readonly string[]) => ({ allow: names.map((name) => `s3tables:${name}`) });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (the rights that each operation needs)
test("who makes a table needs no right to commit, and who commits none to ask where its metadata is", async () => {
  const { cloud } = await world();
  const maker = catalogOf(cloud, ARN, await makeUser(cloud, "maker", actions("CreateTable", "PutTableData")));
  const made = await maker.ask("POST", `${SALES}/tables`, { name: "made", schema: SCHEMA });
  expect(made.status).toBe(200);
  const set = { action: "set-properties", updates: { a: "b" } };
  const rights = ["UpdateTableMetadataLocation", "PutTableData", "GetTableData"] as const;
  const writer = catalogOf(cloud, ARN, await makeUser(cloud, "writer", actions(...rights)));
  expect((await commit(writer, set)).status).toBe(200);
  for (const missing of rights) {
    const rest = rights.filter((name) => name !== missing);
    const user = await makeUser(cloud, `without${missing}`, actions(...rest));
    expect((await commit(catalogOf(cloud, ARN, user), set)).status, missing).toBe(403);
  }
  const nobody = catalogOf(cloud, ARN, await makeUser(cloud, "nobody"));
  const none = await nobody.ask("POST", `${SALES}/tables/none`, { requirements: [], updates: [] });
  expect(none.status).toBe(403);
});

// Source: https://github.com/apache/iceberg/blob/main/core/src/main/java/org/apache/iceberg/TableMetadata.java (Builder)
test("a snapshot that is removed takes with it what names it", async () => {
  const { catalog } = await world();
  const statistics = { "snapshot-id": 1, "statistics-path": "s3://a/1.puffin", "blob-metadata": [] };
  const begun = await commit(
    catalog,
    snapshot(1),
    snapshot(2),
    pointing("main", 1),
    pointing("old", 1),
    pointing("main", 2),
    { action: "set-statistics", "snapshot-id": 1, statistics },
  );
  expect(begun.body["metadata"]).toMatchObject({ statistics: [statistics], "current-snapshot-id": 2 });
  const left = await commit(catalog, { action: "remove-snapshots", "snapshot-ids": [1] });
  const { metadata } = left.body;
  expect(metadata).toMatchObject({
    refs: { main: { "snapshot-id": 2, type: "branch" } },
    "current-snapshot-id": 2,
    snapshots: [{ "snapshot-id": 2 }],
    "snapshot-log": [{ "snapshot-id": 2 }],
  });
  expect(Object.keys(Object(metadata))).not.toContain("statistics");
  const none = await commit(catalog, { action: "remove-snapshots", "snapshot-ids": [2] });
  expect(none.body["metadata"]).toMatchObject({ refs: {}, "current-snapshot-id": -1, snapshots: [] });
});

const BAD: readonly (readonly [string, readonly object[]])[] = [
  ["the schema that counts goes", [{ action: "remove-schemas", "schema-ids": [0] }]],
  ["the way to be partitioned that counts goes", [{ action: "remove-partition-specs", "spec-ids": [0] }]],
  ["a snapshot is added twice", [snapshot(1), snapshot(1)]],
  ["a snapshot has no id", [{ action: "add-snapshot", snapshot: {} }]],
  ["a snapshot is older than the last", [snapshot(5), snapshot(4, { "parent-snapshot-id": 5 })]],
  ["nothing was added that could be chosen", [{ action: "set-current-schema", "schema-id": -1 }]],
  ["the table would become another", [{ action: "assign-uuid", uuid: "8a7d2d4b-5b6c-4a3f-9c39-30a1c4a2f0aa" }]],
  ["the format would be an earlier one", [{ action: "upgrade-format-version", "format-version": 1 }]],
  ["the format is nobody's", [{ action: "upgrade-format-version", "format-version": 99 }]],
];

test.each(BAD)("a commit is a bad request where %s", async (_what, updates) => {
  const { catalog, created } = await world();
  expect((await commit(catalog, ...updates)).status).toBe(400);
  expect((await catalog.ask("GET", ORDERS)).body).toEqual(created.body);
});

test("a schema that is there already is not added again", async () => {
  const { catalog } = await world();
  const wider = { ...SCHEMA, fields: [ID, { id: 2, name: "note", type: "string", required: false }] };
  const add = { action: "add-schema", schema: wider };
  const choose = { action: "set-current-schema", "schema-id": -1 };
  expect((await commit(catalog, add, choose)).body["metadata"]).toMatchObject({ "current-schema-id": 1 });
  const back = await commit(catalog, { action: "add-schema", schema: SCHEMA }, choose, add);
  expect(back.body["metadata"]).toMatchObject({ "current-schema-id": 0, schemas: [SCHEMA, { "schema-id": 1 }] });
});

const by = (name: string) => ({ name, transform: name, "source-id": 1 });

// Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (PartitionField: field-id is not required)
test("fields of a partition that have no ids get the next ones", async () => {
  const { catalog, created } = await world({ "partition-spec": { fields: [by("identity"), by("bucket[4]")] } });
  expect(created.body["metadata"]).toMatchObject({
    "partition-specs": [{ "spec-id": 0, fields: [{ "field-id": 1000 }, { "field-id": 1001 }] }],
    "last-partition-id": 1001,
  });
  const added = await commit(catalog, { action: "add-spec", spec: { fields: [by("void")] } });
  expect(added.body["metadata"]).toMatchObject({
    "partition-specs": [{}, { "spec-id": 1, fields: [{ "field-id": 1002 }] }],
    "last-partition-id": 1002,
  });
});

test("what a table begins with has no property that is a fact of its own", async () => {
  const { catalog, created } = await world({ properties: { "format-version": "2", a: "b" } });
  expect(created.body["metadata"]).toMatchObject({ "format-version": 2, properties: { a: "b" } });
  const later = { name: "later", schema: SCHEMA, properties: { "format-version": "9" } };
  expect((await catalog.ask("POST", `${SALES}/tables`, later)).status).toBe(400);
});

test("a commit of very many updates costs what they are", async () => {
  const { catalog } = await world();
  const many = Array.from({ length: 60_000 }, (_none, at) => snapshot(at + 1));
  const taken = await commit(catalog, ...many);
  expect(taken.body["metadata"]).toMatchObject({ "last-sequence-number": many.length });
});

test("a schema may have more columns than a function has arguments", async () => {
  const { catalog } = await world();
  const fields = Array.from({ length: 150_000 }, (_none, at) => ({
    id: at + 1,
    name: `c${at}`,
    type: "int",
    required: false,
  }));
  const wide = await commit(catalog, { action: "add-schema", schema: { ...SCHEMA, fields } });
  expect(wide.body["metadata"]).toMatchObject({ "last-column-id": fields.length });
});

async function withFile(name: string, Body: Uint8Array) {
  const made = await world();
  const s3tables = made.cloud.client(S3TablesClient);
  const named = { tableBucketARN: ARN, namespace: "sales", name: "orders" };
  const { warehouseLocation = "", versionToken } = await s3tables.send(new GetTableCommand(named));
  const file = { Bucket: warehouseLocation.replace("s3://", ""), Key: name };
  await made.cloud.client(S3Client).send(new PutObjectCommand({ ...file, Body }));
  const metadataLocation = `${warehouseLocation}/${name}`;
  const moved = s3tables.send(new UpdateTableMetadataLocationCommand({ ...named, versionToken, metadataLocation }));
  return { ...made, moved };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_UpdateTableMetadataLocation.html (how it ends)
test("metadata lies in files that are called so, which may be packed", async () => {
  const { moved } = await withFile("metadata/1.json", Buffer.from("{}"));
  await expect(moved).rejects.toMatchObject({ name: "BadRequestException" });
  for (const name of ["metadata/1.metadata.json.gz", "metadata/1.gz.metadata.json"]) {
    const text = JSON.stringify({ "format-version": 2, "table-uuid": "packed" });
    const packed = await withFile(name, gzipSync(text));
    await packed.moved;
    expect((await packed.catalog.ask("GET", ORDERS)).body["metadata"]).toMatchObject({ "table-uuid": "packed" });
  }
});

test.each([
  ["is no JSON", "metadata/1.metadata.json", Buffer.from("{")],
  ["is nested too deep", "metadata/1.metadata.json", Buffer.from("[".repeat(200_000) + "]".repeat(200_000))],
  [
    "has long numbers and is nested too deep",
    "metadata/1.metadata.json",
    Buffer.from(`${"[".repeat(50_000)}${"9".repeat(17)}${"]".repeat(50_000)}`),
  ],
  ["is no table's", "metadata/1.metadata.json", Buffer.from('{"a":1}')],
  ["is not packed as it says", "metadata/1.metadata.json.gz", Buffer.from("{}")],
  ["is packed to a thousandth", "metadata/1.metadata.json.gz", gzipSync(Buffer.alloc(60_000_000))],
])("a commit to a table whose metadata %s is a bad request", async (_what, name, body) => {
  const { catalog, moved } = await withFile(name, body);
  await moved;
  expect((await commit(catalog, { action: "set-properties", updates: {} })).status).toBe(400);
});

test("a schema that is nested too deep is a bad request", async () => {
  const { catalog } = await world();
  let type: unknown = "int";
  for (let depth = 0; depth < 3000; depth++) type = { type: "list", "element-id": depth + 2, element: type };
  const deep = await commit(catalog, { action: "add-schema", schema: { ...SCHEMA, fields: [{ ...ID, type }] } });
  expect(deep.status).toBe(400);
});

const FIELDS = [ID];

test.each<readonly [string, object]>([
  ["a schema without columns", { schema: {} }],
  ["a schema whose columns are no list", { schema: { fields: "id" } }],
  ["a column without an id", { schema: { fields: [{ ...ID, id: undefined }] } }],
  ["a column without a type", { schema: { fields: [{ ...ID, type: undefined }] } }],
  ["a way to be partitioned that is no list", { schema: { fields: FIELDS }, "partition-spec": { fields: "id" } }],
  ["an order that is no list", { schema: { fields: FIELDS }, "write-order": { fields: "id" } }],
])("a table with %s is a bad request, and is not there", async (_what, asked) => {
  const { catalog } = await world();
  expect((await catalog.ask("POST", `${SALES}/tables`, { name: "bad", ...asked })).status).toBe(400);
  expect((await catalog.ask("HEAD", `${SALES}/tables/bad`)).status).toBe(404);
});
