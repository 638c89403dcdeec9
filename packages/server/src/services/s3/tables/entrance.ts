/**
 * Lets calls come in that are about files of tables: those that tables need, and no others.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/developing-s3-tables-APIs.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import type { HeldOperation, Service } from "../../../service/service.ts";
import { buckets } from "../bucket/row.ts";
import { accessDenied, methodNotAllowed, noSuchBucket, notImplemented } from "../errors.ts";
import { homeOf, requirePlace, tableBuckets } from "./bucket-row.ts";
import { contextOfFile } from "./file-access.ts";
import { findById, type StoredTable } from "./table-row.ts";
import { isWarehouseName } from "./warehouse.ts";

/** The operations that there are for files of tables, and whether they change something. */
const OPERATIONS: Readonly<Record<string, "reads" | "writes">> = {
  AbortMultipartUpload: "writes",
  CompleteMultipartUpload: "writes",
  CreateMultipartUpload: "writes",
  GetObject: "reads",
  HeadObject: "reads",
  ListMultipartUploads: "reads",
  ListParts: "reads",
  PutObject: "writes",
  UploadPart: "writes",
};

/** What a file of a table cannot have, by the header that asks for it. */
const REFUSED: Readonly<Record<string, string>> = {
  Tagging: "x-amz-tagging",
  WebsiteRedirectLocation: "x-amz-website-redirect-location",
  SSECustomerAlgorithm: "x-amz-server-side-encryption-customer-algorithm",
  ObjectLockMode: "x-amz-object-lock-mode",
  ObjectLockLegalHoldStatus: "x-amz-object-lock-legal-hold",
  GrantFullControl: "x-amz-grant-full-control",
  GrantRead: "x-amz-grant-read",
  GrantReadACP: "x-amz-grant-read-acp",
  GrantWriteACP: "x-amz-grant-write-acp",
};

/** What is the same for all files of a table, and may only be asked for as it is. */
const FIXED: Readonly<Record<string, { readonly header: string; readonly value: string }>> = {
  ACL: { header: "x-amz-acl", value: "bucket-owner-full-control" },
  StorageClass: { header: "x-amz-storage-class", value: "STANDARD" },
};

/** The service, in which the buckets of tables' files are no ordinary ones. */
export function withTables(service: Service): Service {
  const operations = [...service.operations.values()].filter(({ name }) => name !== "CreateBucket");
  return {
    ...service,
    operations: new Map([...service.operations, ...operations.map((each) => [each.name, guarded(each)] as const)]),
  };
}

function guarded(operation: HeldOperation): HeldOperation {
  const { name } = operation;
  const receive = operation.receive?.bind(operation);
  return {
    ...operation,
    authorize(input, context) {
      if (!isOfTable(input)) return operation.authorize(input, context);
      return enter(input, name, context).then((inside) => operation.authorize(input, inside));
    },
    ...(receive && {
      receive(input, context) {
        return isOfTable(input)
          ? enter(input, name, context).then((inside) => receive(input, inside))
          : receive(input, context);
      },
    }),
    handle(input, context, received) {
      if (!isOfTable(input)) return operation.handle(input, context, received);
      return enter(input, name, context).then((inside) => operation.handle(input, inside, received));
    },
  };
}

interface FileInput {
  readonly Bucket: string;
}

const namesBucket = (input: unknown): input is FileInput =>
  typeof input === "object" && input !== null && "Bucket" in input && typeof input.Bucket === "string";

const namesSource = (input: object): input is { readonly CopySource: string } =>
  "CopySource" in input && typeof input.CopySource === "string";

/** Whether the call is about a file of a table, or would copy one. */
const isOfTable = (input: unknown): input is FileInput =>
  namesBucket(input) &&
  (isWarehouseName(input.Bucket) || (namesSource(input) && isWarehouseName(sourceOf(input.CopySource))));

/** The bucket in `/bucket/key`. */
const sourceOf = (source: string): string => source.replace(/^\//, "").split("/", 1)[0] ?? "";

/** @throws {AwsError} `NoSuchBucket`; `MethodNotAllowed`; `NotImplemented`; `AccessDenied` */
async function enter(input: FileInput, operation: string, context: Context): Promise<Context> {
  const use = findOwn(OPERATIONS, operation);
  if (use === undefined) throw methodNotAllowed(methodOf(operation));
  const { tableFiles } = (await context.tx.get(buckets, input.Bucket)) ?? {};
  if (tableFiles === undefined) throw noSuchBucket(input.Bucket);
  refuseHeaders(input);
  const place = requirePlace(tableFiles.arn);
  const tableBucket = await homeOf(place, context.tx).get(tableBuckets, place.name);
  const table = tableBucket && (await findById(tableBucket, tableFiles.id, context));
  if (tableBucket === undefined || table === undefined) throw noSuchBucket(input.Bucket);
  if (use === "writes") requireWriter(table, context);
  return contextOfFile({ table, tableBucket }, context);
}

const methodOf = (operation: string): string => {
  const [verb = ""] = /^[A-Z][a-z]+/.exec(operation) ?? [];
  return { Put: "PUT", Delete: "DELETE", Create: "POST", Restore: "POST", Select: "POST", Head: "HEAD" }[verb] ?? "GET";
};

function refuseHeaders(input: object): void {
  const given = Object.entries(input).find(
    ([name, value]) => findOwn(REFUSED, name) !== undefined && value !== undefined,
  );
  const [member = ""] = given ?? [];
  if (given !== undefined) throw notImplemented(findOwn(REFUSED, member) ?? member);
  const other = Object.entries(input).find(
    ([name, value]) => value !== undefined && value !== (findOwn(FIXED, name)?.value ?? value),
  );
  const [wanted = ""] = other ?? [];
  if (other !== undefined) throw notImplemented(findOwn(FIXED, wanted)?.header ?? wanted);
}

/** What a service manages nobody else writes. */
function requireWriter({ managedBy }: StoredTable, { principal }: Context): void {
  if (managedBy !== undefined && principal.type !== "service") throw accessDenied();
}
