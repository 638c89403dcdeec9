/** Tables, in Iceberg's words. */
import { gunzipSync } from "node:zlib";
import { parseBounded } from "../../../../kernel/bounded-json.ts";
import { collectAtMost } from "../../../../kernel/bytes.ts";
import { parseExactly } from "../../../../kernel/json-double.ts";
import type { Context } from "../../../../service/context.ts";
import type { S3Sdk } from "../../kit.ts";
import { onTable } from "../access.ts";
import {
  commitFailed,
  metadataTooLarge,
  metadataUnreadable,
  purgeMissing,
  requestInvalid,
  tableWithoutMetadata,
} from "../errors.ts";
import { METADATA_BYTES_MAX } from "../limits.ts";
import { metadataKey } from "../iceberg/table-metadata.ts";
import { changed, putTable, requireTable, type StoredTable } from "../table-row.ts";
import { locationOf, writeFile } from "../warehouse.ts";
import { highestFieldId, requireSchema, requireSortOrder, withFieldIds } from "./field.ts";
import { requireJson, type Json } from "./json.ts";
import { ask, askedBelow, operation } from "./kit.ts";
import { onlyName, pageOf } from "./namespace.ts";
import { requireAll } from "./requirement.ts";
import { withUpdates } from "./update.ts";

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
    const written = await writeMetadata(stored, firstMetadata(stored, asked, context), context);
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (createTable takes no right to commit)
    putTable(changed({ ...stored, metadataLocation: written.metadataLocation }, context), context);
    return { ...written, config: {} };
  },
});

interface Asked {
  readonly schema: unknown;
  readonly partitionSpec?: unknown;
  readonly writeOrder?: unknown;
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

function firstMetadata(stored: StoredTable, asked: Asked, context: Context): Json {
  const schema: Json = { type: "struct", ...requireSchema(asked.schema), "schema-id": 0 };
  const given: Json = { ...requireJson(asked.partitionSpec ?? { fields: [] }, "partition-spec"), "spec-id": 0 };
  const { spec, lastId } = withFieldIds(given, LAST_PARTITION_ID);
  const order: Json = { "order-id": 0, ...requireSortOrder(asked.writeOrder ?? { fields: [] }) };
  const { "format-version": version = FORMAT_VERSION, ...properties } = asked.properties ?? {};
  if (version !== FORMAT_VERSION) throw requestInvalid(`Tables of format version ${version} are not supported.`);
  return {
    "format-version": Number(FORMAT_VERSION),
    "table-uuid": context.newId(),
    location: locationOf(stored),
    "last-sequence-number": 0,
    "last-updated-ms": context.now().getTime(),
    "last-column-id": highestFieldId(schema),
    "current-schema-id": 0,
    schemas: [schema],
    "default-spec-id": 0,
    "partition-specs": [spec],
    "last-partition-id": lastId,
    "default-sort-order-id": order["order-id"],
    "sort-orders": [order],
    properties,
    "current-snapshot-id": -1,
    refs: {},
    snapshots: [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** Ids of partition fields begin above. */
const LAST_PARTITION_ID = 999;

/** Differs: tables begin in this one; clients may upgrade them. */
const FORMAT_VERSION = "2";

interface WrittenMetadata {
  readonly metadataLocation: string;
  readonly metadata: Json;
}

/** @throws {AwsError} */
async function writeMetadata(stored: StoredTable, metadata: Json, context: Context): Promise<WrittenMetadata> {
  const version = 1 + versionOf(stored.metadataLocation);
  const body = Buffer.from(JSON.stringify(metadata), "utf8");
  if (body.byteLength > METADATA_BYTES_MAX) throw metadataTooLarge();
  const metadataLocation = await writeFile(stored, { key: metadataKey(version, context.newId()), body }, context);
  return { metadataLocation, metadata };
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
  if (bytes === undefined) throw metadataTooLarge();
  return requireJson(parseMetadata(unpacked(bytes, key)), "metadata");
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_UpdateTableMetadataLocation.html (`.metadata.json.gz`), https://github.com/apache/iceberg/blob/main/core/src/main/java/org/apache/iceberg/TableMetadataParser.java (`.gz.metadata.json`) */
const isPacked = (key: string): boolean => key.endsWith(".metadata.json.gz") || key.endsWith(".gz.metadata.json");

/** @throws {AwsError} `BadRequestException` */
function unpacked(bytes: Uint8Array, key: string): Buffer {
  if (!isPacked(key)) return Buffer.from(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: METADATA_BYTES_MAX });
  } catch {
    throw metadataUnreadable();
  }
}

/** What a client has written. @throws {AwsError} `BadRequestException` */
function parseMetadata(bytes: Buffer): unknown {
  try {
    return parseBounded(bytes.toString("utf8"), parseExactly);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw metadataUnreadable();
    throw error;
  }
}

export const tableExists = operation("IcebergTableExists", {
  authorize: askedBelow,

  async handle(name, context) {
    await ask("GetTable", named(name), context);
    return {};
  },
});

export const updateTable = operation("IcebergUpdateTable", {
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (updateTable; the rights to the table's data are asked below)
  authorize: (input, context) => onTable("UpdateTableMetadataLocation", named(input), context),

  async handle({ identifier, requirements, updates, ...name }, context) {
    if (
      identifier !== undefined &&
      (onlyName(identifier.namespace) !== name.namespace || identifier.name !== name.table)
    ) {
      throw requestInvalid("The identifier is not that of the table.");
    }
    const stored = await requireTable(named(name), context);
    const { metadataLocation: location, versionToken } = stored;
    if (location === undefined) throw commitFailed("assert-table-uuid");
    const metadata = await readMetadata(location, context);
    requireAll(
      requirements.map((each) => requireJson(each, "requirement")),
      metadata,
    );
    const nowMs = context.now().getTime();
    const next = withUpdates(
      metadata,
      updates.map((each) => requireJson(each, "update")),
      nowMs,
    );
    const written = await writeMetadata(stored, logged(next, metadata, location), context);
    const { metadataLocation } = written;
    await ask("UpdateTableMetadataLocation", { ...named(name), versionToken, metadataLocation }, context);
    return { ...written, config: {} };
  },
});

const LOGGED_MAX = 100;

function logged(next: Json, before: Json, location: string): Json {
  const log = Array.isArray(next["metadata-log"]) ? next["metadata-log"] : [];
  const entry = { "metadata-file": location, "timestamp-ms": before["last-updated-ms"] };
  return { ...next, "metadata-log": [...log, entry].slice(-LOGGED_MAX) };
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
