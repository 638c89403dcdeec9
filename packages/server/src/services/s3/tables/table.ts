/**
 * Tables: made, shown, listed, renamed and taken away.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-tables.html
 */
import type { TableSummary } from "@aws-sdk/client-s3tables";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { filteredPage } from "../listing/filtered-page.ts";
import { newTableArn, onBucket, onTable } from "./access.ts";
import { homeOf, putBucket, requireBucket, type TableBucket } from "./bucket-row.ts";
import { askToEncrypt, toEncryption } from "./encryption.ts";
import { OWN_KEYS } from "./encryption-kind.ts";
import {
  newNamespaceNotFound,
  nothingToRename,
  tableExists,
  tableNameInvalid,
  tokenInvalid,
  tooManyTables,
  versionMismatch,
} from "./errors.ts";
import { toDefinition } from "./iceberg/definition.ts";
import { metadataKey, newTableMetadata } from "./iceberg/table-metadata.ts";
import { operation, type S3TablesSdk } from "./kit.ts";
import { SNAPSHOT_HOURS_USUAL, SNAPSHOTS_KEPT_USUAL, TABLES_MAX, TARGET_FILE_MEGABYTES_MAX } from "./limits.ts";
import { calledByS3, METADATA_SERVICE, requireOwnHands } from "./managed.ts";
import { findNamespace, requireNamespace } from "./namespace.ts";
import {
  callerAccount,
  changed,
  dropTable,
  newVersionToken,
  putTable,
  requireTable,
  tableArn,
  tables,
  type StoredTable,
} from "./table-row.ts";
import { toNewTags } from "./tag.ts";
import { closeWarehouse, locationOf, newWarehouseName, openWarehouse, writeFile } from "./warehouse.ts";

type CreateInput = InputOf<S3TablesSdk, "CreateTable">;

export const createTable = operation("CreateTable", {
  async authorize(input, context) {
    const { tableBucketARN, namespace, encryptionConfiguration, storageClassConfiguration, tags, metadata } = input;
    const keys = {
      "s3tables:namespace": namespace,
      "s3tables:tableName": input.name,
      ...askToEncrypt(encryptionConfiguration),
      "s3tables:StorageClass": storageClassConfiguration?.storageClass,
    };
    const create = await onBucket("CreateTable", tableBucketARN, context, { keys, requestTags: tags });
    const made = { ...create, resource: newTableArn(tableBucketARN) };
    return [
      create,
      ...(metadata ? [{ ...made, action: "s3tables:PutTableData" }] : []),
      ...(encryptionConfiguration ? [{ ...made, action: "s3tables:PutTableEncryption" }] : []),
      ...(storageClassConfiguration ? [{ ...made, action: "s3tables:PutTableStorageClass" }] : []),
      ...(tags ? [{ ...made, action: "s3tables:TagResource" }] : []),
    ];
  },

  async handle(input, context) {
    const { tableBucketARN, namespace, name, metadata } = input;
    const bucket = await requireBucket(tableBucketARN, context);
    requireOwnHands(bucket, context);
    const { id: namespaceId } = await requireNamespace(bucket, namespace, context);
    requireName(name);
    const home = homeOf(bucket, context.tx);
    if (await home.get(tables, bucket.id, namespace, name)) throw tableExists();
    if (bucket.held.tables >= TABLES_MAX) throw tooManyTables();
    const stored = { ...newTable(input, bucket, context), namespaceId };
    putBucket({ ...bucket, held: { ...bucket.held, tables: bucket.held.tables + 1 } }, context);
    openWarehouse(stored, context);
    putTable(stored, context);
    if (metadata?.iceberg) await writeDefinition(stored, metadata.iceberg, context);
    return { tableARN: tableArn(stored), versionToken: stored.versionToken };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html#naming-rules-table */
function requireName(name: string): void {
  if (!/^[a-z0-9][a-z0-9_]*$/.test(name)) throw tableNameInvalid();
}

function newTable(input: CreateInput, bucket: TableBucket, context: Context): Omit<StoredTable, "namespaceId"> {
  const { account, region, partition } = bucket;
  const { encryptionConfiguration: encryption, storageClassConfiguration } = input;
  const nowMs = context.now().getTime();
  const by = callerAccount(bucket, context);
  return {
    id: context.newId(),
    bucketName: bucket.name,
    bucketId: bucket.id,
    account,
    region,
    partition,
    namespace: input.namespace,
    name: input.name,
    ...(calledByS3(context) && { managedBy: METADATA_SERVICE }),
    createdAtMs: nowMs,
    createdBy: by,
    modifiedAtMs: nowMs,
    modifiedBy: by,
    versionToken: newVersionToken(context),
    warehouse: newWarehouseName(context),
    encryption: encryption ? toEncryption(encryption) : (bucket.encryption ?? OWN_KEYS),
    storageClass: storageClassConfiguration?.storageClass ?? bucket.storageClass,
    compaction: { status: "enabled", targetFileSizeMB: TARGET_FILE_MEGABYTES_MAX, strategy: "auto" },
    snapshots: {
      status: "enabled",
      minSnapshotsToKeep: SNAPSHOTS_KEPT_USUAL,
      maxSnapshotAgeHours: SNAPSHOT_HOURS_USUAL,
    },
    tags: toNewTags(input.tags),
  };
}

/** The first metadata of a table that begins with a schema. */
async function writeDefinition(
  stored: StoredTable,
  given: Parameters<typeof toDefinition>[0],
  context: Context,
): Promise<void> {
  const metadata = newTableMetadata({
    uuid: context.newId(),
    location: locationOf(stored),
    nowMs: context.now().getTime(),
    ...toDefinition(given),
  });
  const key = metadataKey(0, context.newId());
  const metadataLocation = await writeFile(stored, { key, body: Buffer.from(JSON.stringify(metadata)) }, context);
  putTable({ ...stored, metadataLocation }, context);
}

export const getTable = operation("GetTable", {
  authorize: (input, context) => onTable("GetTable", input, context),

  async handle(input, context) {
    const stored = await requireTable(input, context);
    return {
      ...formatTable(stored),
      versionToken: stored.versionToken,
      metadataLocation: stored.metadataLocation,
      warehouseLocation: locationOf(stored),
      createdBy: stored.createdBy,
      modifiedBy: stored.modifiedBy,
      ownerAccountId: stored.account,
      format: "ICEBERG" as const,
    };
  },
});

const formatTable = (stored: StoredTable) =>
  ({
    name: stored.name,
    namespace: [stored.namespace],
    type: stored.managedBy === undefined ? "customer" : "aws",
    tableARN: tableArn(stored),
    createdAt: new Date(stored.createdAtMs),
    modifiedAt: new Date(stored.modifiedAtMs),
    managedByService: stored.managedBy,
    namespaceId: stored.namespaceId,
    tableBucketId: stored.bucketId,
  }) satisfies TableSummary;

export const listTables = operation("ListTables", {
  authorize: ({ tableBucketARN, namespace }, context) =>
    onBucket("ListTables", tableBucketARN, context, { keys: { "s3tables:namespace": namespace } }),

  async handle({ tableBucketARN, namespace, prefix, continuationToken: token, maxTables: limit }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    if (namespace !== undefined) await requireNamespace(bucket, namespace, context);
    // names are ordered within their namespaces: those that begin alike are all over the bucket
    const { rows, next } = await filteredPage(homeOf(bucket, context.tx), tables, {
      prefix: namespace === undefined ? [bucket.id] : [bucket.id, namespace],
      startsWith: namespace === undefined ? undefined : prefix,
      fits: ({ name }) => prefix === undefined || name.startsWith(prefix),
      token,
      limit,
      invalidToken: tokenInvalid,
    });
    return { tables: rows.map((stored) => formatTable(stored)), continuationToken: next };
  },
});

export const renameTable = operation("RenameTable", {
  authorize: ({ newNamespaceName: _to, newName: _as, versionToken: _of, ...named }, context) =>
    onTable("RenameTable", named, context),

  async handle({ newNamespaceName, newName, versionToken, ...named }, context) {
    const stored = await requireTable(named, context);
    const bucket = await requireBucket(named.tableBucketARN, context);
    requireOwnHands({ type: stored.managedBy === undefined ? "customer" : "aws" }, context);
    if (newNamespaceName === undefined && newName === undefined) throw nothingToRename();
    requireVersion(versionToken, stored);
    const { namespace = stored.namespace, name = stored.name } = { namespace: newNamespaceName, name: newName };
    requireName(name);
    const into = await findNamespace(bucket, namespace, context);
    if (into === undefined) throw newNamespaceNotFound();
    if (await homeOf(bucket, context.tx).get(tables, bucket.id, namespace, name)) throw tableExists();
    dropTable(stored, context);
    putTable(changed({ ...stored, namespace, namespaceId: into.id, name }, context), context);
    return {};
  },
});

/** @throws {AwsError} `ConflictException` */
export function requireVersion(token: string | undefined, { versionToken }: StoredTable): void {
  if (token !== undefined && token !== versionToken) throw versionMismatch();
}

export const deleteTable = operation("DeleteTable", {
  authorize: ({ versionToken: _of, ...named }, context) => onTable("DeleteTable", named, context),

  async handle({ versionToken, ...named }, context) {
    const stored = await requireTable(named, context);
    requireVersion(versionToken, stored);
    const bucket = await requireBucket(named.tableBucketARN, context);
    dropTable(stored, context);
    closeWarehouse(stored, context);
    putBucket({ ...bucket, held: { ...bucket.held, tables: bucket.held.tables - 1 } }, context);
    return {};
  },
});
