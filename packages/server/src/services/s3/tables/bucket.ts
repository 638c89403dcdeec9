/**
 * Table buckets: made, shown, listed and taken away.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-create.html
 */
import type { TableBucketSummary } from "@aws-sdk/client-s3tables";
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "./access.ts";
import {
  bucketArn,
  homeOf,
  MANAGED_BUCKET,
  putBucket,
  requireBucket,
  tableBuckets,
  type TableBucket,
} from "./bucket-row.ts";
import { calledByS3 } from "./managed.ts";
import { askToEncrypt, toEncryption } from "./encryption.ts";
import { bucketExists, bucketNameInvalid, bucketNotEmpty, tokenInvalid, tooManyBuckets } from "./errors.ts";
import { arn, operation } from "./kit.ts";
import { NONCURRENT_DAYS_USUAL, PAGE_ROWS_MAX, TABLE_BUCKETS_MAX, UNREFERENCED_DAYS_USUAL } from "./limits.ts";
import { toNewTags } from "./tag.ts";

export const createTableBucket = operation("CreateTableBucket", {
  authorize({ name, tags, encryptionConfiguration, storageClassConfiguration }, context) {
    const resource = arn(context, `bucket/${name}`);
    const keys = {
      ...askToEncrypt(encryptionConfiguration),
      "s3tables:StorageClass": storageClassConfiguration?.storageClass,
    };
    const create = { action: "s3tables:CreateTableBucket", resource, requestTags: tags, keys };
    return [
      create,
      ...(encryptionConfiguration ? [{ ...create, action: "s3tables:PutTableBucketEncryption" }] : []),
      ...(storageClassConfiguration ? [{ ...create, action: "s3tables:PutTableBucketStorageClass" }] : []),
      ...(tags ? [{ ...create, action: "s3tables:TagResource" }] : []),
    ];
  },

  async handle({ name, tags, encryptionConfiguration: encryption, storageClassConfiguration }, context) {
    const { tx, account, region, partition } = context;
    const type = calledByS3(context) && name === MANAGED_BUCKET ? "aws" : "customer";
    if (type === "customer") requireName(name);
    if ((await tx.get(tableBuckets, name)) !== undefined) throw bucketExists();
    const there = await tx.scan(tableBuckets, { limit: TABLE_BUCKETS_MAX + 1 });
    const own = there.filter((bucket) => bucket.type === "customer");
    if (type === "customer" && own.length >= TABLE_BUCKETS_MAX) throw tooManyBuckets();
    const bucket: TableBucket = {
      name,
      account,
      region,
      partition,
      id: context.newId(),
      type,
      createdAtMs: context.now().getTime(),
      tags: toNewTags(tags),
      storageClass: storageClassConfiguration?.storageClass ?? "STANDARD",
      fileRemoval: {
        status: "enabled",
        unreferencedDays: UNREFERENCED_DAYS_USUAL,
        nonCurrentDays: NONCURRENT_DAYS_USUAL,
      },
      held: { namespaces: 0, tables: 0 },
      ...(encryption && { encryption: toEncryption(encryption) }),
    };
    putBucket(bucket, context);
    return { arn: bucketArn(bucket) };
  },
});

const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-|aws)|(?:-s3alias|--ol-s3|--x-s3|--table-s3)$/;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html */
function requireName(name: string): void {
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name) || RESERVED.test(name)) throw bucketNameInvalid();
}

export const getTableBucket = operation("GetTableBucket", {
  authorize: ({ tableBucketARN }, context) => onBucket("GetTableBucket", tableBucketARN, context),

  async handle({ tableBucketARN }, context) {
    return formatBucket(await requireBucket(tableBucketARN, context));
  },
});

const formatBucket = (bucket: TableBucket) =>
  ({
    arn: bucketArn(bucket),
    name: bucket.name,
    ownerAccountId: bucket.account,
    createdAt: new Date(bucket.createdAtMs),
    tableBucketId: bucket.id,
    type: bucket.type,
  }) satisfies TableBucketSummary;

export const listTableBuckets = operation("ListTableBuckets", {
  authorize: () => ({ action: "s3tables:ListTableBuckets", resource: "*" }),

  async handle({ prefix = "", continuationToken: token, maxBuckets: limit = PAGE_ROWS_MAX, type }, { tx }) {
    // there are hardly more than a dozen
    const all = await tx.scan(tableBuckets, { startsWith: prefix, limit: PAGE_ROWS_MAX });
    const wanted = all.filter((bucket) => type === undefined || bucket.type === type);
    const { rows, next } = pageOf(wanted, { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid });
    return { tableBuckets: rows.map((bucket) => formatBucket(bucket)), continuationToken: next };
  },
});

export const deleteTableBucket = operation("DeleteTableBucket", {
  authorize: ({ tableBucketARN }, context) => onBucket("DeleteTableBucket", tableBucketARN, context),

  async handle({ tableBucketARN }, context: Context) {
    const bucket = await requireBucket(tableBucketARN, context);
    if (bucket.held.namespaces > 0) throw bucketNotEmpty();
    homeOf(bucket, context.tx).delete(tableBuckets, bucket.name);
    return {};
  },
});
