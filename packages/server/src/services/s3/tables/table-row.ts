/** The rows of tables, and how they are found: by bucket, namespace and name, or by their ARNs. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { bucketArn, findBucket, homeOf, requirePlace, tableBuckets, type TableBucket } from "./bucket-row.ts";
import type { TableEncryption } from "./encryption-kind.ts";
import { tableNotFound, tableNotNamed } from "./errors.ts";

export interface StoredTable {
  readonly id: string;
  readonly bucketName: string;
  readonly bucketId: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly namespace: string;
  readonly namespaceId: string;
  readonly name: string;
  /** The service that manages it, `metadata.s3.amazonaws.com`; left out of its users' own. */
  readonly managedBy?: string;
  readonly createdAtMs: number;
  readonly createdBy: AccountId;
  readonly modifiedAtMs: number;
  readonly modifiedBy: AccountId;
  /** Another with each change of what it is: who commits says from which. */
  readonly versionToken: string;
  /** The name of the bucket that its files are in. */
  readonly warehouse: string;
  /** Where its newest metadata is: `s3://…`. */
  readonly metadataLocation?: string;
  readonly encryption: TableEncryption;
  readonly storageClass: TableBucket["storageClass"];
  readonly compaction: Compaction;
  readonly snapshots: SnapshotKeeping;
  readonly recordExpiration?: RecordExpiration;
  readonly tags: Tags;
  readonly policy?: PinnedPolicy;
}

export interface Compaction {
  readonly status: "enabled" | "disabled";
  readonly targetFileSizeMB: number;
  readonly strategy: "auto" | "binpack" | "sort" | "z-order";
}

export interface SnapshotKeeping {
  readonly status: "enabled" | "disabled";
  readonly minSnapshotsToKeep: number;
  readonly maxSnapshotAgeHours: number;
}

export interface RecordExpiration {
  readonly status: "enabled" | "disabled";
  readonly days?: number;
  /** What the last run has taken away that took something. */
  readonly lastRun?: {
    readonly atMs: number;
    readonly files: number;
    readonly records: number;
    readonly bytes: number;
  };
}

/** In the order of lists. */
export const tables = table<StoredTable>("s3tables.table", "region", ({ bucketId, namespace, name }) => [
  bucketId,
  namespace,
  name,
]);

interface TablePlace {
  readonly id: string;
  readonly bucketId: string;
  readonly namespace: string;
  readonly name: string;
}

/** Where the table of that id is: ids stay, names do not. */
const tablePlaces = table<TablePlace>("s3tables.table-place", "region", ({ bucketId, id }) => [bucketId, id]);

/** How operations name a table. */
export interface NamedTable {
  readonly tableBucketARN?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly tableArn?: string | undefined;
}

export const tableArn = ({ bucketName, id, ...place }: StoredTable): Arn =>
  bucketArn({ ...place, name: `${bucketName}/table/${id}` });

export const tableBucketArn = ({ bucketName: name, ...place }: StoredTable): Arn => bucketArn({ ...place, name });

/** @throws {AwsError} `BadRequestException` where it is not named at all. */
export async function findTable(named: NamedTable, context: Context): Promise<StoredTable | undefined> {
  const { tableArn: own, tableBucketARN, namespace, name } = named;
  const text = own ?? tableBucketARN;
  if (text === undefined) throw tableNotNamed();
  const bucket = await findBucket(text, context);
  if (own !== undefined) return bucket && findById(bucket, requirePlace(own).tableId ?? "", context);
  if (namespace === undefined || name === undefined) throw tableNotNamed();
  return bucket && homeOf(bucket, context.tx).get(tables, bucket.id, namespace, name);
}

export async function findById(
  bucket: Pick<TableBucket, "id" | "account" | "region">,
  id: string,
  { tx }: Pick<Context, "tx">,
): Promise<StoredTable | undefined> {
  const home = homeOf(bucket, tx);
  const place = await home.get(tablePlaces, bucket.id, id);
  return place && home.get(tables, place.bucketId, place.namespace, place.name);
}

/** The table of that ARN, wherever the call acts that looks for it. */
export async function findByArn(arn: Arn, { tx }: Pick<Context, "tx">): Promise<StoredTable | undefined> {
  const { tableId = "", ...place } = requirePlace(arn);
  const bucket = await homeOf(place, tx).get(tableBuckets, place.name);
  return bucket && findById(bucket, tableId, { tx });
}

/** @throws {AwsError} `NotFoundException` */
export async function requireTable(named: NamedTable, context: Context): Promise<StoredTable> {
  const found = await findTable(named, context);
  if (found === undefined) throw tableNotFound();
  return found;
}

export function putTable(stored: StoredTable, { tx }: Pick<Context, "tx">): void {
  const { id, bucketId, namespace, name } = stored;
  const home = homeOf(stored, tx);
  home.put(tables, stored);
  home.put(tablePlaces, { id, bucketId, namespace, name });
}

export function dropTable({ id, bucketId, namespace, name, ...place }: StoredTable, { tx }: Pick<Context, "tx">): void {
  const home = homeOf(place, tx);
  home.delete(tables, bucketId, namespace, name);
  home.delete(tablePlaces, bucketId, id);
}

/** What every change of a table brings with it. */
export function changed(stored: StoredTable, context: Context): StoredTable {
  return {
    ...stored,
    versionToken: newVersionToken(context),
    modifiedAtMs: context.now().getTime(),
    modifiedBy: callerAccount(stored, context),
  };
}

/** A service changes tables for the account that has them. */
export function callerAccount({ account }: Pick<StoredTable, "account">, { principal }: Context): AccountId {
  const caller = "account" in principal ? parseAccountId(principal.account) : undefined;
  return caller ?? account;
}

const TOKEN_CHARACTERS = 20;

export const newVersionToken = (context: Pick<Context, "newId">): string =>
  context.newId().replaceAll("-", "").slice(0, TOKEN_CHARACTERS);
