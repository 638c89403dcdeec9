/**
 * Where the files of tables are: each table has a bucket of its own, which no list shows and which takes the calls alone
 * that tables need.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-tables.html (warehouse location)
 */
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import type { S3Sdk } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { objects } from "../object/object.ts";
import { endVersion } from "../version/succession.ts";
import { uploads } from "../upload/row.ts";
import { endUpload } from "../upload/upload.ts";
import { tableArn, type StoredTable } from "./table-row.ts";

const SUFFIX = "--table-s3";

export const isWarehouseName = (bucket: string): boolean => bucket.endsWith(SUFFIX);

/** As AWS's own look: `63a8e430-6e0b-46f5-k833abtwr6s8tmtsycedn8s4yc3xhuse1b--table-s3`. */
export function newWarehouseName(context: Pick<Context, "newId">): string {
  const random = `${context.newId()}${context.newId()}`.replaceAll("-", "");
  return `${context.newId().slice(0, "63a8e430-6e0b-46f5".length)}-${random.slice(0, RANDOM_CHARACTERS)}${SUFFIX}`;
}

const RANDOM_CHARACTERS = 34;

export const locationOf = ({ warehouse }: Pick<StoredTable, "warehouse">): string => `s3://${warehouse}`;

/** Its bucket in S3: nobody's own, so that no list has it. */
export function openWarehouse(stored: StoredTable, { tx }: Pick<Context, "tx">): void {
  const { warehouse: name, account: owner, region, createdAtMs, encryption, bucketId, id } = stored;
  const { sseAlgorithm: algorithm, kmsKeyArn: keyId } = encryption;
  const bucket: Bucket = {
    name,
    owner,
    region,
    createdAtMs,
    tags: {},
    ...(keyId !== undefined && { encryption: { algorithm, keyId } }),
    tableFiles: { arn: tableArn(stored), bucketId, id },
  };
  tx.put(buckets, bucket);
}

const EMPTY_JOB = "empty-warehouse";

/** Has what is in it taken away, step by step. */
export function closeWarehouse({ warehouse }: StoredTable, context: Context): void {
  context.tx.delete(buckets, warehouse);
  context.at(context.now().getTime(), EMPTY_JOB, warehouse);
}

const emptyWarehouse: Job = async (context, warehouse) => {
  const files = await context.tx.scan(objects, { prefix: [warehouse], limit: PAGE_ITEMS_MAX });
  for (const file of files) await endVersion(file, context);
  const begun = await context.tx.scan(uploads, { prefix: [warehouse], limit: PAGE_ITEMS_MAX });
  for (const upload of begun) await endUpload(upload, context);
  const isMore = files.length === PAGE_ITEMS_MAX || begun.length === PAGE_ITEMS_MAX;
  if (isMore) context.at(context.now().getTime(), EMPTY_JOB, warehouse);
};

export const WAREHOUSE_JOBS = { [EMPTY_JOB]: emptyWarehouse };

interface TableFile {
  readonly key: string;
  readonly body: Uint8Array;
}

/** A service that writes, and for which resource. */
interface Writer {
  readonly service: string;
  readonly arn: Arn;
}

/**
 * Writes a file of a table, with the rights of whoever has it written: the caller where no service does of itself.
 * @throws {AwsError} `AccessDenied`
 */
export async function writeFile(
  stored: StoredTable,
  { key, body }: TableFile,
  context: Context,
  writer?: Writer,
): Promise<string> {
  const { warehouse, account, region } = stored;
  const own = writer && {
    as: { type: "service", service: writer.service } as const,
    source: { arn: writer.arn, account },
    account,
  };
  await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: { Bucket: warehouse, Key: key },
    body,
    region,
    ...own,
  });
  return `${locationOf(stored)}/${key}`;
}
