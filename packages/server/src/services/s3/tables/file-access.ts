/**
 * Who may read and write the files of a table: those whom rights to its data let.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-setting-up.html (Actions for S3 Tables)
 */
import type { Access } from "../../../service/access.ts";
import type { Context, RequestFacts } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { methodNotAllowed } from "../errors.ts";
import { overlaid } from "../overlay.ts";
import { about } from "./access.ts";
import type { TableBucket } from "./bucket-row.ts";
import { tableArn, type StoredTable } from "./table-row.ts";

/** The table that a call is about, which named the bucket of its files. */
interface OpenedTable {
  readonly table: StoredTable;
  readonly tableBucket: TableBucket;
}

interface FileFacts extends RequestFacts {
  readonly opened: OpenedTable;
}

const isOfFile = (facts: RequestFacts): facts is FileFacts => "opened" in facts;

export const contextOfFile = (opened: OpenedTable, context: Context): Context =>
  overlaid(context, { request: overlaid(context.request, { opened }) });

/** Who is told that a file is not there is who may read the table. */
const READING: ReadonlySet<string> = new Set([
  "s3:GetObject",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
]);

/**
 * The question about the table, where it is one of whose files S3 is asked.
 * @throws {AwsError} `MethodNotAllowed` where a call reaches such a file by another way than its own.
 */
export function ofTable(access: Access, { tableFiles }: Bucket, { request }: Context): Access {
  if (!isOfFile(request)) {
    if (tableFiles !== undefined) throw methodNotAllowed("GET");
    return access;
  }
  const { table, tableBucket } = request.opened;
  const action = READING.has(access.action) ? "GetTableData" : "PutTableData";
  const keys = { "s3tables:namespace": table.namespace, "s3tables:tableName": table.name };
  return about(action, { arn: tableArn(table), bucket: tableBucket, table }, { keys });
}
