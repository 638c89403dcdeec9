/**
 * Namespaces of table buckets.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-namespace.html
 */
import type { NamespaceSummary } from "@aws-sdk/client-s3tables";
import type { AccountId } from "../../../kernel/arn.ts";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "./access.ts";
import { homeOf, putBucket, requireBucket, type TableBucket } from "./bucket-row.ts";
import {
  namespaceExists,
  namespaceNameInvalid,
  namespaceNotEmpty,
  namespaceNotFound,
  tokenInvalid,
  tooManyNamespaces,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { NAMESPACES_MAX, PAGE_ROWS_MAX } from "./limits.ts";
import { calledByS3, requireOwnHands } from "./managed.ts";
import { callerAccount, tables } from "./table-row.ts";

interface Namespace {
  readonly bucketId: string;
  readonly name: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly createdBy: AccountId;
}

const namespaces = table<Namespace>("s3tables.namespace", "region", ({ bucketId, name }) => [bucketId, name]);

export const createNamespace = operation("CreateNamespace", {
  authorize: ({ tableBucketARN, namespace: [name] }, context) =>
    onBucket("CreateNamespace", tableBucketARN, context, { keys: { "s3tables:namespace": name } }),

  async handle({ tableBucketARN, namespace: [name = ""] }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    requireOwnHands(bucket, context);
    if (!calledByS3(context)) requireName(name);
    if (await findNamespace(bucket, name, context)) throw namespaceExists();
    if (bucket.held.namespaces >= NAMESPACES_MAX) throw tooManyNamespaces();
    homeOf(bucket, context.tx).put(namespaces, {
      bucketId: bucket.id,
      name,
      id: context.newId(),
      createdAtMs: context.now().getTime(),
      createdBy: callerAccount(bucket, context),
    });
    putBucket({ ...bucket, held: { ...bucket.held, namespaces: bucket.held.namespaces + 1 } }, context);
    return { tableBucketARN, namespace: [name] };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-buckets-naming.html#naming-rules-table */
function requireName(name: string): void {
  if (!/^[a-z0-9][a-z0-9_]*$/.test(name) || name.startsWith("aws")) throw namespaceNameInvalid();
}

export const findNamespace = (bucket: TableBucket, name: string, { tx }: Context): Promise<Namespace | undefined> =>
  homeOf(bucket, tx).get(namespaces, bucket.id, name);

/** @throws {AwsError} `NotFoundException` */
export async function requireNamespace(bucket: TableBucket, name: string, context: Context): Promise<Namespace> {
  const found = await findNamespace(bucket, name, context);
  if (found === undefined) throw namespaceNotFound();
  return found;
}

export const getNamespace = operation("GetNamespace", {
  authorize: ({ tableBucketARN, namespace }, context) =>
    onBucket("GetNamespace", tableBucketARN, context, { keys: { "s3tables:namespace": namespace } }),

  async handle({ tableBucketARN, namespace }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    return formatNamespace(await requireNamespace(bucket, namespace, context), bucket);
  },
});

const formatNamespace = ({ name, id, createdAtMs, createdBy }: Namespace, bucket: TableBucket) =>
  ({
    namespace: [name],
    createdAt: new Date(createdAtMs),
    createdBy,
    ownerAccountId: bucket.account,
    namespaceId: id,
    tableBucketId: bucket.id,
  }) satisfies NamespaceSummary;

export const listNamespaces = operation("ListNamespaces", {
  authorize: ({ tableBucketARN }, context) => onBucket("ListNamespaces", tableBucketARN, context),

  async handle({ tableBucketARN, prefix, continuationToken: token, maxNamespaces: limit }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    const { rows, next } = await page(homeOf(bucket, context.tx), namespaces, {
      prefix: [bucket.id],
      startsWith: prefix,
      token,
      limit,
      max: PAGE_ROWS_MAX,
      invalidToken: tokenInvalid,
    });
    return { namespaces: rows.map((row) => formatNamespace(row, bucket)), continuationToken: next };
  },
});

export const deleteNamespace = operation("DeleteNamespace", {
  authorize: ({ tableBucketARN, namespace }, context) =>
    onBucket("DeleteNamespace", tableBucketARN, context, { keys: { "s3tables:namespace": namespace } }),

  async handle({ tableBucketARN, namespace }, context) {
    const bucket = await requireBucket(tableBucketARN, context);
    const { name } = await requireNamespace(bucket, namespace, context);
    const home = homeOf(bucket, context.tx);
    const [held] = await home.scan(tables, { prefix: [bucket.id, name], limit: 1 });
    if (held !== undefined) throw namespaceNotEmpty();
    home.delete(namespaces, bucket.id, name);
    putBucket({ ...bucket, held: { ...bucket.held, namespaces: bucket.held.namespaces - 1 } }, context);
    return {};
  },
});
