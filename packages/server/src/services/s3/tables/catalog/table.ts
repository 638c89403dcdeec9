/** Tables, in Iceberg's words. */
import { collectAtMost } from "../../../../kernel/bytes.ts";
import { parseExactly } from "../../../../kernel/json-double.ts";
import type { Context } from "../../../../service/context.ts";
import type { S3Sdk } from "../../kit.ts";
import { commitFailed, purgeMissing, requestInvalid, tableWithoutMetadata } from "../errors.ts";
import { METADATA_BYTES_MAX } from "../limits.ts";
import { metadataKey } from "../iceberg/table-metadata.ts";
import { requireTable, tableBucketArn, type StoredTable } from "../table-row.ts";
import { locationOf, writeFile } from "../warehouse.ts";
import { isJson, requireJson, type Json } from "./json.ts";
import { ask, askedBelow, operation } from "./kit.ts";
import { onlyName, pageOf } from "./namespace.ts";
import { requireAll } from "./requirement.ts";
import { fieldIdsIn, withUpdates } from "./update.ts";

export const listTables = operation("IcebergListTables", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace, ...paged }, context) {
    const { continuationToken, limit: maxTables } = pageOf(paged);
    const found = await ask("ListTables", { tableBucketARN, namespace, continuationToken, maxTables }, context);
    return {
      identifiers: (found.tables ?? []).map(({ namespace: levels = [], name = "" }) => ({ namespace: levels, name })),
      nextPageToken: found.continuationToken,
    };
  },
});

export const createTable = operation("IcebergCreateTable", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace, name, ...asked }, context) {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (stage-create is answered with 400)
    if (asked.stageCreate === true) throw requestInvalid("The stage-create option is not supported.");
    if (asked.location !== undefined) throw requestInvalid("The location of a table cannot be specified.");
    await ask("CreateTable", { tableBucketARN, namespace, name, format: "ICEBERG" }, context);
    const stored = await requireTable({ tableBucketARN, namespace, name }, context);
    return publish(stored, firstMetadata(stored, asked, context), context);
  },
});

interface Asked {
  readonly schema: unknown;
  readonly partitionSpec?: unknown;
  readonly writeOrder?: unknown;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

function firstMetadata(stored: StoredTable, asked: Asked, context: Context): Json {
  const schema: Json = { type: "struct", ...requireJson(asked.schema, "schema"), "schema-id": 0 };
  const spec: Json = { fields: [], ...(isJson(asked.partitionSpec) && asked.partitionSpec), "spec-id": 0 };
  const order: Json = { "order-id": 0, fields: [], ...(isJson(asked.writeOrder) && asked.writeOrder) };
  const partitionIds = fieldIdsOf(spec);
  return {
    "format-version": 2,
    "table-uuid": context.newId(),
    location: locationOf(stored),
    "last-sequence-number": 0,
    "last-updated-ms": context.now().getTime(),
    "last-column-id": Math.max(0, ...fieldIdsIn(schema)),
    "current-schema-id": 0,
    schemas: [schema],
    "default-spec-id": 0,
    "partition-specs": [spec],
    "last-partition-id": Math.max(LAST_PARTITION_ID, ...partitionIds),
    "default-sort-order-id": order["order-id"],
    "sort-orders": [order],
    properties: asked.properties ?? {},
    "current-snapshot-id": -1,
    refs: {},
    snapshots: [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** Ids of partition fields begin above. */
const LAST_PARTITION_ID = 999;

const fieldIdsOf = ({ fields }: Json): readonly number[] =>
  Array.isArray(fields)
    ? fields.flatMap((field: unknown) =>
        isJson(field) && typeof field["field-id"] === "number" ? [field["field-id"]] : [],
      )
    : [];

/** Writes metadata, and makes it what the table is. @throws {AwsError} */
async function publish(stored: StoredTable, metadata: Json, context: Context) {
  const version = 1 + versionOf(stored.metadataLocation);
  const body = Buffer.from(JSON.stringify(metadata), "utf8");
  if (body.byteLength > METADATA_BYTES_MAX) throw requestInvalid("The metadata of the table is too large.");
  const metadataLocation = await writeFile(stored, { key: metadataKey(version, context.newId()), body }, context);
  const { namespace, name, versionToken } = stored;
  const tableBucketARN = tableBucketArn(stored);
  await ask(
    "UpdateTableMetadataLocation",
    { tableBucketARN, namespace, name, versionToken, metadataLocation },
    context,
  );
  return { metadataLocation, metadata, config: {} };
}

/** The number in the name of a file of metadata; -1 where there is none. */
const versionOf = (location: string | undefined): number =>
  Number(/\/(\d+)-[^/]+\.metadata\.json$/.exec(location ?? "")?.[1] ?? -1);

interface IcebergName {
  readonly prefix: string;
  readonly namespace: string;
  readonly table: string;
}

const named = ({ prefix: tableBucketARN, namespace, table: name }: IcebergName) => ({
  tableBucketARN,
  namespace,
  name,
});

export const loadTable = operation("IcebergLoadTable", {
  authorize: askedBelow,

  async handle({ snapshots: _all, ...name }, context) {
    const found = await ask("GetTableMetadataLocation", named(name), context);
    if (found.metadataLocation === undefined) throw tableWithoutMetadata();
    return {
      metadataLocation: found.metadataLocation,
      metadata: await readMetadata(found.metadataLocation, context),
      config: {},
    };
  },
});

/** As the caller, who has to be let read the table's data. @throws {AwsError} */
async function readMetadata(location: string, context: Context): Promise<Json> {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const { Body } = await context.call<S3Sdk, "GetObject">({
    service: "s3",
    operation: "GetObject",
    input: { Bucket: bucket, Key: key },
  });
  const bytes = Body && (await collectAtMost(Body, METADATA_BYTES_MAX));
  if (bytes === undefined) throw requestInvalid("The metadata of the table is too large.");
  const metadata = parseExactly(Buffer.from(bytes).toString("utf8"));
  return requireJson(metadata, "metadata");
}

export const tableExists = operation("IcebergTableExists", {
  authorize: askedBelow,

  async handle(name, context) {
    await ask("GetTable", named(name), context);
    return {};
  },
});

export const updateTable = operation("IcebergUpdateTable", {
  authorize: askedBelow,

  async handle({ identifier, requirements, updates, ...name }, context) {
    if (
      identifier !== undefined &&
      (onlyName(identifier.namespace) !== name.namespace || identifier.name !== name.table)
    ) {
      throw requestInvalid("The identifier is not that of the table.");
    }
    const before = await ask("GetTableMetadataLocation", named(name), context);
    const stored = await requireTable(named(name), context);
    if (before.metadataLocation === undefined) throw commitFailed("assert-table-uuid");
    const metadata = await readMetadata(before.metadataLocation, context);
    requireAll(
      requirements.map((each) => requireJson(each, "requirement")),
      metadata,
    );
    const nowMs = context.now().getTime();
    const changed = withUpdates(
      metadata,
      updates.map((each) => requireJson(each, "update")),
      nowMs,
    );
    return publish(stored, logged(changed, metadata, before.metadataLocation), context);
  },
});

const LOGGED_MAX = 100;

function logged(changed: Json, before: Json, location: string): Json {
  const log = Array.isArray(changed["metadata-log"]) ? changed["metadata-log"] : [];
  const entry = { "metadata-file": location, "timestamp-ms": before["last-updated-ms"] };
  return { ...changed, "metadata-log": [...log, entry].slice(-LOGGED_MAX) };
}

export const dropTable = operation("IcebergDropTable", {
  authorize: askedBelow,

  async handle({ purgeRequested, ...name }, context) {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (purge=false is answered with 400)
    // Source: https://github.com/apache/iceberg-python/blob/main/pyiceberg/catalog/rest/__init__.py (purge_table writes it as Python does: True)
    if (purgeRequested?.toLowerCase() !== "true") throw purgeMissing();
    await ask("DeleteTable", named(name), context);
    return {};
  },
});

export const renameTable = operation("IcebergRenameTable", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, source, destination }, context) {
    const [namespace, newNamespaceName] = [onlyName(source.namespace), onlyName(destination.namespace)];
    const { name } = source;
    const { name: newName } = destination;
    await ask("RenameTable", { tableBucketARN, namespace, name, newNamespaceName, newName }, context);
    return {};
  },
});
