import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTableBucketCommand,
  CreateTableCommand,
  GetTableCommand,
  S3TablesClient,
} from "@aws-sdk/client-s3tables";
import { expect, test } from "vitest";
import { catalogOf } from "../../../../../test/iceberg-client.ts";
import { makeUser } from "../../../../../test/identities.ts";
import { readTable } from "../../../../../test/iceberg-reader.ts";
import { testCloud } from "../../../../../test/test-cloud.ts";
import { commit, draftOf, putManifest, type Desk, type Written } from "../iceberg/commit.ts";
import { writeParquet } from "../iceberg/parquet.ts";

const ARN = "arn:aws:s3tables:us-east-1:000000000000:bucket/ledger";
const SALES = "/{prefix}/namespaces/sales";
const ORDERS = `${SALES}/tables/orders`;
const SCHEMA = {
  type: "struct",
  "schema-id": 0,
  fields: [
    { id: 1, name: "id", type: "long", required: true },
    { id: 2, name: "note", type: "string", required: false },
  ],
};

async function world() {
  const cloud = await testCloud();
  await cloud.client(S3TablesClient).send(new CreateTableBucketCommand({ name: "ledger" }));
  const catalog = catalogOf(cloud, ARN, cloud.rootOf("000000000000"));
  await catalog.ask("POST", "/{prefix}/namespaces", { namespace: ["sales"] });
  return { cloud, catalog };
}

async function withOrders() {
  const made = await world();
  const created = await made.catalog.ask("POST", `${SALES}/tables`, { name: "orders", schema: SCHEMA });
  return { ...made, created };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html
test("a client is told how its table bucket is named in paths", async () => {
  const { catalog } = await world();
  const { status, body } = await catalog.ask("GET", "/config", undefined, { warehouse: ARN });
  expect(status).toBe(200);
  expect(body).toMatchObject({ defaults: {}, overrides: { prefix: encodeURIComponent(ARN) } });
  const nowhere = await catalog.ask("GET", "/config", undefined, { warehouse: `${ARN}-other` });
  expect(nowhere.status).toBe(404);
});

// Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml
test("namespaces are made, listed, looked for and dropped", async () => {
  const { catalog } = await world();
  await catalog.ask("POST", "/{prefix}/namespaces", { namespace: ["stock"] });
  const first = await catalog.ask("GET", "/{prefix}/namespaces", undefined, { pageSize: "1", pageToken: "" });
  expect(first.body["namespaces"]).toEqual([["sales"]]);
  const query = { pageToken: String(first.body["next-page-token"]) };
  expect((await catalog.ask("GET", "/{prefix}/namespaces", undefined, query)).body["namespaces"]).toEqual([["stock"]]);
  expect((await catalog.ask("GET", SALES)).body).toMatchObject({ namespace: ["sales"] });
  expect((await catalog.ask("HEAD", SALES)).status).toBe(204);
  expect((await catalog.ask("HEAD", "/{prefix}/namespaces/none")).status).toBe(404);
  expect((await catalog.ask("POST", "/{prefix}/namespaces", { namespace: ["sales"] })).status).toBe(409);
  expect((await catalog.ask("POST", "/{prefix}/namespaces", { namespace: ["a", "b"] })).status).toBe(400);
  expect((await catalog.ask("DELETE", "/{prefix}/namespaces/stock")).status).toBe(204);
});

test("a table is made, loaded, listed, renamed and dropped", async () => {
  const { cloud, catalog, created } = await withOrders();
  expect(created.status).toBe(200);
  const { status, body } = await catalog.ask("GET", ORDERS);
  expect(status).toBe(200);
  expect(body).toEqual(created.body);
  expect(body["metadata"]).toMatchObject({ "format-version": 2, "last-column-id": 2, schemas: [SCHEMA] });
  const shown = await cloud
    .client(S3TablesClient)
    .send(new GetTableCommand({ tableBucketARN: ARN, namespace: "sales", name: "orders" }));
  expect(shown.metadataLocation).toBe(body["metadata-location"]);
  expect((await catalog.ask("GET", `${SALES}/tables`)).body["identifiers"]).toEqual([
    { namespace: ["sales"], name: "orders" },
  ]);
  const [source, destination] = [
    { namespace: ["sales"], name: "orders" },
    { namespace: ["sales"], name: "sold" },
  ];
  expect((await catalog.ask("POST", "/{prefix}/tables/rename", { source, destination })).status).toBe(204);
  expect((await catalog.ask("HEAD", ORDERS)).status).toBe(404);
  expect((await catalog.ask("HEAD", `${SALES}/tables/sold`)).status).toBe(204);
  const drop = (purgeRequested: string) => catalog.ask("DELETE", `${SALES}/tables/sold`, undefined, { purgeRequested });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (purge), https://github.com/apache/iceberg-go/issues/570 (seen on S3 Tables)
  const message = "DropTable operation failed. S3 Tables only supports dropping tables with purge enabled.";
  expect(await drop("false")).toMatchObject({ status: 400, body: { message } });
  // Source: https://github.com/apache/iceberg-python/blob/main/pyiceberg/catalog/rest/__init__.py (purge_table)
  expect((await drop("True")).status).toBe(204);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (stage-create), https://github.com/hashicorp/terraform-provider-aws/issues/42556 (a table without a schema)
test("what S3 Tables does not take is a bad request", async () => {
  const { cloud, catalog } = await world();
  const staged = { name: "orders", schema: SCHEMA, "stage-create": true };
  expect((await catalog.ask("POST", `${SALES}/tables`, staged)).status).toBe(400);
  const bare = { tableBucketARN: ARN, namespace: "sales", name: "bare", format: "ICEBERG" } as const;
  await cloud.client(S3TablesClient).send(new CreateTableCommand(bare));
  expect((await catalog.ask("GET", `${SALES}/tables/bare`)).status).toBe(400);
});

test("a commit changes what it names, if what it requires is so", async () => {
  const { catalog, created } = await withOrders();
  const { metadata } = created.body;
  const uuid = Object.fromEntries(Object.entries(metadata ?? {}))["table-uuid"];
  const fields = [...SCHEMA.fields, { id: 3, name: "at", type: "timestamptz", required: false }];
  const updates = [
    { action: "add-schema", schema: { ...SCHEMA, fields }, "last-column-id": 3 },
    { action: "set-current-schema", "schema-id": -1 },
    { action: "set-properties", updates: { owner: "sales", draft: "yes" } },
    { action: "remove-properties", removals: ["draft"] },
  ];
  const requirements = [
    { type: "assert-table-uuid", uuid },
    { type: "assert-current-schema-id", "current-schema-id": 0 },
  ];
  const taken = await catalog.ask("POST", ORDERS, { requirements, updates });
  expect(taken.status).toBe(200);
  expect(taken.body["metadata"]).toMatchObject({
    "current-schema-id": 1,
    "last-column-id": 3,
    properties: { owner: "sales" },
    "metadata-log": [{ "metadata-file": created.body["metadata-location"] }],
  });
  expect((await catalog.ask("GET", ORDERS)).body).toMatchObject(taken.body);
  const late = await catalog.ask("POST", ORDERS, { requirements, updates });
  expect(late.status).toBe(409);
  const strange = await catalog.ask("POST", ORDERS, { requirements: [], updates: [{ action: "dance" }] });
  expect(strange.status).toBe(400);
});

test("a snapshot that a client has written is what the table is from its commit on", async () => {
  const { cloud, catalog, created } = await withOrders();
  const s3tables = cloud.client(S3TablesClient);
  const table = await s3tables.send(new GetTableCommand({ tableBucketARN: ARN, namespace: "sales", name: "orders" }));
  const Bucket = table.warehouseLocation?.replace("s3://", "");
  const desk: Desk = {
    nowMs: cloud.clock.now().getTime(),
    newId: () => crypto.randomUUID(),
    write: async (Key, Body) => {
      await cloud.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body }));
      return `${table.warehouseLocation}/${Key}`;
    },
  };
  const before: Written = JSON.parse(
    JSON.stringify({ metadata: created.body["metadata"], location: "", version: 0, manifests: [] }),
  );
  const draft = draftOf(before, desk);
  const body = await writeParquet(draft.schema, [
    { id: 1n, note: "first" },
    { id: 2n, note: undefined },
  ]);
  const path = await desk.write("data/a.parquet", body);
  const file = { path, rows: 2, bytes: body.byteLength, snapshotId: draft.snapshotId, sequence: draft.sequence };
  const added = [await putManifest([file], draft, desk)];
  const { metadata } = await commit(before, draft, { operation: "append", kept: [], added }, desk);
  const updates = [
    { action: "add-snapshot", snapshot: metadata.snapshots[0] },
    { action: "set-snapshot-ref", "ref-name": "main", type: "branch", "snapshot-id": draft.snapshotId },
  ];
  const requirements = [{ type: "assert-ref-snapshot-id", ref: "main", "snapshot-id": null }];
  expect((await catalog.ask("POST", ORDERS, { requirements, updates })).status).toBe(200);
  expect((await readTable(cloud, table.tableARN)).rows).toEqual([
    { id: 1n, note: "first" },
    { id: 2n, note: null },
  ]);
  expect((await catalog.ask("POST", ORDERS, { requirements, updates })).status).toBe(409);
});

const snapshotOf = (id: unknown) => ({
  action: "add-snapshot",
  snapshot: { "snapshot-id": id, "sequence-number": 1, "timestamp-ms": 1, "manifest-list": "s3://a", summary: {} },
});

const mainTo = (id: unknown) => ({
  action: "set-snapshot-ref",
  "ref-name": "main",
  type: "branch",
  "snapshot-id": id,
});

const mainIs = (id: unknown) => ({ type: "assert-ref-snapshot-id", ref: "main", "snapshot-id": id });

// Source: https://iceberg.apache.org/spec/#appendix-c-json-serialization (snapshot-id is a long), https://github.com/apache/iceberg-python/blob/main/pyiceberg/table/metadata.py (drawn at random)
test("ids of snapshots keep all of their 63 bits", async () => {
  const { catalog } = await withOrders();
  const [first, second, near] = ["5630065510931652944", "762232211088575371", "5630065510931652945"].map((id) =>
    JSON.rawJSON(id),
  );
  const change = (requirements: object[], ...updates: object[]) =>
    catalog.ask("POST", ORDERS, { requirements, updates });
  const begun = await change([mainIs(null)], snapshotOf(first), snapshotOf(second), mainTo(first));
  expect(begun.status).toBe(200);
  const { text } = await catalog.ask("GET", ORDERS);
  expect(text.match(/"snapshot-id":\d+/g)).toEqual([
    '"snapshot-id":5630065510931652944',
    '"snapshot-id":5630065510931652944',
    '"snapshot-id":762232211088575371',
    '"snapshot-id":5630065510931652944',
  ]);
  expect((await change([mainIs(near)], mainTo(second))).status).toBe(409);
  expect((await change([], mainTo(near))).status).toBe(400);
  const gone = { action: "remove-snapshots", "snapshot-ids": [first] };
  const left = await change([mainIs(first)], mainTo(second), gone);
  expect(left.text).toContain('"snapshots":[{"snapshot-id":762232211088575371,');
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (the rights that each operation needs)
test("who loads a table has to be let see where its metadata is, and read its data", async () => {
  const { cloud } = await withOrders();
  const half = await makeUser(cloud, "half", { allow: ["s3tables:GetTableMetadataLocation"] });
  expect((await catalogOf(cloud, ARN, half).ask("GET", ORDERS)).status).toBe(403);
  const allow = ["s3tables:GetTableMetadataLocation", "s3tables:GetTableData"];
  const reader = catalogOf(cloud, ARN, await makeUser(cloud, "reader", { allow }));
  expect((await reader.ask("GET", ORDERS)).status).toBe(200);
  const updates = [{ action: "set-properties", updates: { owner: "me" } }];
  expect((await reader.ask("POST", ORDERS, { requirements: [], updates })).status).toBe(403);
});
